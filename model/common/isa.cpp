// SPDX-License-Identifier: Apache-2.0
#include "model/common/isa.hpp"

namespace assay {

Isa best_isa() {
  if (__builtin_cpu_supports("x86-64-v4") != 0) return Isa::V4;
  if (__builtin_cpu_supports("x86-64-v3") != 0) return Isa::V3;
  return Isa::V2;
}

}  // namespace assay
