// SPDX-License-Identifier: Apache-2.0
#include "model/activation/fp_activation_kernels.hpp"

#include "model/common/fadd.hpp"
#include "model/common/narrow.hpp"
#include "model/common/stochastic.hpp"

namespace assay {
namespace {

uint32_t bias_plain(const uint32_t* x, const uint32_t* bias, uint32_t* out, int lanes, int n) {
  uint32_t flags = 0;
  for (int c = 0; c < lanes; ++c) {
    const FloatResult sum = fadd(x[c], bias[c]);
    out[c] = sum.bits;
    if (c < n) flags |= sum.flags;
  }
  return flags;
}

uint32_t convert_plain(const Conversion& how, const uint32_t* x, uint32_t* random, uint32_t* out, int lanes, int n) {
  uint32_t flags = 0;
  for (int c = 0; c < lanes; ++c) {
    std::optional<uint16_t> chance;
    if (how.stochastic) chance = random_of(random[c]);
    const FloatResult y = convert(how.relu ? relu(x[c]) : x[c], how.format, how.saturate, chance);
    out[c] = y.bits;
    if (c >= n) continue;
    flags |= y.flags;
    if (how.stochastic) random[c] = xorshift(random[c]);
  }
  return flags;
}

constexpr FpActivationKernels kPlain{bias_plain, convert_plain};

}  // namespace

const FpActivationKernels& fp_activation_kernels(Isa) { return kPlain; }

}  // namespace assay
