// SPDX-License-Identifier: Apache-2.0
// The arithmetic of the floating-point tile (spec section 17.5), each with the alternatives of rules.hpp; 0 is the specification.
#pragma once

#include <cstdint>

#include "cosim/npu/diagnosis/float_adder.hpp"
#include "cosim/npu/diagnosis/rules.hpp"

namespace assay::npu {

/// Operand form: x 16 bits, low 3.
struct FloatOperand {
  uint64_t x, low;
};
/// Of a code in an operand format; a code that is none of them gives what its low 16 bits are as BF16 (decode_policies).
FloatOperand float_operand(int choice, uint64_t code, int format);
/// a·w + c and x + y, FP32 (sum_policies).
FloatSum float_fma(int choice, FloatOperand a, FloatOperand w, uint32_t c);
FloatSum float_add(int choice, uint32_t x, uint32_t y);
/// The accumulators' sum, rounded again for a BF16 entry (sum_policies, entry_policies).
FloatSum float_entry_sum(int choice, int narrowing, uint32_t old_sum, uint32_t new_sum, bool bf16);
/// FP32 to a format (convert_policies); `random` are the 16 bits of a stochastic rounding, or -1.
FloatSum float_convert(int choice, uint32_t x, int format, bool relu, bool saturate, int random);
/// The state that LOAD_SEED gives a lane (SeedChoice).
uint32_t seed_of(int choice, uint32_t seed, int lane);
/// The flags that count (FlagsChoice).
uint64_t flags_kept(int choice, uint64_t flags);

}  // namespace assay::npu
