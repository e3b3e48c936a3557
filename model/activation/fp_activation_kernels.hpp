// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/common/format.hpp"
#include "model/common/isa.hpp"

namespace assay {

/// How stage 2 converts, unpacked from the control word.
struct Conversion {
  bool relu = false, saturate = false, stochastic = false;
  Format format = Format::Fp32;
};

/// The stages over all lanes. `lanes` is a multiple of 16 (arrays are padded to it); the flag set returned looks at lanes below `n` only.
struct FpActivationKernels {
  /// out = x + bias.
  uint32_t (*bias)(const uint32_t* x, const uint32_t* bias, uint32_t* out, int lanes, int n);
  /// out = the conversion of x; `random` holds the lanes' generators, of which stochastic rounding steps those of lanes below n.
  uint32_t (*convert)(const Conversion& how, const uint32_t* x, uint32_t* random, uint32_t* out, int lanes, int n);
};

/// The kernels of one level; the processor must have it.
const FpActivationKernels& fp_activation_kernels(Isa isa);

}  // namespace assay
