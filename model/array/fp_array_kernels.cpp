// SPDX-License-Identifier: Apache-2.0
#include "model/array/fp_array_kernels.hpp"

#include <cstring>

#include "model/pe/fma.hpp"

namespace assay {
namespace {

constexpr Operand operand(uint32_t value) { return {static_cast<uint16_t>(value >> 16), static_cast<uint8_t>((value >> 13) & 7)}; }

// Bottom row first, so that a row still finds the partial sums of before this edge above it.
uint32_t step_plain(const FpRows& a) {
  uint32_t flags = 0;
  const auto bytes = static_cast<size_t>(a.cols) * sizeof(int32_t);
  for (int r = a.rows - 1; r >= 0; --r) {
    const FpRow& row = a.row[r];
    uint32_t* const act = a.act + r * a.stride;
    const uint32_t* const weight = a.weight + r * a.stride;
    for (int c = a.cols - 1; c >= 0; --c) {
      act[c] = c == 0 ? a.in[r] : act[c - 1];
      const auto x = static_cast<uint16_t>(act[c] >> 16);
      std::memcpy(row.act + 2 * c, &x, sizeof x);
    }
    for (int i = a.latency - 2; i >= 0; --i) std::memcpy(row.delay[i], i == 0 ? row.psum : row.delay[i - 1], bytes);
    const int32_t* const above = r == 0 ? a.zeros : a.latency > 1 ? a.row[r - 1].delay[a.latency - 2] : a.row[r - 1].psum;
    for (int c = 0; c < a.cols; ++c) {
      const auto bit = [&](const uint64_t* bits, ptrdiff_t words) { return ((bits[r * words + c / 64] >> (c % 64)) & 1) != 0; };
      if (!bit(a.enable, a.words)) {
        row.psum[c] = above[c];
        continue;
      }
      const FloatResult sum = fma(operand(act[c]), operand(weight[c]), static_cast<uint32_t>(above[c]));
      row.psum[c] = static_cast<int32_t>(sum.bits);
      if (bit(a.valid, a.valid_words)) flags |= sum.flags;
    }
  }
  return flags;
}

constexpr FpArrayKernels kPlain{step_plain};

}  // namespace

const FpArrayKernels& fp_array_kernels(Isa) { return kPlain; }

}  // namespace assay
