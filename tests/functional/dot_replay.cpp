// SPDX-License-Identifier: Apache-2.0
#include "tests/functional/dot_replay.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace assay::test {
namespace {

using oracle::Kind;
using oracle::Number;
using oracle::Rounded;
using Policy = DotPolicy;

constexpr uint32_t kNan = 0x7FC00000, kInf = 0x7F800000, kMinus = 0x80000000;
constexpr uint8_t kTiny = oracle::kUnderflow | oracle::kInexact;

mpq_class power(int e) {
  mpz_class p;
  mpz_ui_pow_ui(p.get_mpz_t(), 2, static_cast<unsigned long>(e < 0 ? -e : e));
  return e < 0 ? mpq_class(1) / p : mpq_class(p);
}

mpq_class value(const Number& n) {
  const mpq_class magnitude = mpq_class(n.significand) * power(n.exponent);
  return n.negative ? mpq_class(-magnitude) : magnitude;
}

mpz_class floor_of(const mpq_class& q) {
  mpz_class z;
  mpz_fdiv_q(z.get_mpz_t(), q.get_num_mpz_t(), q.get_den_mpz_t());
  return z;
}

/// ⌊log2 x⌋ of x > 0.
int log2_of(const mpq_class& x) {
  int e = static_cast<int>(mpz_sizeinbase(x.get_num_mpz_t(), 2)) - static_cast<int>(mpz_sizeinbase(x.get_den_mpz_t(), 2));
  while (x < power(e)) --e;
  while (x >= power(e + 1)) ++e;
  return e;
}

mpz_class rounded_at(const mpq_class& magnitude, int place, bool nearest) {
  const mpq_class scaled = magnitude / power(place);
  const mpz_class low = floor_of(scaled);
  const mpq_class rest = scaled - low;
  const mpq_class half(1, 2);
  const bool up = nearest && (rest > half || (rest == half && mpz_odd_p(low.get_mpz_t()) != 0));
  return up ? mpz_class(low + 1) : low;
}

class Replay {
 public:
  Replay(const DotCase& c, const Policy& p) : c_(c), p_(p) {
    if (!p.flush_inputs) return;
    for (auto& code : c_.a) flush(code, c_.fa);
    for (auto& code : c_.b) flush(code, c_.fb);
    if ((c_.stored & ~kMinus) < 0x00800000) c_.stored &= kMinus;
  }

  Rounded run() {
    const int size = static_cast<int>(c_.a.size()), tile = p_.k_tile == 0 ? std::max(size, 1) : p_.k_tile;
    uint32_t entry = c_.stored;
    for (int from = 0; from == 0 || from < size; from += tile) {
      std::vector<int> order;
      for (int k = from; k < std::min(size, from + tile); ++k) order.push_back(k);
      if (p_.order == Policy::Order::Descending) std::reverse(order.begin(), order.end());
      const bool stored = p_.start == Policy::Start::Stored;
      const uint32_t sum = tile_sum(order, stored ? entry : 0);
      entry = stored ? sum : add(entry, sum);
      if (!p_.bf16_entries) continue;
      const Rounded narrow = oracle::narrow(entry, Format::Bf16, false, std::nullopt);
      entry = keep({narrow.bits << 16, narrow.flags});
    }
    return {entry, flags_};
  }

 private:
  static void flush(uint16_t& code, Format f) {
    const Number n = oracle::decode(code, f);
    if (n.kind == Kind::Finite && n.significand < 1u << oracle::layout(f).mantissa_bits)
      code = static_cast<uint16_t>(n.negative ? oracle::layout(f).sign_bit() : 0);
  }

  uint32_t keep(Rounded r) {
    flags_ |= r.flags;
    const uint32_t magnitude = r.bits & ~kMinus;
    if (!p_.flush_sums || magnitude == 0 || magnitude >= 0x00800000) return r.bits;
    flags_ |= kTiny;
    return r.bits & kMinus;
  }

  uint32_t add(uint32_t x, uint32_t y) { return keep(oracle::fadd(x, y)); }
  Number a(int k) const { return oracle::decode(c_.a[static_cast<size_t>(k)], c_.fa); }
  Number b(int k) const { return oracle::decode(c_.b[static_cast<size_t>(k)], c_.fb); }
  bool finite(int k) const { return a(k).finite() && b(k).finite(); }
  mpq_class exact(int k) const { return value(a(k)) * value(b(k)); }
  bool negative(int k) const { return a(k).negative != b(k).negative; }
  bool flushed(int k) const { return p_.flush_products && finite(k) && exact(k) != 0 && abs(exact(k)) < power(-126); }

  uint32_t product(int k) {
    const uint32_t zero = negative(k) ? kMinus : 0;
    Rounded r = oracle::fma(c_.a[static_cast<size_t>(k)], c_.fa, c_.b[static_cast<size_t>(k)], c_.fb, zero);
    if (p_.product == Policy::Product::ToBf16 && finite(k)) {
      r = round_rational(exact(k), 7, true);
      if (r.bits == 0) r.bits = zero;
    }
    flags_ |= r.flags;
    const uint32_t magnitude = r.bits & ~kMinus;
    if (!p_.flush_products || magnitude == 0 || magnitude >= 0x00800000) return r.bits;
    flags_ |= kTiny;
    return r.bits & kMinus;
  }

  uint32_t fused(int k, uint32_t sum) {
    if (!flushed(k)) return keep(oracle::fma(c_.a[static_cast<size_t>(k)], c_.fa, c_.b[static_cast<size_t>(k)], c_.fb, sum));
    flags_ |= kTiny;
    return add(negative(k) ? kMinus : 0, sum);
  }

  /// ((p0 + p1) + (p2 + p3)) …, told from the top: the left half is the largest power of two below the count.
  uint32_t tree(const std::vector<uint32_t>& p, size_t from, size_t to) {
    if (to - from == 1) return p[from];
    size_t left = 1;
    while (2 * left < to - from) left *= 2;
    const uint32_t x = tree(p, from, from + left);
    return add(x, tree(p, from + left, to));
  }

  /// NaN and infinity of a fused sum; `bits` only when there is one.
  bool special(const std::vector<int>& order, uint32_t sum, uint32_t& bits) {
    bool nan = false, invalid = false, infinite[2] = {false, false};
    const auto look = [&](const Number& n) { nan |= n.nan(), invalid |= n.kind == Kind::SignallingNan; };
    const Number start = oracle::decode(sum, Format::Fp32);
    look(start);
    if (start.kind == Kind::Infinity) infinite[start.negative] = true;
    for (const int k : order) {
      look(a(k)), look(b(k));
      const bool some = a(k).kind == Kind::Infinity || b(k).kind == Kind::Infinity, zero = a(k).kind == Kind::Zero || b(k).kind == Kind::Zero;
      if (some && zero) nan = invalid = true;
      if (some && !zero && !a(k).nan() && !b(k).nan()) infinite[negative(k)] = true;
    }
    if (infinite[0] && infinite[1]) nan = invalid = true;
    if (invalid) flags_ |= oracle::kInvalid;
    bits = nan ? kNan : infinite[1] ? kMinus | kInf : kInf;
    return nan || infinite[0] || infinite[1];
  }

  mpq_class counted(int k) {
    if (!flushed(k)) return exact(k);
    flags_ |= kTiny;
    return 0;
  }

  uint32_t wide(const std::vector<int>& order, uint32_t sum) {
    uint32_t bits = 0;
    if (special(order, sum, bits)) return bits;
    mpq_class total = value(oracle::decode(sum, Format::Fp32));
    for (const int k : order) total += counted(k);
    return keep(round_rational(total, 23, true));
  }

  static int exponent(const Number& n, Format f) { return n.kind == Kind::Zero ? -126 : n.exponent + oracle::layout(f).mantissa_bits; }

  uint32_t aligned(const std::vector<int>& order, uint32_t sum) {
    uint32_t bits = 0;
    if (special(order, sum, bits)) return bits;
    const Number start = oracle::decode(sum, Format::Fp32);
    int top = exponent(start, Format::Fp32);
    std::vector<mpq_class> terms{value(start)};
    for (const int k : order) {
      terms.push_back(counted(k));
      top = std::max(top, exponent(a(k), c_.fa) + exponent(b(k), c_.fb));
    }
    const mpq_class unit = power(top - p_.fraction_bits);
    mpz_class total = 0;
    for (const mpq_class& term : terms) {
      const mpq_class scaled = term / unit;
      const mpz_class whole = p_.cut == Policy::Cut::Floor || scaled >= 0 ? floor_of(scaled) : mpz_class(-floor_of(-scaled));
      if (whole != scaled) flags_ |= oracle::kInexact;
      total += whole;
    }
    return keep(round_rational(total * unit, p_.output_bits, p_.output_nearest));
  }

  uint32_t tile_sum(const std::vector<int>& order, uint32_t sum) {
    if (order.empty()) return sum;
    if (p_.sum == Policy::Sum::Exact) return wide(order, sum);
    if (p_.sum == Policy::Sum::Sequential) {
      for (const int k : order) sum = p_.product == Policy::Product::Exact ? fused(k, sum) : add(product(k), sum);
      return sum;
    }
    const size_t most = p_.group == 0 ? order.size() : static_cast<size_t>(p_.group);
    for (size_t from = 0; from < order.size(); from += most) {
      const std::vector<int> part(order.begin() + static_cast<long>(from), order.begin() + static_cast<long>(std::min(order.size(), from + most)));
      if (p_.sum == Policy::Sum::Aligned) {
        sum = aligned(part, sum);
        continue;
      }
      std::vector<uint32_t> products;
      for (const int k : part) products.push_back(product(k));
      sum = add(tree(products, 0, products.size()), sum);
    }
    return sum;
  }

  DotCase c_;
  Policy p_;
  uint8_t flags_ = 0;
};

}  // namespace

Rounded round_rational(const mpq_class& exact, int mantissa_bits, bool nearest) {
  if (exact == 0) return {0, 0};
  const mpq_class magnitude = abs(exact);
  const int e = log2_of(magnitude), place = std::max(e, -126) - mantissa_bits;
  const mpz_class kept = rounded_at(magnitude, place, nearest);
  const mpq_class result = kept * power(place);
  const uint32_t sign = exact < 0 ? kMinus : 0;
  if (result >= power(128)) return {sign | kInf, oracle::kOverflow | oracle::kInexact};
  const mpq_class unbounded = rounded_at(magnitude, e - mantissa_bits, nearest) * power(e - mantissa_bits);
  const bool inexact = result != magnitude;
  const auto flags = static_cast<uint8_t>(inexact ? (unbounded < power(-126) ? kTiny : oracle::kInexact) : 0);
  return {sign | std::bit_cast<uint32_t>(static_cast<float>(std::ldexp(kept.get_d(), place))), flags};
}

Rounded replay_dot(const DotCase& c, const DotPolicy& policy) { return Replay(c, policy).run(); }

}  // namespace assay::test
