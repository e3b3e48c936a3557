// SPDX-License-Identifier: Apache-2.0
#include "model/activation/fp_activation_kernels.hpp"

#include <algorithm>

#include "model/common/fadd.hpp"
#include "model/common/host_lanes.hpp"
#include "model/common/narrow.hpp"
#include "model/common/stochastic.hpp"

// g++ 12 reports its own intrinsics header: the "undefined" vector that fills masked-out lanes (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace assay {
namespace {

constexpr int kBlock = 16;

namespace v2 {
#define ASSAY_LEVEL 2
#define ASSAY_TARGET __attribute__((target("arch=x86-64-v2")))
#include "model/activation/fp_activation_kernels.inc"
}  // namespace v2
namespace v3 {
#define ASSAY_LEVEL 3
#define ASSAY_TARGET __attribute__((target("arch=x86-64-v3")))
#include "model/activation/fp_activation_kernels.inc"
}  // namespace v3
namespace v4 {
#define ASSAY_LEVEL 4
#define ASSAY_TARGET __attribute__((target("arch=x86-64-v4")))
#include "model/activation/fp_activation_kernels.inc"
}  // namespace v4

}  // namespace

const FpActivationKernels& fp_activation_kernels(Isa isa) {
  return counts_flags(isa) == Isa::V4 ? v4::kKernels : counts_flags(isa) == Isa::V3 ? v3::kKernels : v2::kKernels;
}

}  // namespace assay
