// SPDX-License-Identifier: Apache-2.0
// What may be wrong in the arithmetic of a floating-point tile: general policies of such units, one table for each kind of unit. The code of a choice is
// its place in the table plus 1.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cosim/npu/diagnosis/float_narrow.hpp"

namespace assay::npu {

/// What NaN and infinity among the operands give.
enum class Special : uint8_t { Rule, InfinityWins, ClashInfinite, VoidZero, VoidInfinite, Payload, AddendPayload, NanSign };

/// Reasons to raise `invalid`.
enum InvalidReason : uint8_t { kFirstSignals = 1, kSecondSignals = 2, kAddendSignals = 4, kVoidProduct = 8, kClash = 16, kVoidBesideNan = 32 };

/// A sum, or a fused multiply-add, other than it should be.
struct SumPolicy {
  AdderDeviation adder;
  uint8_t flushed_in = 0;  ///< subnormal operands that count as 0: 1 the first, 2 the second, 4 the addend
  bool flushed_out = false, flushed_plus = false;
  std::optional<Rounding> product;  ///< the product is rounded to FP32 first
  bool subtracted = false;
  Special special = Special::Rule;
  uint8_t not_invalid = 0;     ///< InvalidReasons that do not raise it
  bool quiet_invalid = false;  ///< any NaN raises it
  uint8_t low_ignored = 0;     ///< operands whose low mantissa bits do not enter the product: 1, 2, 3
};

/// A conversion to the output format.
struct ConvertPolicy {
  NarrowDeviation narrow;
  std::optional<bool> saturates;
  bool formats_mixed = false;     ///< e4m3 and e4m3fn
  std::optional<Format> through;  ///< rounded to this format first
  Rounding integer = Rounding::HalfEven;
  enum class NanInteger : uint8_t { Zero, Lowest, Highest, BySign } nan_integer = NanInteger::Zero;
  bool wraps = false;         ///< integers beyond their range wrap
  bool signed_limit = false;  ///< uint8 is limited as int8
  bool relu_keeps_minus = false, relu_nan_zero = false, relu_flips = false;
};

/// The second rounding of a sum for a BF16 entry.
struct EntryPolicy {
  NarrowDeviation narrow;
  bool whole = false;        ///< the entry keeps the FP32 sum
  bool flags_apart = false;  ///< but the flags of the second rounding count
  bool new_first = false;    ///< the new sum is rounded before it is added, not after
};

/// A code of an operand format, decoded.
struct DecodePolicy {
  std::optional<Format> only;  ///< the format it goes wrong in; none: any
  int subnormal_exponent = 0;  ///< added to the exponent of subnormals
  bool flushed = false;
  bool special_finite = false;  ///< NaN and infinity count as numbers
  bool largest_nan = false;     ///< the largest number counts as NaN
  std::optional<Format> as;     ///< decoded as this format
};

template <class Policy>
struct NamedPolicy {
  std::string kind, text;
  double cost;  ///< bits it takes to say which
  Policy policy;
  bool products = false;  ///< of a multiply-add only
};

const std::vector<NamedPolicy<SumPolicy>>& sum_policies();
const std::vector<NamedPolicy<ConvertPolicy>>& convert_policies();
const std::vector<NamedPolicy<EntryPolicy>>& entry_policies();
const std::vector<NamedPolicy<DecodePolicy>>& decode_policies();

/// The policy of a choice; 0: the specification.
template <class Policy>
const Policy& policy_of(const std::vector<NamedPolicy<Policy>>& table, int choice) {
  static const Policy kRule{};
  return choice > 0 && choice <= static_cast<int>(table.size()) ? table[static_cast<size_t>(choice - 1)].policy : kRule;
}

}  // namespace assay::npu
