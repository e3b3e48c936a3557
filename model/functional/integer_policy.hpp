// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace assay {

/// How integer products are summed. The default is the built-in tile's: INT32, modulo 2^32 (spec section 5), where order does not matter.
struct IntegerPolicy {
  enum class Range : uint8_t { Wrap, Saturate };
  enum class Order : uint8_t { Ascending, Descending };

  Range range = Range::Wrap;  ///< applied after every single addition, at the accumulator's width
  int accumulator_bits = 32;  ///< 2 … 48, two's complement
  Order order = Order::Ascending;
  bool operator==(const IntegerPolicy&) const = default;
};

struct IntegerResult {
  int64_t value;
  bool overflow;  ///< some sum did not fit the accumulator
  friend constexpr bool operator==(const IntegerResult&, const IntegerResult&) = default;
};

/// stored + Σ a[k]·b[k], one addition per product, each brought back into the accumulator. Operands are INT8 or UINT8 values, or any other of 16
/// bits. Throws std::invalid_argument, naming the field, for a width out of range, a stored value beyond it, or sizes that differ.
IntegerResult dot(std::span<const int16_t> a, std::span<const int16_t> b, int64_t stored = 0, const IntegerPolicy& policy = {});

/// What a rounding division by a power of two does with what is left over.
enum class Rounding : uint8_t {
  NearestEven,  ///< to nearest, ties to the even neighbour
  HalfAway,     ///< to nearest, ties away from zero
  HalfUp,       ///< to nearest, ties towards plus infinity
  Floor,        ///< down
  TowardZero
};

/// x / 2^shift, 0 ≤ shift ≤ 62, |x| < 2^62.
int64_t rounding_shift(int64_t x, int shift, Rounding rounding);

/// How an INT32 sum is scaled. The default is the built-in tile's mode `double` (spec section 5.4); {Single, HalfUp} is its mode `single`.
struct RequantPolicy {
  /// Double: x·2^max(s, 0) saturated to INT32, times m, / 2^31 by `first`, / 2^max(−s, 0) by `second`.
  /// Single: x·m / 2^(31 − s) by `first`, saturated to INT32.
  enum class Mode : uint8_t { Double, Single };

  Mode mode = Mode::Double;
  Rounding first = Rounding::HalfUp;
  Rounding second = Rounding::HalfAway;
  bool operator==(const RequantPolicy&) const = default;
};

struct RequantResult {
  int32_t value;
  bool saturated;  ///< an INT32 saturation had to act
  friend constexpr bool operator==(const RequantResult&, const RequantResult&) = default;
};

/// x·m·2^(s − 31) as the policy says. m is 0 or in [2^30, 2^31), s in [−31, 30]; throws std::invalid_argument otherwise.
RequantResult requantise(int32_t x, uint32_t multiplier, int shift, const RequantPolicy& policy = {});

/// The floating-point way: x to FP32 and the FP32 product with `scale`, both to nearest even, then an integer by `rounding`, saturated to INT32.
/// `scale` is finite and not negative; throws std::invalid_argument otherwise.
RequantResult requantise(int32_t x, float scale, Rounding rounding = Rounding::NearestEven);

}  // namespace assay
