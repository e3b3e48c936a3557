// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "tests/oracle/number.hpp"

/// Spec section 17.5 by arithmetic that is not ours: GNU MPFR rounds to nearest once, at the format's precision and then on its
/// range (mpfr_check_range, mpfr_subnormalize), its ternary value compares the exact result with the delivered one; stochastic
/// rounding is worked out in GNU MP integers of unbounded size. Shared with neither model nor RTL but for the names of the formats.
/// Codes are in the low bits; bits above a format's width are ignored. Not thread-safe: MPFR's exponent range is changed inside.
namespace assay::oracle {

/// a·b + c, c in FP32, any two floating formats.
Rounded fma(uint32_t a, Format fa, uint32_t b, Format fb, uint32_t c);

/// x + y in FP32.
Rounded fadd(uint32_t x, uint32_t y);

/// FP32 → a floating format; `random` selects stochastic rounding.
Rounded narrow(uint32_t x, Format g, bool saturate, std::optional<uint16_t> random);

/// FP32 → int8, uint8, int32, extended to 32 bits by its sign (uint8 by zero).
Rounded to_integer(uint32_t x, Format g);

/// An integer's code → its value.
int64_t integer_value(uint32_t code, Format f);

/// Any format → FP32; a NaN becomes the canonical one, `invalid` when it signals.
Rounded widen(uint32_t code, Format f);

/// FP32 → any format as the activation unit's last stage: fp32 passes.
Rounded convert(uint32_t x, Format g, bool saturate, std::optional<uint16_t> random);

/// Any format → any other: integer to integer by clamping, everything else through FP32.
Rounded cast(uint32_t code, Format from, Format to, bool saturate, std::optional<uint16_t> random);

uint32_t relu(uint32_t x);

/// ⌊δ·2^17⌋ of the fraction that stochastic rounding of |x| into g discards on g's own grid; x finite.
uint32_t discarded(uint32_t x, Format g);

// Spec section 17.5.5 in 64-bit arithmetic modulo 2^32.
uint32_t seeded(uint32_t seed, int lane);
uint32_t step(uint32_t state);
uint16_t random_of(uint32_t state);

}  // namespace assay::oracle
