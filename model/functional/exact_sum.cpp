// SPDX-License-Identifier: Apache-2.0
#include "model/functional/exact_sum.hpp"

#include <algorithm>
#include <bit>

namespace assay {
namespace {

struct Kept {
  uint64_t value;
  bool inexact;
};

/// x without its lowest `drop` bits, rounded; x ≥ 2^63, drop in [40, 300].
Kept round_off(uint64_t x, bool sticky, int drop, RoundTo mode) {
  if (drop > 64) return {0, true};  // x is below half of the last place
  const uint64_t half = uint64_t{1} << (drop - 1);
  const uint64_t kept = drop == 64 ? 0 : x >> drop;
  const uint64_t lost = drop == 64 ? x : x & (2 * half - 1);
  const bool above = lost > half || (lost == half && sticky);
  const bool up = mode == RoundTo::NearestEven && (above || (lost == half && (kept & 1) != 0));
  return {kept + (up ? 1 : 0), lost != 0 || sticky};
}

}  // namespace

FloatResult round_to_fp32(bool negative, uint64_t magnitude, int lowest, bool sticky, RoundTo mode, int mantissa_bits) {
  const uint32_t sign = negative ? 0x80000000u : 0;
  const int zeros = std::countl_zero(magnitude);
  const uint64_t x = magnitude << zeros;
  const int exponent = 63 - zeros + lowest;        // of the leading one
  const int drop = 63 - mantissa_bits;             // keeps 1 + mantissa_bits of the 64
  const int below = std::max(0, -126 - exponent);  // binades below the smallest normal number
  const Kept kept = round_off(x, sticky, std::min(drop + below, 65), mode);
  const int base = std::clamp(exponent, -126, 128) + 126;  // 0 … 254
  // at most 254·2^23 + 2^24: 32 bits; the carry of the rounding goes into the exponent by itself
  const uint32_t bits = (static_cast<uint32_t>(base) << 23) + (static_cast<uint32_t>(kept.value) << (23 - mantissa_bits));
  if (bits >= 0x7F800000u) return {sign | 0x7F800000u, kOverflow | kInexact};
  // tiny after rounding with unbounded exponent: only from the binade just below can the carry reach 2^-126
  const bool carried = exponent == -127 && round_off(x, sticky, drop, mode).value >> (mantissa_bits + 1) != 0;
  const bool tiny = exponent < -126 && !carried;
  const auto flags = static_cast<uint8_t>((kept.inexact ? kInexact : 0) | (kept.inexact && tiny ? kUnderflow : 0));
  return {sign | bits, flags};
}

void ExactSum::add(const Addend<int32_t>& addend) {
  // value = significand · 2^(exponent − 150): bit 0 stands at exponent + 146, in [0, 528]
  const int at = addend.exponent + 146;
  if (addend.significand == 0) return;
  const auto word = static_cast<size_t>(at / 64);
  const int shift = at % 64;
  const auto significand = static_cast<uint64_t>(addend.significand);
  const uint64_t low = significand << shift;
  const uint64_t high = shift > 40 ? significand >> (64 - shift) : 0;  // 24 bits reach into the next word from 41 on
  // Adds the number, or its two's complement: every bit inverted, and one more at the bottom.
  const uint64_t invert = addend.sign != 0 ? ~uint64_t{0} : 0;
  unsigned carry = addend.sign != 0;
  for (size_t i = word; i < kWords; ++i) {
    const uint64_t piece = (i == word ? low : i == word + 1 ? high : 0) ^ invert;
    const uint64_t sum = words_[i] + piece;
    const uint64_t total = sum + carry;
    carry = static_cast<unsigned>(sum < piece) | static_cast<unsigned>(total < sum);
    words_[i] = total;
  }
}

FloatResult ExactSum::rounded() const {
  const bool negative = words_.back() >> 63 != 0;
  std::array<uint64_t, kWords> magnitude = words_;
  if (negative) {
    unsigned carry = 1;
    for (uint64_t& word : magnitude) {
      word = ~word + carry;
      carry = carry != 0 && word == 0;
    }
  }
  size_t top = kWords - 1;
  while (top > 0 && magnitude[top] == 0) --top;
  if (magnitude[top] == 0) return {0, 0};
  const int zeros = std::countl_zero(magnitude[top]);
  uint64_t leading = magnitude[top] << zeros;
  int lowest = kLowest + 64 * static_cast<int>(top) - zeros;
  bool sticky = false;
  if (top > 0) {
    if (zeros > 0) leading |= magnitude[top - 1] >> (64 - zeros);
    sticky = magnitude[top - 1] << zeros != 0;
    for (size_t i = 0; i + 1 < top; ++i) sticky = sticky || magnitude[i] != 0;
  }
  return round_to_fp32(negative, leading, lowest, sticky);
}

}  // namespace assay
