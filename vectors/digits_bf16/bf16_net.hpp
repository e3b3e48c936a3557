// SPDX-License-Identifier: Apache-2.0
// An exact reference of one fully connected BF16 layer, in integers: every product and sum as a whole number of some power of two, rounded once.
// Written from docs/spec.md section 17 and from nothing else of the project, so that the vector is a second opinion. Finite numbers only.
#pragma once

#include <bit>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace assay::vectors {

__extension__ typedef __int128 Int128;

/// sign · magnitude · 2^exponent. A zero keeps its sign.
struct Exact {
  bool negative = false;
  Int128 magnitude = 0;
  int exponent = 0;
};

/// FP32 bits, also those of a BF16 number in the upper half.
inline Exact exact_of(uint32_t bits) {
  const int field = static_cast<int>(bits >> 23 & 255);
  const uint32_t mantissa = bits & 0x7FFFFFu;
  if (field == 255) throw std::runtime_error("bf16_net: not a finite number");
  return {bits >> 31 != 0, field == 0 ? mantissa : mantissa | 0x800000u, field == 0 ? -149 : field - 150};
}

/// Magnitudes here have at most 24 and 16 significant bits; the products of 24-bit fields have 48, of which the lower 32 are 0: they are shifted out.
inline Exact times(Exact a, Exact b) {
  Int128 magnitude = a.magnitude * b.magnitude;
  int exponent = a.exponent + b.exponent;
  for (; magnitude != 0 && magnitude % 2 == 0; magnitude /= 2) ++exponent;
  return {a.negative != b.negative, magnitude, exponent};
}

/// The sum, exact but for a summand more than 2^100 times smaller: it becomes one unit, far below what rounding looks at but not nothing.
inline Exact plus(Exact x, Exact y) {
  if (x.magnitude == 0 && y.magnitude == 0) return {x.negative && y.negative, 0, 0};
  if (x.magnitude == 0) return y;
  if (y.magnitude == 0) return x;
  if (x.exponent < y.exponent) std::swap(x, y);
  constexpr int kMost = 100;  // 24 bits moved up by 100: 124 of 127
  const int up = x.exponent - y.exponent;
  x.magnitude <<= up < kMost ? up : kMost;
  x.exponent -= up < kMost ? up : kMost;
  if (up > kMost) y = {y.negative, 1, x.exponent};
  const Int128 sum = (x.negative ? -x.magnitude : x.magnitude) + (y.negative ? -y.magnitude : y.magnitude);
  return {sum < 0, sum < 0 ? -sum : sum, x.exponent};
}

/// To nearest even on the grid of FP32; subnormals stay.
inline uint32_t to_fp32(const Exact& x) {
  const uint32_t sign = x.negative ? 0x80000000u : 0;
  if (x.magnitude == 0) return sign;
  int length = 0;
  while (length < 127 && x.magnitude >> length != 0) ++length;
  const int lowest = std::max(x.exponent + length - 24, -149), shift = lowest - x.exponent;  // the exponent of the last kept bit
  Int128 kept = x.magnitude;
  if (shift <= 0) {
    kept <<= -shift;
  } else if (shift > 125) {
    kept = 0;
  } else {
    kept >>= shift;
    const Int128 rest = x.magnitude - (kept << shift), half = Int128{1} << (shift - 1);
    if (rest > half || (rest == half && kept % 2 != 0)) ++kept;
  }
  // With its leading 1 the significand adds one to the exponent field, a carry another one, and a subnormal none.
  const uint32_t bits = (static_cast<uint32_t>(lowest + 149) << 23) + static_cast<uint32_t>(kept);
  if (bits >= 0x7F800000u) throw std::runtime_error("bf16_net: overflow");
  return sign | bits;
}

/// FP32 to BF16, nearest even: the lower half decides.
inline uint16_t to_bf16(uint32_t bits) { return static_cast<uint16_t>((bits + 0x7FFFu + (bits >> 16 & 1)) >> 16); }

/// [M, K] × [K, N] of BF16 codes, FP32 bias per column, then BF16 with relu or FP32 without.
struct Bf16Layer {
  size_t inputs = 0, outputs = 0;
  std::vector<uint16_t> weights;  ///< [K][N]
  std::vector<uint32_t> bias;     ///< [N] FP32 bits
};

/// Accumulators plus bias as FP32 bits: K tiles of `rows` terms, each summed from +0 upwards, then added to what stands there, all in this order.
inline std::vector<uint32_t> run_layer(const Bf16Layer& l, const std::vector<uint16_t>& in, size_t rows) {
  std::vector<uint32_t> out(in.size() / l.inputs * l.outputs);
  for (size_t i = 0; i < out.size(); ++i) {
    const uint16_t* a = &in[i / l.outputs * l.inputs];
    const size_t n = i % l.outputs;
    uint32_t entry = 0x80000000u;  // −0: the first tile overwrites
    for (size_t k0 = 0; k0 < l.inputs; k0 += rows) {
      uint32_t sum = 0;
      for (size_t k = k0; k < k0 + rows && k < l.inputs; ++k)
        sum = to_fp32(plus(times(exact_of(uint32_t{a[k]} << 16), exact_of(uint32_t{l.weights[k * l.outputs + n]} << 16)), exact_of(sum)));
      entry = to_fp32(plus(exact_of(entry), exact_of(sum)));
    }
    out[i] = to_fp32(plus(exact_of(entry), exact_of(l.bias[n])));
  }
  return out;
}

inline std::vector<uint16_t> relu_to_bf16(const std::vector<uint32_t>& in) {
  std::vector<uint16_t> out;
  for (const uint32_t x : in) out.push_back(x >> 31 != 0 ? uint16_t{0} : to_bf16(x));
  return out;
}

}  // namespace assay::vectors
