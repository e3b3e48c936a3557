// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace assay {

/// Bad input of any kind: `what()` is `file:line: key: what is wrong, what was expected`. The command exits with 2.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One hardware variant: the parameters of docs/spec.md section 2, under their YAML names.
struct HwConfig {
  std::string name;
  int rows = 0;                   ///< R, the K dimension, 1 … 128
  int cols = 0;                   ///< C, the N dimension, 1 … 128
  int acc_banks = 0;              ///< B: 2, 4, 8 or 16
  int acc_depth = 0;              ///< D, entries per bank and column: power of two, 4 … 4096
  int command_fifo_depth = 0;     ///< 2 … 64
  int weight_fifo_depth = 0;      ///< rows of weights, max(2, R) … 512
  int activation_fifo_depth = 0;  ///< beats, 2 … 64
  int queue_depth = 0;            ///< 2 … 16
  int output_fifo_depth = 0;      ///< beats, 8 … 64
  int response_fifo_depth = 0;    ///< 2 … 64

  int entries() const { return acc_banks * acc_depth; }  ///< E, accumulator entries of one column
  int tag_stages() const { return rows + cols + 2; }     ///< T
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
