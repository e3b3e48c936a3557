// SPDX-License-Identifier: Apache-2.0
#include "tests/oracle/stimulus.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>

namespace assay::oracle {

namespace {

constexpr uint32_t kSign = 0x80000000u;

uint32_t bits_of(float v) { return std::bit_cast<uint32_t>(v); }
uint32_t random_sign(Random& r) { return (r.next() & 1) != 0 ? kSign : 0; }

/// m mantissa bits with a taste for long runs.
uint32_t mantissa(Random& r, int m) {
  const uint32_t ones = (1u << m) - 1, any = static_cast<uint32_t>(r.next()) & ones;
  switch (r.below(8)) {
    case 0:
      return 0;
    case 1:
      return ones;
    case 2:
      return 1u << r.below(static_cast<uint64_t>(m));
    case 3:
      return ones - (any & 1);
    case 4:
      return any & ~(ones >> r.below(static_cast<uint64_t>(m)));  // low zeros
    default:
      return any;
  }
}

/// A finite code of f whose value has exponent about e (clamped to the normal numbers).
uint32_t code_near(Random& r, Format f, int e) {
  const Layout l = layout(f);
  const int last = l.ieee ? (1 << l.exponent_bits) - 2 : (1 << l.exponent_bits) - 1;
  const auto field = static_cast<uint32_t>(std::clamp(e + l.bias, 1, last));
  uint32_t code = (field << l.mantissa_bits) | mantissa(r, l.mantissa_bits);
  if (code > l.max_finite) code = l.max_finite;
  return code | ((r.next() & 1) != 0 ? l.sign_bit() : 0);
}

uint32_t finite_code(Random& r, Format f) {
  const Layout l = layout(f);
  const uint32_t code = r.below(8) == 0 ? mantissa(r, l.mantissa_bits) : static_cast<uint32_t>(r.below(l.max_finite + 1));
  return code | ((r.next() & 1) != 0 ? l.sign_bit() : 0);
}

uint32_t corner_code(Random& r, Format f) {
  const Layout l = layout(f);
  const uint32_t ones = (1u << l.exponent_bits) - 1;
  const std::array<uint32_t, 8> fields{0, 0, 1, ones - 1, ones - 2, static_cast<uint32_t>(l.bias), ones, static_cast<uint32_t>(r.below(ones))};
  const uint32_t code = (fields[r.below(8)] << l.mantissa_bits) | mantissa(r, l.mantissa_bits);
  return code | ((r.next() & 1) != 0 ? l.sign_bit() : 0);
}

uint32_t special_code(Random& r, Format f) {
  const Layout l = layout(f);
  const uint32_t payload = (1u << l.mantissa_bits) - 1, quiet = 1u << (l.mantissa_bits - 1);
  const uint32_t sign = (r.next() & 1) != 0 ? l.sign_bit() : 0;
  switch (r.below(6)) {
    case 0:
      return sign | l.infinity() | quiet | (mantissa(r, l.mantissa_bits) & payload);
    case 1:
      return sign | l.infinity() | std::max(1u, mantissa(r, l.mantissa_bits) & (quiet - 1));
    case 2:
      return sign | l.infinity();
    case 3:
      return sign;
    case 4:
      return sign | l.max_finite;
    default:
      return finite_code(r, f);
  }
}

/// The FP32 number ± 1.m · 2^e, subnormal with the same ulp position below, max finite above.
uint32_t fp32_at(uint32_t sign, int e, uint32_t m) {
  if (e > 127) return sign | 0x7F7FFFFFu;
  if (e >= -126) return sign | (static_cast<uint32_t>(e + 127) << 23) | (m & 0x7FFFFFu);
  const int shift = -126 - e;
  return sign | (shift > 24 ? 0 : ((m & 0x7FFFFFu) | 0x800000u) >> shift);
}

struct Product {
  int top, low;   ///< exponents of the leading and of the lowest one
  uint32_t sign;  ///< FP32's sign bit
  double value;   ///< exact: 22 significant bits, exponent within double's
};
Product product_of(uint32_t a, Format fa, uint32_t b, Format fb) {
  const Number x = decode(a, fa), y = decode(b, fb);
  const uint64_t s = uint64_t{std::max(1u, x.significand)} * std::max(1u, y.significand);
  const int e = x.exponent + y.exponent;
  const double value = static_cast<double>(values_of(fa)[a]) * values_of(fb)[b];
  return {e + static_cast<int>(std::bit_width(s)) - 1, e + std::countr_zero(s), x.negative != y.negative ? kSign : 0, value};
}

/// Operands whose product has exponent about e, as far as the formats reach.
MacCase pair_near(Random& r, Format fa, Format fb, int e) {
  const Layout la = layout(fa), lb = layout(fb);
  const int low = std::max(1 - la.bias, e - lb.bias), high = std::min(la.bias, e - (1 - lb.bias));
  const int ea = low <= high ? static_cast<int>(r.range(low, high)) : e > 0 ? la.bias : 1 - la.bias;
  const uint32_t a = code_near(r, fa, ea);
  return {a, code_near(r, fb, e - ea), 0, fa, fb};
}

/// A product within FP32's range wherever that matters.
MacCase ordinary_pair(Random& r, Format fa, Format fb) {
  if (fa == Format::Bf16 || fb == Format::Bf16) return pair_near(r, fa, fb, static_cast<int>(r.range(-130, 126)));
  return {finite_code(r, fa), finite_code(r, fb), 0, fa, fb};
}

uint32_t nudged(uint32_t bits, int64_t by) {
  const int64_t magnitude = std::clamp<int64_t>(static_cast<int64_t>(bits & ~kSign) + by, 0, 0x7F7FFFFF);
  return (bits & kSign) | static_cast<uint32_t>(magnitude);
}

uint32_t cancelling(Random& r, const Product& p) { return nudged(bits_of(static_cast<float>(p.value)) ^ kSign, r.range(-3, 3)); }

/// FP32 with its lowest one exactly at 2^low, at most `span` places below its leading one.
uint32_t with_lowest(Random& r, uint32_t sign, int low, int span) {
  const int width = static_cast<int>(r.range(0, span));
  const uint32_t below = width == 0 ? 0 : (mantissa(r, width) | 1u);
  return fp32_at(sign, low + width, below << (23 - width));
}

/// c of the kinds that solve for the product.
uint32_t solved_addend(Random& r, uint64_t kind, const Product& p) {
  const uint32_t sign = random_sign(r), any = mantissa(r, 23);
  switch (kind) {
    case MacStimulus::Cancel:
      return cancelling(r, p);
    case MacStimulus::PartlyCancel:
      return fp32_at(p.sign ^ kSign, p.top + static_cast<int>(r.range(-2, 2)), any);
    case MacStimulus::TieOnAddend:
      return fp32_at(sign, p.low + 24, any);
    case MacStimulus::NearTie:
      return fp32_at(sign, p.top + static_cast<int>(r.range(23, 25)), any);
    case MacStimulus::StickyFar: {
      const int far = static_cast<int>(r.below(8) == 0 ? r.range(60, 280) : r.range(20, 60));
      return fp32_at(sign, (r.next() & 1) != 0 ? p.top + far : p.top - far, any);
    }
    case MacStimulus::TieOnProduct:
      return with_lowest(r, sign, p.top - 24 - static_cast<int>(r.below(3) == 0), 23);
    default:
      return fp32_at((r.below(8) == 0 ? kSign : 0) ^ p.sign, p.top + static_cast<int>(r.range(22, 25)), 0x7FFFFFu - static_cast<uint32_t>(r.below(2)));
  }
}

MacCase edge_mac(Random& r, Format fa, Format fb, uint64_t kind) {
  const auto near = [&](int low, int high) { return pair_near(r, fa, fb, static_cast<int>(r.range(low, high))); };
  const uint32_t sign = random_sign(r);
  MacCase m{};
  if (kind == MacStimulus::Subnormal) {
    m = near(-160, -118);
    m.c = r.below(3) == 0 ? sign | mantissa(r, 23) : fp32_at(sign, static_cast<int>(r.range(-149, -118)), mantissa(r, 23));
  } else if (kind == MacStimulus::UnderflowEdge) {
    const bool by_product = r.below(3) == 0;
    m = by_product ? near(-128, -125) : near(-156, -147);
    m.c = by_product ? sign | static_cast<uint32_t>(r.below(4)) : nudged(sign | 0x00800000u, r.range(-3, 3));
  } else if (kind == MacStimulus::OverflowEdge) {
    const bool by_product = r.below(3) == 0;
    m = by_product ? near(126, 129) : near(99, 107);
    m.c = by_product ? fp32_at(sign, static_cast<int>(r.range(98, 127)), mantissa(r, 23)) : nudged(sign | 0x7F7FFFFFu, -r.range(0, 3));
  } else {
    m = pair_near(r, fa, fb, -136);
    const Product p = product_of(m.a, fa, m.b, fb);
    const int move = p.low + 150;  // the exponent of one factor moves the lowest one to 2^−150
    const Layout l = layout(fa == Format::Bf16 ? fa : fb);
    uint32_t& factor = fa == Format::Bf16 ? m.a : m.b;
    const int field = static_cast<int>((factor >> l.mantissa_bits) & ((1u << l.exponent_bits) - 1));
    if (field - move >= 1 && field - move < (1 << l.exponent_bits) - 1) factor -= static_cast<uint32_t>(move) << l.mantissa_bits;
    m.c = sign | mantissa(r, 23);
  }
  return m;
}

MacCase special_mac(Random& r, Format fa, Format fb) { return {special_code(r, fa), special_code(r, fb), special_code(r, Format::Fp32), fa, fb}; }

}  // namespace

std::string describe(const MacCase& c) {
  char text[96];
  std::snprintf(text, sizeof text, "%s %04X * %s %04X + %08X", std::string(format_name(c.fa)).c_str(), c.a, std::string(format_name(c.fb)).c_str(), c.b, c.c);
  return text;
}

std::string describe(const CastCase& c) {
  char text[96], random[24] = "";
  if (c.random) std::snprintf(random, sizeof random, ", R %04X", *c.random);
  std::snprintf(text, sizeof text, "%08X to %s%s%s", c.x, std::string(format_name(c.g)).c_str(), c.saturate ? ", saturate" : "", random);
  return text;
}

std::string describe(const DecodeCase& c) {
  char text[48];
  std::snprintf(text, sizeof text, "%s %04X", std::string(format_name(c.f)).c_str(), c.code);
  return text;
}

std::string describe(const AddCase& c) {
  char text[48];
  std::snprintf(text, sizeof text, "%08X + %08X", c.x, c.y);
  return text;
}

const std::vector<float>& values_of(Format f) {
  static const auto tables = [] {
    std::array<std::vector<float>, kFormats> all;
    for (const Format each : kOperandFormats) {
      for (uint32_t code = 0; code < codes(each); ++code) {
        const Number n = decode(code, each);
        const double magnitude = std::ldexp(n.finite() ? static_cast<double>(n.significand) : 0.0, n.exponent);
        all[static_cast<size_t>(each)].push_back(static_cast<float>(n.negative ? -magnitude : magnitude));
      }
    }
    return all;
  }();
  return tables[static_cast<size_t>(f)];
}

MacCase MacStimulus::at(uint64_t i) const {
  Random r(seed_, i);
  const uint64_t kind = i % kKinds;
  switch (kind) {
    case AllBits:
      return uniform_mac(fa_, fb_, seed_, i);
    case Corners:
      return {corner_code(r, fa_), corner_code(r, fb_), corner_code(r, Format::Fp32), fa_, fb_};
    case Specials:
      return special_mac(r, fa_, fb_);
    case Zeros: {
      MacCase m{finite_code(r, fa_), finite_code(r, fb_), 0, fa_, fb_};
      if ((r.next() & 1) != 0)
        m.a &= layout(fa_).sign_bit();
      else
        m.b &= layout(fb_).sign_bit();
      m.c = random_sign(r) | (r.below(2) == 0 ? 0 : r.below(2) == 0 ? mantissa(r, 23) : static_cast<uint32_t>(r.below(0x7F800000u)));
      return m;
    }
    case Subnormal:
    case UnderflowEdge:
    case OverflowEdge:
    case SubnormalTie:
      return edge_mac(r, fa_, fb_, kind);
    default:
      break;
  }
  MacCase m = ordinary_pair(r, fa_, fb_);
  m.c = kind == ProductOnly ? random_sign(r) : solved_addend(r, kind, product_of(m.a, fa_, m.b, fb_));
  if (kind == ProductOnly && r.below(2) == 0) m.a = finite_code(r, fa_), m.b = finite_code(r, fb_);
  return m;
}

std::vector<uint32_t> telling_addends(uint32_t a, Format fa, uint32_t b, Format fb) {
  Random r(0xFADD, (uint64_t{a} << 16 | b) * 81 + static_cast<uint64_t>(fa) * 9 + static_cast<uint64_t>(fb));
  constexpr std::array<uint32_t, 8> kSpecial{0x7FC00000u, 0xFFC12345u, 0x7F800001u, 0xFFBFFFFFu, 0x7F800000u, 0xFF800000u, 0x7F7FFFFFu, 0xFF7FFFFFu};
  const Product p = product_of(a, fa, b, fb);
  const uint32_t exact = bits_of(static_cast<float>(p.value)) ^ kSign;
  return {0u,
          kSign,
          exact,
          nudged(exact, (r.next() & 1) != 0 ? 1 : -1),
          solved_addend(r, MacStimulus::TieOnAddend, p),
          solved_addend(r, MacStimulus::StickyFar, p),
          random_sign(r) | mantissa(r, 23),
          kSpecial[r.below(8)]};
}

MacCase uniform_mac(Format fa, Format fb, uint64_t seed, uint64_t i) {
  Random r(seed ^ 0x55, i);
  const uint64_t word = r.next();
  return {static_cast<uint32_t>(word) % codes(fa), static_cast<uint32_t>(word >> 16) % codes(fb), static_cast<uint32_t>(word >> 32), fa, fb};
}

AddCase corner_add(uint64_t seed, uint64_t i) {
  Random r(seed, i);
  switch (i % 8) {
    case 0:
      return {static_cast<uint32_t>(r.next()), static_cast<uint32_t>(r.next())};
    case 1:
      return {corner_code(r, Format::Fp32), corner_code(r, Format::Fp32)};
    case 2:
      return {special_code(r, Format::Fp32), special_code(r, Format::Fp32)};
    case 3:
      return {nudged(random_sign(r) | 0x7F7FFFFFu, -r.range(0, 3)), fp32_at(random_sign(r), static_cast<int>(r.range(98, 127)), mantissa(r, 23))};
    case 4:
      return {random_sign(r) | mantissa(r, 23), fp32_at(random_sign(r), static_cast<int>(r.range(-149, -118)), mantissa(r, 23))};
    default:
      break;
  }
  const uint32_t x = finite_code(r, Format::Fp32);
  const int e = static_cast<int>((x >> 23) & 0xFF) - 127;
  if (i % 8 == 5) return {x, nudged(x ^ kSign, r.range(-3, 3))};
  if (i % 8 == 6) return {x, with_lowest(r, random_sign(r), e - 24 - static_cast<int>(r.below(3)), 23)};
  return {x, fp32_at(random_sign(r), e + static_cast<int>(r.range(-50, 50)), mantissa(r, 23))};
}

AddCase double_rounding_add(uint64_t seed, uint64_t i) {
  Random r(seed, i);
  const auto e = static_cast<int>(r.range(-60, 60));
  const uint32_t x = fp32_at(random_sign(r), e, (static_cast<uint32_t>(r.below(128)) << 16) | 0x8000u);
  return {x, fp32_at(random_sign(r), e - static_cast<int>(r.range(25, 40)), mantissa(r, 23))};
}

}  // namespace assay::oracle
