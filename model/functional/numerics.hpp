// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

// The integer arithmetic of spec section 5, written from the text alone: the cycle model has its own version, so that a slip
// in one of them shows as a difference.
namespace assay::functional {

/// Sticky flags in the order of `flags_o` (spec section 13).
struct Flags {
  bool acc_overflow = false, acc_undefined = false, act_overflow = false, act_undefined = false, act_saturated = false;
  uint32_t bits() const;
  bool operator==(const Flags&) const = default;
};

/// Per column parameters of the activation unit.
struct ColumnParams {
  int32_t bias = 0;
  uint32_t multiplier = 0;  ///< 0 or [2^30, 2^31)
  int shift = 0;            ///< −31 … 30
  bool operator==(const ColumnParams&) const = default;
};

/// How an accumulator value becomes an output lane.
struct OutputMode {
  bool raw = false, single = false, table = false, output_unsigned = false;
  int zero_point = 0, clamp_lo = -128, clamp_hi = 127;
};

/// The 256-entry table with one written bit per line of eight entries.
struct Table {
  std::array<uint8_t, 256> entries{};
  std::array<bool, 32> written{};
};

/// a + b modulo 2^32; sets `overflow` when the exact sum is not INT32, never clears it.
int32_t wrap_add(int32_t a, int32_t b, bool& overflow);

/// Mode `double` of spec section 5.4.
int32_t requantise_double(int32_t x, uint32_t multiplier, int shift, bool& saturated);

/// Mode `single` of spec section 5.4.
int32_t requantise_single(int32_t x, uint32_t multiplier, int shift, bool& saturated);

/// One lane from accumulator value to output word (spec sections 5.3 … 5.7), raising the flags on its way.
int32_t output_lane(int32_t acc, const ColumnParams& params, const OutputMode& mode, const Table& table, Flags& flags);

}  // namespace assay::functional
