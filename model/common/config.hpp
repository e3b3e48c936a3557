// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "model/common/format.hpp"

namespace assay {

/// Bad input of any kind: `what()` is `file:line: key: what is wrong, what was expected`. The command exits with 2.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One hardware variant: the parameters of docs/spec.md section 2, under their YAML names.
struct HwConfig {
  std::string name;
  int rows = 0;                        ///< R, the K dimension, 1 … 128
  int cols = 0;                        ///< C, the N dimension, 1 … 128
  int acc_banks = 0;                   ///< B: 2, 4, 8 or 16
  int acc_depth = 0;                   ///< D, entries per bank and column: power of two, 4 … 4096
  int command_fifo_depth = 0;          ///< 2 … 64
  int weight_fifo_depth = 0;           ///< rows of weights, max(2, R) … 512
  int activation_fifo_depth = 0;       ///< beats, 2 … 64
  int queue_depth = 0;                 ///< 2 … 16
  int output_fifo_depth = 0;           ///< beats, 8 … 64
  int response_fifo_depth = 0;         ///< 2 … 64
  uint16_t formats = kIntegerFormats;  ///< operand formats, bit i is the format of code i (spec section 17.2)
  int pe_latency = 1;                  ///< L, cycles from PE to PE of a column, 1 … 8; the integer tile: 1

  int entries() const { return acc_banks * acc_depth; }                              ///< E, accumulator entries of one column
  int tag_stages() const { return rows * pe_latency + cols + 2; }                    ///< T
  bool floating() const { return formats != kIntegerFormats; }                       ///< a floating-point tile (spec section 17)
  bool has(Format f) const { return (formats & format_mask(f)) != 0; }               ///< whether operands may have this format
  bool has_low() const { return has(Format::Fp16); }                                 ///< HasLow: operands hold three more mantissa bits
  int lane_bits() const { return has(Format::Bf16) || has(Format::Fp16) ? 16 : 8; }  ///< W, of the weight and activation streams
  int lane_bytes() const { return lane_bits() / 8; }
  int flag_bits() const { return floating() ? 13 : 5; }                    ///< width of flags_o
  int row_wait() const { return pe_latency == 1 ? 0 : pe_latency; }        ///< Q (spec section 17.2)
  int switch_age_limit() const { return cols + (rows - 1) * row_wait(); }  ///< A
  bool operator==(const HwConfig&) const = default;
};

/// Bits that count 0 … n−1, at least 1 (spec section 1).
constexpr int clog2(int n) {
  int bits = 1;
  while ((int64_t{1} << bits) < n) ++bits;
  return bits;
}

/// Throws InputError (with `where` as its prefix) when a value is outside the legal range of spec section 2.
void check_config(const HwConfig& config, const std::string& where);

/// Reads `schema: assay/config/1`. Missing, unknown and out-of-range keys throw InputError with file, line and key.
HwConfig load_config(const std::filesystem::path& file);

/// 64-bit hash over every parameter (not the name), as 16 hex digits: equal hashes mean equal hardware.
std::string config_hash(const HwConfig& config);

}  // namespace assay
