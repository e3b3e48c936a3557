// SPDX-License-Identifier: Apache-2.0
#include "tests/oracle/mpfr_oracle.hpp"

#include <gmpxx.h>
#include <mpfr.h>

namespace assay::oracle {

namespace {

/// An MPFR variable of fixed precision.
class Real {
 public:
  explicit Real(int precision) { mpfr_init2(value_, precision); }
  ~Real() { mpfr_clear(value_); }
  Real(const Real&) = delete;
  Real& operator=(const Real&) = delete;
  operator mpfr_ptr() { return value_; }

 private:
  mpfr_t value_;
};

/// The exact value of a finite number: FP32's 24 bits hold every significand.
void assign(mpfr_ptr to, const Number& n) {
  mpfr_set_ui_2exp(to, n.significand, n.exponent, MPFR_RNDN);
  if (n.negative) mpfr_neg(to, to, MPFR_RNDN);
}

Rounded canonical(Format g, bool invalid) { return {layout(g).canonical_nan, invalid ? kInvalid : uint8_t{0}}; }

uint32_t signed_code(const Layout& l, bool negative, uint32_t magnitude) { return (negative ? l.sign_bit() : 0) | magnitude; }

/// What overflow delivers in format g.
uint32_t overflowed(Format g, bool negative, bool saturate) {
  const Layout l = layout(g);
  if (saturate) return signed_code(l, negative, l.max_finite);
  return l.ieee ? signed_code(l, negative, l.infinity()) : l.canonical_nan;
}

/// The code of k·2^e ≥ 0, which format l holds exactly.
uint32_t magnitude_code(const Layout& l, mpz_class k, long e) {
  if (k == 0) return 0;
  const long top = static_cast<long>(mpz_sizeinbase(k.get_mpz_t(), 2)) - 1 + e;  // exponent of the leading one
  const long unit = (top < l.min_normal_exponent() ? l.min_normal_exponent() : top) - l.mantissa_bits;
  const mpz_class m = e >= unit ? mpz_class(k << static_cast<unsigned long>(e - unit)) : mpz_class(k >> static_cast<unsigned long>(unit - e));
  const uint32_t hidden = 1u << l.mantissa_bits, significand = static_cast<uint32_t>(m.get_ui());
  if (significand < hidden) return significand;
  return (static_cast<uint32_t>(top + l.bias) << l.mantissa_bits) | (significand - hidden);
}

uint32_t code_of(const Layout& l, mpfr_ptr value) {
  if (mpfr_zero_p(value)) return 0;
  mpz_class k;
  const long e = mpfr_get_z_2exp(k.get_mpz_t(), value);
  return magnitude_code(l, abs(k), e);
}

/// `value` is the exact result rounded to the format's precision with unbounded exponent, `ternary` the comparison of the two.
Rounded deliver(mpfr_ptr value, int ternary, Format g, bool saturate) {
  const Layout l = layout(g);
  const bool negative = mpfr_signbit(value) != 0;
  thread_local Real limit(24), smallest(24);
  assign(limit, decode(l.max_finite, g));
  if (mpfr_cmpabs(value, limit) > 0) return {overflowed(g, negative, saturate), kOverflow | kInexact};
  mpfr_set_ui_2exp(smallest, 1, l.min_normal_exponent(), MPFR_RNDN);
  const bool tiny = mpfr_zero_p(value) == 0 && mpfr_cmpabs(value, smallest) < 0;
  const mpfr_exp_t emin = mpfr_get_emin();
  mpfr_set_emin(l.min_subnormal_exponent() + 1);  // MPFR's significands lie in [1/2, 1)
  ternary = mpfr_check_range(value, ternary, MPFR_RNDN);
  ternary = mpfr_subnormalize(value, ternary, MPFR_RNDN);
  mpfr_set_emin(emin);
  const auto flags = static_cast<uint8_t>(ternary == 0 ? 0 : kInexact | (tiny ? kUnderflow : 0));
  return {signed_code(l, negative, code_of(l, value)), flags};
}

/// Spec 17.5.1, the cases in which an operand or the result is no finite number.
std::optional<Rounded> special_fma(const Number& a, const Number& b, const Number& c) {
  const bool signals = a.kind == Kind::SignallingNan || b.kind == Kind::SignallingNan || c.kind == Kind::SignallingNan;
  const bool infinite = a.kind == Kind::Infinity || b.kind == Kind::Infinity;
  const bool zero = a.kind == Kind::Zero || b.kind == Kind::Zero;
  const bool negative = a.negative != b.negative;
  const bool no_product = infinite && zero && !a.nan() && !b.nan();
  if (a.nan() || b.nan() || c.nan() || no_product) return canonical(Format::Fp32, signals || no_product);
  if (infinite && c.kind == Kind::Infinity && c.negative != negative) return canonical(Format::Fp32, true);
  const Layout l = layout(Format::Fp32);
  if (infinite) return Rounded{signed_code(l, negative, l.infinity()), 0};
  if (c.kind == Kind::Infinity) return Rounded{signed_code(l, c.negative, l.infinity()), 0};
  return std::nullopt;
}

Rounded fma_of(const Number& a, const Number& b, const Number& c) {
  if (const auto special = special_fma(a, b, c)) return *special;
  thread_local Real x(24), y(24), z(24), result(24);
  assign(x, a), assign(y, b), assign(z, c);
  const int ternary = mpfr_fma(result, x, y, z, MPFR_RNDN);
  if (mpfr_zero_p(result)) return {(a.negative != b.negative) && c.negative ? 0x80000000u : 0u, 0};
  return deliver(result, ternary, Format::Fp32, false);
}

/// |n| on the grid of multiples of 2^unit: k = ⌊|n| / 2^unit⌋, fraction = ⌊δ·2^17⌋, exact tells δ = 0.
struct OnGrid {
  mpz_class k;
  uint32_t fraction;
  bool exact;
};

OnGrid on_grid(const Number& n, int unit) {
  const mpz_class significand = n.significand;
  if (n.exponent >= unit) return {significand << static_cast<unsigned long>(n.exponent - unit), 0, true};
  const auto shift = static_cast<unsigned long>(unit - n.exponent);
  const mpz_class k = significand >> shift, rest = significand - (k << shift);
  return {k, static_cast<uint32_t>(mpz_class((rest << 17) >> shift).get_ui()), rest == 0};
}

mpz_class stochastically(const OnGrid& g, uint16_t random) {
  const bool up = g.fraction + 2u * random + 1u >= 1u << 17;
  return g.k + (up ? 1 : 0);
}

int top_exponent(const Number& n) {
  int top = n.exponent - 1;
  for (uint32_t s = n.significand; s != 0; s >>= 1) ++top;
  return top;
}

/// The exponent of the grid on which format l holds |n|.
int own_unit(const Number& n, const Layout& l) {
  const int top = top_exponent(n);
  return (top < l.min_normal_exponent() ? l.min_normal_exponent() : top) - l.mantissa_bits;
}

Rounded narrow_stochastic(const Number& n, Format g, bool saturate, uint16_t random) {
  const Layout l = layout(g);
  const int top = top_exponent(n), unit = top - l.mantissa_bits;
  const mpz_class unbounded = stochastically(on_grid(n, unit), random);
  const Number limit = decode(l.max_finite, g);
  const int low = unit < limit.exponent ? unit : limit.exponent;  // a common unit, so that integers compare
  if ((unbounded << static_cast<unsigned long>(unit - low)) > (mpz_class(limit.significand) << static_cast<unsigned long>(limit.exponent - low))) {
    return {overflowed(g, n.negative, saturate), kOverflow | kInexact};
  }
  const int own = own_unit(n, l);
  const OnGrid grid = on_grid(n, own);
  const auto flags = static_cast<uint8_t>(grid.exact ? 0 : kInexact | (top < l.min_normal_exponent() ? kUnderflow : 0));
  return {signed_code(l, n.negative, magnitude_code(l, stochastically(grid, random), own)), flags};
}

struct Range {
  int64_t low, high;
};
Range range_of(Format f) {
  if (f == Format::Int8) return {-128, 127};
  if (f == Format::Uint8) return {0, 255};
  return {INT32_MIN, INT32_MAX};
}

Rounded clamped(int64_t value, Format g) {
  const Range r = range_of(g);
  if (value < r.low) return {static_cast<uint32_t>(r.low), kInvalid};
  if (value > r.high) return {static_cast<uint32_t>(r.high), kInvalid};
  return {static_cast<uint32_t>(value), 0};
}

}  // namespace

Rounded fma(uint32_t a, Format fa, uint32_t b, Format fb, uint32_t c) { return fma_of(decode(a, fa), decode(b, fb), decode(c, Format::Fp32)); }

Rounded fadd(uint32_t x, uint32_t y) {
  const Number one{Kind::Finite, false, 1, 0};
  return fma_of(decode(x, Format::Fp32), one, decode(y, Format::Fp32));
}

Rounded narrow(uint32_t x, Format g, bool saturate, std::optional<uint16_t> random) {
  const Number n = decode(x, Format::Fp32);
  if (n.nan()) return canonical(g, n.kind == Kind::SignallingNan);
  if (n.kind == Kind::Infinity) return {overflowed(g, n.negative, saturate), 0};
  if (n.kind == Kind::Zero) return {signed_code(layout(g), n.negative, 0), 0};
  if (random) return narrow_stochastic(n, g, saturate, *random);
  thread_local Real exact(24), result(24);
  assign(exact, n);
  mpfr_set_prec(result, layout(g).precision());
  const int ternary = mpfr_set(result, exact, MPFR_RNDN);
  return deliver(result, ternary, g, saturate);
}

Rounded to_integer(uint32_t x, Format g) {
  const Number n = decode(x, Format::Fp32);
  const Range r = range_of(g);
  if (n.nan()) return {0, kInvalid};
  if (n.kind == Kind::Infinity) return {static_cast<uint32_t>(n.negative ? r.low : r.high), kInvalid};
  thread_local Real exact(24), nearest(24);
  assign(exact, n);
  mpfr_roundeven(nearest, exact);
  if (mpfr_cmp_si(nearest, r.low) < 0) return {static_cast<uint32_t>(r.low), kInvalid};
  if (mpfr_cmp_si(nearest, r.high) > 0) return {static_cast<uint32_t>(r.high), kInvalid};
  return {static_cast<uint32_t>(mpfr_get_si(nearest, MPFR_RNDN)), mpfr_equal_p(nearest, exact) ? uint8_t{0} : kInexact};
}

int64_t integer_value(uint32_t code, Format f) {
  if (f == Format::Int8) return static_cast<int8_t>(code & 0xFF);
  if (f == Format::Uint8) return static_cast<int64_t>(code & 0xFF);
  return static_cast<int32_t>(code);
}

Rounded widen(uint32_t code, Format f) {
  if (is_integer(f)) {
    thread_local Real result(24);
    const int ternary = mpfr_set_si(result, integer_value(code, f), MPFR_RNDN);
    return deliver(result, ternary, Format::Fp32, false);
  }
  const Number n = decode(code, f);
  if (n.nan()) return canonical(Format::Fp32, n.kind == Kind::SignallingNan);
  const Layout l = layout(Format::Fp32);
  if (n.kind == Kind::Infinity) return {signed_code(l, n.negative, l.infinity()), 0};
  return {signed_code(l, n.negative, magnitude_code(l, n.significand, n.exponent)), 0};
}

Rounded convert(uint32_t x, Format g, bool saturate, std::optional<uint16_t> random) {
  if (g == Format::Fp32) return {x, 0};
  return is_integer(g) ? to_integer(x, g) : narrow(x, g, saturate, random);
}

Rounded cast(uint32_t code, Format from, Format to, bool saturate, std::optional<uint16_t> random) {
  if (is_integer(from) && is_integer(to)) return clamped(integer_value(code, from), to);
  const Rounded wide = widen(code, from), result = convert(wide.bits, to, saturate, random);
  return {result.bits, static_cast<uint8_t>(wide.flags | result.flags)};
}

uint32_t relu(uint32_t x) {
  const Number n = decode(x, Format::Fp32);
  if (n.nan()) return layout(Format::Fp32).canonical_nan;
  return n.negative || n.kind == Kind::Zero ? 0 : x;
}

uint32_t discarded(uint32_t x, Format g) {
  const Number n = decode(x, Format::Fp32);
  return on_grid(n, own_unit(n, layout(g))).fraction;
}

uint32_t seeded(uint32_t seed, int lane) {
  const uint64_t odd = (static_cast<uint64_t>(lane) + 1) * 0x9E3779B9u % 0x100000000u;
  const auto v = static_cast<uint32_t>(odd ^ seed);
  return v != 0 ? v : 1;
}

uint32_t step(uint32_t state) {
  uint64_t s = state;
  s ^= s * 0x2000u % 0x100000000u;
  s ^= s / 0x20000u;
  s ^= s * 0x20u % 0x100000000u;
  return static_cast<uint32_t>(s);
}

uint16_t random_of(uint32_t state) { return static_cast<uint16_t>(state / 0x10000u); }

}  // namespace assay::oracle
