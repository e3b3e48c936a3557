// SPDX-License-Identifier: Apache-2.0
// The arithmetic of the integer tile (spec section 5), each with the alternatives of rules.hpp; 0 is the specification.
#pragma once

#include <cstdint>

#include "cosim/npu/diagnosis/rules.hpp"

namespace assay::npu {

/// The high bit of an operand (HighRuleChoice).
uint64_t high_bit(int choice, bool is_unsigned, uint64_t byte);
/// (sext(a) + 256·ah)·(sext(w) + 256·wh) (ProductChoice).
int64_t operand_product(int choice, uint8_t a, bool ah, uint8_t w, bool wh);
/// x + y modulo 2^32 (SumChoice), and whether it is not INT32 (OverflowChoice).
uint32_t sum32(int choice, uint32_t x, uint32_t y);
bool sum_overflows(int choice, uint32_t x, uint32_t y);

__extension__ typedef __int128 Wide;

struct Saturated {
  int64_t value;
  bool flag;
};
/// x limited to INT32 (SaturationChoice).
Saturated saturate32(int choice, Wide x);
/// x / 2^shift rounded (RoundingChoice; 0 is half up), 0 ≤ shift ≤ 62, |x| < 2^62.
int64_t divide_rounding(int choice, int64_t x, int shift);
/// y + zero between low and high (ClampChoice).
int64_t clamp_value(int choice, int64_t y, int64_t zero, int64_t low, int64_t high);

}  // namespace assay::npu
