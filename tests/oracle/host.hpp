// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cfenv>
#include <cmath>
#include <cstdint>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "tests/oracle/stimulus.hpp"

/// The machine's own IEEE 754 arithmetic as a second oracle, fast enough for 10^8 operations.
namespace assay::oracle::host {

/// Sticky flags of the floating-point unit as the flag set of the specification. On x86 the SSE control word is read and written
/// directly: fetestexcept also stores the x87 state, which costs more than the operation.
inline void clear_flags() {
#if defined(__SSE2__)
  _mm_setcsr(_mm_getcsr() & ~0x3Fu);
#else
  std::feclearexcept(FE_ALL_EXCEPT);
#endif
}

inline uint8_t read_flags() {
#if defined(__SSE2__)
  const unsigned raised = _mm_getcsr();  // bits: invalid 0, overflow 3, underflow 4, inexact 5
  return static_cast<uint8_t>(((raised & 1) != 0 ? kInvalid : 0) | ((raised & 8) != 0 ? kOverflow : 0) | ((raised & 16) != 0 ? kUnderflow : 0) |
                              ((raised & 32) != 0 ? kInexact : 0));
#else
  const int raised = std::fetestexcept(FE_ALL_EXCEPT);
  return static_cast<uint8_t>(((raised & FE_INVALID) != 0 ? kInvalid : 0) | ((raised & FE_OVERFLOW) != 0 ? kOverflow : 0) |
                              ((raised & FE_UNDERFLOW) != 0 ? kUnderflow : 0) | ((raised & FE_INEXACT) != 0 ? kInexact : 0));
#endif
}

/// std::fma of bit patterns and the flags it raises. The barriers keep the compiler from moving or folding the operation.
inline Rounded raw_fma(uint32_t a, uint32_t b, uint32_t c) {
  float x = std::bit_cast<float>(a), y = std::bit_cast<float>(b), z = std::bit_cast<float>(c);
  clear_flags();
  asm volatile("" : "+m"(x), "+m"(y), "+m"(z)::"memory");
  float result = std::fma(x, y, z);
  asm volatile("" : "+m"(result)::"memory");
  return {std::bit_cast<uint32_t>(result), read_flags()};
}

/// True when the machine finds tininess after rounding, as the specification does (x86, RISC-V; not ARM): 2^−126 − 2^−152 rounds to
/// 2^−126 with 24 bits and is then not tiny.
inline bool tiny_after_rounding() {
  return (raw_fma(std::bit_cast<uint32_t>(0x1p-100f), std::bit_cast<uint32_t>(-0x1p-52f), std::bit_cast<uint32_t>(0x1p-126f)).flags & kUnderflow) == 0;
}

constexpr bool is_nan(uint32_t x) { return (x & 0x7FFFFFFFu) > 0x7F800000u; }

/// What IEEE 754 leaves open, settled by the specification: the NaN delivered, and invalid for infinity · zero + quiet NaN.
inline Rounded settled(Rounded r, uint32_t a, uint32_t b) {
  const uint32_t x = a & 0x7FFFFFFFu, y = b & 0x7FFFFFFFu;
  if ((x == 0x7F800000u && y == 0) || (x == 0 && y == 0x7F800000u)) r.flags |= kInvalid;
  if (is_nan(r.bits)) r.bits = 0x7FC00000u;
  return r;
}

/// a·b + c of FP32 bit patterns by the machine, as spec 17.5.1 has it; the underflow flag only if tiny_after_rounding().
inline Rounded fma(uint32_t a, uint32_t b, uint32_t c) { return settled(raw_fma(a, b, c), a, b); }

/// The FP32 pattern of an operand code, NaN payload kept, so that a signalling NaN signals to the machine.
inline uint32_t fp32_of(uint32_t code, Format f) {
  const Number n = decode(code, f);
  const Layout l = layout(f);
  if (!n.nan()) {
    if (n.kind == Kind::Infinity) return (n.negative ? 0x80000000u : 0u) | 0x7F800000u;
    return std::bit_cast<uint32_t>(values_of(f)[code]);
  }
  const uint32_t payload = (code & ((1u << l.mantissa_bits) - 1)) << (23 - l.mantissa_bits);
  return (n.negative ? 0x80000000u : 0u) | 0x7F800000u | payload;
}

/// fp32_of for every code, once.
inline const std::vector<uint32_t>& fp32_table(Format f) {
  static const auto tables = [] {
    std::array<std::vector<uint32_t>, kFormats> all;
    for (const Format each : kOperandFormats)
      for (uint32_t code = 0; code < codes(each); ++code) all[static_cast<size_t>(each)].push_back(fp32_of(code, each));
    return all;
  }();
  return tables[static_cast<size_t>(f)];
}

inline Rounded fma(const MacCase& c) { return fma(fp32_table(c.fa)[c.a], fp32_table(c.fb)[c.b], c.c); }

}  // namespace assay::oracle::host
