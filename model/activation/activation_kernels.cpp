// SPDX-License-Identifier: Apache-2.0
#include "model/activation/activation_kernels.hpp"

#include "model/activation/requantise.hpp"

namespace assay {
namespace {

constexpr int kBlock = 16;

namespace v2 {
#define ASSAY_TARGET __attribute__((target("arch=x86-64-v2")))
#include "model/activation/activation_kernels.inc"
}  // namespace v2
namespace v3 {
#define ASSAY_TARGET __attribute__((target("arch=x86-64-v3")))
#include "model/activation/activation_kernels.inc"
}  // namespace v3
namespace v4 {
#define ASSAY_TARGET __attribute__((target("arch=x86-64-v4")))
#include "model/activation/activation_kernels.inc"
}  // namespace v4

}  // namespace

const ActivationKernels& activation_kernels(Isa isa) { return isa == Isa::V4 ? v4::kKernels : isa == Isa::V3 ? v3::kKernels : v2::kKernels; }

}  // namespace assay
