// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace assay {

/// The instruction set that the hot kernels use. All give identical bits (tested); only the speed differs.
enum class Isa : uint8_t { V2, V3, V4 };  ///< x86-64-v2, -v3, -v4

/// The highest level this processor has.
Isa best_isa();

/// What a caller gets who asks for `wanted` on a processor that has `best`.
constexpr Isa usable_isa(Isa wanted, Isa best) { return wanted < best ? wanted : best; }

}  // namespace assay
