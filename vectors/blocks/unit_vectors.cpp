// SPDX-License-Identifier: Apache-2.0
// Units without state: integer PE, requantisation, floating-point PE, conversion.
#include "model/activation/requantise.hpp"
#include "model/common/narrow.hpp"
#include "model/pe/fma.hpp"
#include "model/pe/mac.hpp"
#include "vectors/blocks/block_vectors.hpp"

namespace assay::blocks {
namespace {

/// A code at an edge of its format as often as any other.
uint32_t corner_code(Draw& draw, Format f) {
  const FloatLayout l = float_layout(f);
  const auto sign = static_cast<uint32_t>(draw.below(2)) << l.magnitude_bits();
  const int corners[] = {0, 1, (1 << l.mantissa_bits) - 1, 1 << l.mantissa_bits, l.max_finite, l.first_nan() - 1, l.first_nan(), l.canonical_nan};
  const uint32_t any = static_cast<uint32_t>(draw.next()) & ((1u << l.magnitude_bits()) - 1);
  return sign | (draw.chance(40) ? static_cast<uint32_t>(corners[draw.below(8)]) : any);
}

/// An FP32 number: any code, one of the edges, or one whose value lies near the narrow formats' ranges.
uint32_t corner_fp32(Draw& draw) {
  static constexpr uint32_t kCorners[] = {0,           0x80000000u, 1,           0x007FFFFFu, 0x00800000u, 0x7F7FFFFFu, 0x7F800000u, 0xFF800000u,
                                          0x7FC00000u, 0x7F800001u, 0x3F800000u, 0x43E00000u, 0x47800000u, 0x477FF000u, 0x4F000000u, 0xCF000001u};
  if (draw.chance(30)) return kCorners[draw.below(16)];
  const auto any = static_cast<uint32_t>(draw.next());
  return draw.chance(30) ? any : (any & 0x807FFFFFu) | static_cast<uint32_t>(100 + draw.below(64)) << 23;
}

}  // namespace

/// psum act weight act_unsigned weight_unsigned | psum
std::string pe_vectors() {
  Draw draw(1);
  std::string text;
  for (int i = 0; i < 400; ++i) {
    static constexpr int kBytes[] = {0, 1, 127, 128, 255};
    const auto byte = [&] { return static_cast<int64_t>(draw.chance(40) ? kBytes[draw.below(5)] : draw.below(256)); };
    const auto psum = static_cast<int32_t>(corner32(draw));
    const int64_t act = byte(), weight = byte(), act_unsigned = draw.below(2), weight_unsigned = draw.below(2);
    const auto sext = [](int64_t b) { return b > 127 ? b - 256 : b; };
    const int64_t out =
        mac<int64_t>(psum, sext(act), high_bit<int64_t>(sext(act), act_unsigned) & 1, sext(weight), high_bit<int64_t>(sext(weight), weight_unsigned) & 1);
    text += Line()
                .number(static_cast<uint32_t>(psum), 32)
                .number(static_cast<uint64_t>(act), 8)
                .number(static_cast<uint64_t>(weight), 8)
                .number(static_cast<uint64_t>(act_unsigned), 1)
                .number(static_cast<uint64_t>(weight_unsigned), 1)
                .number(static_cast<uint32_t>(out), 32)
                .text();
  }
  return text;
}

/// x multiplier shift single | y saturated
std::string requantise_vectors() {
  Draw draw(2);
  std::string text;
  for (int i = 0; i < 400; ++i) {
    const auto x = static_cast<int32_t>(corner32(draw));
    const int64_t multiplier = draw.chance(10) ? 0 : int64_t{1} << 30 | (draw.chance(20) ? 0 : static_cast<int64_t>(draw.next() & 0x3FFFFFFF));
    const int64_t shift = draw.below(62) - 31, single = draw.below(2);
    const Flagged<int64_t> y = requantise<int64_t>(x, multiplier, shift, single);
    text += Line()
                .number(static_cast<uint32_t>(x), 32)
                .number(static_cast<uint64_t>(multiplier), 32)
                .number(static_cast<uint64_t>(shift) & 63, 6)
                .number(static_cast<uint64_t>(single), 1)
                .number(static_cast<uint32_t>(y.value), 32)
                .number(static_cast<uint64_t>(y.flag) & 1, 1)
                .text();
  }
  return text;
}

/// a b format_a format_b psum | psum flags
std::string fp_pe_vectors() {
  static constexpr Format kOperands[] = {Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn};
  Draw draw(4);
  std::string text;
  for (int i = 0; i < 2000; ++i) {
    const Format format_a = kOperands[i % 5], format_b = kOperands[i / 5 % 5];
    const uint32_t a = corner_code(draw, format_a), b = corner_code(draw, format_b);
    const Operand x = operand_form(a, format_a), y = operand_form(b, format_b);
    uint32_t psum = corner_fp32(draw);
    if (draw.chance(30)) psum = fma(x, y, 0).bits ^ 0x80000000u ^ static_cast<uint32_t>(draw.below(3));  // what cancels, or nearly
    const FloatResult sum = fma(x, y, psum);
    text += Line()
                .number(a, 16)
                .number(b, 16)
                .number(static_cast<uint64_t>(format_a), 4)
                .number(static_cast<uint64_t>(format_b), 4)
                .number(psum, 32)
                .number(sum.bits, 32)
                .number(sum.flags, 4)
                .text();
  }
  return text;
}

/// x format saturate stochastic random | y flags
std::string cast_vectors() {
  Draw draw(5);
  std::string text;
  for (int i = 0; i < 2000; ++i) {
    const auto format = static_cast<Format>(i % kFormats);
    const uint32_t x = corner_fp32(draw);
    const bool saturate = draw.chance(50), stochastic = draw.chance(50);
    const auto random = static_cast<uint16_t>(draw.next());
    const FloatResult y = convert(x, format, saturate, stochastic ? std::optional(random) : std::nullopt);
    text += Line()
                .number(x, 32)
                .number(static_cast<uint64_t>(format), 4)
                .number(saturate ? 1 : 0, 1)
                .number(stochastic ? 1 : 0, 1)
                .number(random, 16)
                .number(y.bits, 32)
                .number(y.flags, 4)
                .text();
  }
  return text;
}

}  // namespace assay::blocks
