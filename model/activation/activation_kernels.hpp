// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/common/isa.hpp"

namespace assay {

/// The activation stages over all lanes. `lanes` is a multiple of 16 (arrays are padded to it); flags look at lanes below `n` only.
struct ActivationKernels {
  bool (*bias)(const int32_t* x, const int32_t* bias, int32_t* out, int lanes, int n);
  bool (*multiply_double)(const int32_t* x, const uint32_t* multiplier, const int32_t* shift, int64_t* out, int lanes, int n);
  void (*multiply_single)(const int32_t* x, const uint32_t* multiplier, int64_t* out, int lanes);
  void (*scale_double)(const int64_t* product, const int32_t* shift, int32_t* out, int lanes);
  bool (*scale_single)(const int64_t* product, const int32_t* shift, int32_t* out, int lanes, int n);
  bool (*clamp)(const int32_t* y, int zero_point, int lo, int hi, bool is_unsigned, int32_t* out, int lanes, int n);
};

/// The kernels of one level; the processor must have it.
const ActivationKernels& activation_kernels(Isa isa);

}  // namespace assay
