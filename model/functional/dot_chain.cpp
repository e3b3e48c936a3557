// SPDX-License-Identifier: Apache-2.0
#include "model/functional/dot_chain.hpp"

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "model/common/product.hpp"

namespace assay {
namespace {

constexpr size_t kBlock = 256;

/// FP32 bits of all codes of an 8-bit format.
struct Fp8Table {
  std::array<uint32_t, 256> fp32{};
  constexpr explicit Fp8Table(Format f) {
    for (uint32_t code = 0; code < 256; ++code) fp32[code] = widen(code, f).bits;
  }
};
constexpr Fp8Table kE5m2(Format::E5m2), kE4m3(Format::E4m3), kE4m3fn(Format::E4m3fn);
constexpr const Fp8Table& fp8_table(Format f) { return f == Format::E5m2 ? kE5m2 : f == Format::E4m3 ? kE4m3 : kE4m3fn; }

/// One block of operands as floats. True when all are finite.
using Block = std::array<float, kBlock>;

template <class Element>
bool load_fp8(const Element* codes, size_t n, const Fp8Table& table, Block& out) {
  uint32_t largest = 0;
  for (size_t i = 0; i < n; ++i) {
    const uint32_t bits = table.fp32[codes[i] & 0xFFu];
    largest = std::max(largest, bits & 0x7FFFFFFF);
    out[i] = std::bit_cast<float>(bits);
  }
  return largest < 0x7F800000;
}

bool load_bf16(const uint16_t* codes, size_t n, Block& out) {
  uint32_t largest = 0;
  for (size_t i = 0; i < n; ++i) {
    const uint32_t bits = static_cast<uint32_t>(codes[i]) << 16;
    largest = std::max(largest, bits & 0x7FFFFFFF);
    out[i] = std::bit_cast<float>(bits);
  }
  return largest < 0x7F800000;
}

__attribute__((target("arch=x86-64-v3"))) bool load_fp16(const uint16_t* codes, size_t n, Block& out) {
  uint32_t largest = 0;
  for (size_t i = 0; i < n; ++i) largest = std::max(largest, uint32_t{codes[i]} & 0x7FFF);
  if (largest >= 0x7C00) return false;  // before the processor sees a signalling NaN
  size_t i = 0;
  for (; i + 8 <= n; i += 8) _mm256_storeu_ps(&out[i], _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(codes + i))));
  for (; i < n; ++i) out[i] = _mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtsi32_si128(codes[i])));
  return true;
}

bool load_block(const CodeSpan& codes, Block& out) {
  const size_t n = codes.size();
  const auto* wide = static_cast<const uint16_t*>(codes.data());
  if (codes.element_bytes() == 1) return load_fp8(static_cast<const uint8_t*>(codes.data()), n, fp8_table(codes.format()), out);
  if (codes.format() == Format::Bf16) return load_bf16(wide, n, out);
  if (codes.format() == Format::Fp16) return load_fp16(wide, n, out);
  return load_fp8(wide, n, fp8_table(codes.format()), out);
}

/// The chain over finite operands. Not inlined, and not free of effects as the compiler sees it: so the sums stay where the control word is ours.
__attribute__((target("arch=x86-64-v3"), noinline)) uint32_t run_block(const float* a, const float* b, ptrdiff_t n, ptrdiff_t step, uint32_t start) {
  float sum = std::bit_cast<float>(start);
  asm volatile("" : "+x"(sum)::"memory");
  for (ptrdiff_t i = 0; i < n; ++i, a += step, b += step) sum = __builtin_fmaf(*a, *b, sum);
  asm volatile("" : "+x"(sum)::"memory");
  return std::bit_cast<uint32_t>(sum);
}

}  // namespace

CodeSpan CodeSpan::subspan(size_t from, size_t count) const {
  CodeSpan part = *this;
  part.data_ = static_cast<const uint8_t*>(data_) + from * bytes_;
  part.size_ = count;
  return part;
}

FloatResult chain_by_integers(const CodeSpan& a, const CodeSpan& b, uint32_t start, bool descending) {
  const FloatLayout la = float_layout(a.format()), lb = float_layout(b.format());
  FloatWord<int32_t> sum{static_cast<int32_t>(start), 0};
  int32_t flags = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const size_t k = descending ? a.size() - 1 - i : i;
    const auto x = unpack_operand(operand_form_word(static_cast<int32_t>(a[k]), la));
    const auto y = unpack_operand(operand_form_word(static_cast<int32_t>(b[k]), lb));
    sum = add_addends(exact_product(x, y), unpack_fp32(sum.bits));
    flags |= sum.flags;
  }
  return {static_cast<uint32_t>(sum.bits), static_cast<uint8_t>(flags)};
}

ProcessorChain::ProcessorChain() : before_(_mm_getcsr()) {
  constexpr unsigned kClear = 0x1F80;
  _mm_setcsr(kClear);
}

ProcessorChain::~ProcessorChain() { _mm_setcsr(before_); }

uint8_t ProcessorChain::flags() const {
  const unsigned csr = _mm_getcsr();  // invalid 0, overflow 3, underflow 4, inexact 5
  return static_cast<uint8_t>(integer_flags_ | ((csr >> 5) & 1) | ((csr >> 3) & 2) | ((csr >> 1) & 4) | ((csr & 1) << 3));
}

// Where an operand is infinite or NaN, and for a NaN to start from, integers decide: processors differ in payloads, and in whether
// inf·0 + NaN is invalid. Finite operands give no NaN, and a canonical one passes unchanged.
uint32_t ProcessorChain::run(const CodeSpan& a, const CodeSpan& b, uint32_t start, bool descending) {
  Block left, right;
  uint32_t sum = start;
  for (size_t done = 0; done < a.size();) {
    const size_t n = std::min(kBlock, a.size() - done), from = descending ? a.size() - done - n : done;
    const CodeSpan as = a.subspan(from, n), bs = b.subspan(from, n);
    const bool nan = (sum & 0x7FFFFFFF) > 0x7F800000;
    if (!nan && load_block(as, left) && load_block(bs, right)) {
      const auto count = static_cast<ptrdiff_t>(n), first = descending ? count - 1 : 0;
      sum = run_block(&left[0] + first, &right[0] + first, count, descending ? -1 : 1, sum);
    } else {
      const FloatResult result = chain_by_integers(as, bs, sum, descending);
      sum = result.bits, integer_flags_ = static_cast<uint8_t>(integer_flags_ | result.flags);
    }
    done += n;
  }
  return sum;
}

}  // namespace assay
