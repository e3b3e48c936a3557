// SPDX-License-Identifier: Apache-2.0
#include "model/functional/dot.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/common/narrow.hpp"
#include "model/common/product.hpp"
#include "model/functional/dot_chain.hpp"
#include "model/functional/exact_sum.hpp"

namespace assay {
namespace {

using Policy = DotPolicy;
using Term = Addend<int32_t>;
constexpr uint32_t kMagnitude = 0x7FFFFFFF, kSignBit = 0x80000000, kSmallestNormal = 0x00800000, kInfinite = 0x7F800000, kNan = 0x7FC00000;
constexpr size_t kMostAligned = 65536;

[[noreturn]] void refuse(const std::string& what) { throw std::invalid_argument("dot: " + what); }

void check(const CodeSpan& a, const CodeSpan& b, const Policy& p) {
  if (a.size() != b.size()) refuse("a and b differ in size");
  for (const CodeSpan* x : {&a, &b}) {
    if (!is_operand_float(x->format())) refuse("formats: bf16, fp16, e5m2, e4m3 or e4m3fn");
    if (format_bits(x->format()) > 8 * static_cast<int>(x->element_bytes())) refuse("formats: 16-bit codes need two bytes an element");
  }
  const bool fused = p.sum == Policy::Sum::Aligned || p.sum == Policy::Sum::Exact;
  if (p.sum == Policy::Sum::Tree && p.product == Policy::Product::Exact) refuse("product: a tree adds FP32 numbers, choose ToFp32 or ToBf16");
  if (fused && p.product != Policy::Product::Exact) refuse("product: aligned and exact sums take exact products");
  if (p.k_tile < 0) refuse("k_tile: 0 or more");
  if (p.group < 0) refuse("group: 0 or more");
  if (p.fraction_bits < 1 || p.fraction_bits > 40) refuse("fraction_bits: 1 to 40");
  if (p.output_bits < 1 || p.output_bits > 23) refuse("output_bits: 1 to 23");
}

bool is_subnormal(uint32_t fp32) { return (fp32 & kMagnitude) != 0 && (fp32 & kMagnitude) < kSmallestNormal; }

/// A finite number without normalising: significand / 2^fraction · 2^exponent; a zero has exponent −126.
struct Unnormalised {
  int64_t significand;
  int exponent;
};

Unnormalised unnormalised(uint32_t code, const FloatLayout& l) {
  const auto field = static_cast<int>(code >> l.mantissa_bits) & l.ones();
  const auto mantissa = static_cast<int>(code) & l.mantissa_mask();
  if (field == 0 && mantissa == 0) return {0, -126};
  const int magnitude = field == 0 ? mantissa : mantissa | (1 << l.mantissa_bits);
  return {((code >> l.magnitude_bits()) & 1) != 0 ? -magnitude : magnitude, std::max(field, 1) - l.bias};
}

/// What is aligned: value = significand / 2^fraction · 2^exponent.
struct AlignedTerm {
  int64_t significand;
  int fraction, exponent;
};

/// The arithmetic of one policy on the elements of two spans.
class Summation {
 public:
  Summation(const CodeSpan& a, const CodeSpan& b, const Policy& policy)
      : a_(a), b_(b), la_(float_layout(a.format())), lb_(float_layout(b.format())), p_(policy) {}

  /// The products of elements [from, to) and `start`.
  uint32_t tile(size_t from, size_t to, uint32_t start);
  uint32_t add(uint32_t x, uint32_t y) { return delivered(fadd(x, y)); }
  uint32_t to_bf16(uint32_t entry);
  uint8_t flags() const { return flags_; }

 private:
  using Elements = std::vector<size_t>;  ///< indices in the order in which they are added

  void raise(int flags) { flags_ = static_cast<uint8_t>(flags_ | flags); }
  uint32_t delivered(FloatResult result);  ///< collects the flags, flushes
  uint32_t operand(const CodeSpan& codes, size_t k) const;
  Term product(size_t k) const;
  Term flushed_product(size_t k);
  uint32_t rounded_product(size_t k);
  uint32_t group(const Elements& elements, uint32_t sum);
  uint32_t chain(const Elements& elements, uint32_t sum);
  uint32_t tree(const Elements& elements);
  uint32_t aligned(const Elements& elements, uint32_t sum);
  uint32_t exact(const Elements& elements, uint32_t sum);
  AlignedTerm aligned_product(size_t k);
  int64_t cut(const AlignedTerm& term, int largest);
  bool has_special(const Elements& elements, uint32_t sum, uint32_t& result);

  CodeSpan a_, b_;
  FloatLayout la_, lb_;
  Policy p_;
  uint8_t flags_ = 0;
};

uint32_t Summation::delivered(FloatResult result) {
  raise(result.flags);
  if (!p_.flush_sums || !is_subnormal(result.bits)) return result.bits;
  raise(kUnderflow | kInexact);
  return result.bits & kSignBit;
}

uint32_t Summation::to_bf16(uint32_t entry) {
  const FloatResult narrowed = narrow(entry, Format::Bf16, false, std::nullopt);
  return delivered({narrowed.bits << 16, narrowed.flags});
}

uint32_t Summation::operand(const CodeSpan& codes, size_t k) const {
  const uint32_t code = codes[k];
  if (!p_.flush_inputs || float_class(code, codes.format()) != FloatClass::Subnormal) return code;
  return float_sign(code, codes.format()) << float_layout(codes.format()).magnitude_bits();
}

Term Summation::product(size_t k) const {
  const auto a = operand_form_word(static_cast<int32_t>(operand(a_, k)), la_), b = operand_form_word(static_cast<int32_t>(operand(b_, k)), lb_);
  return exact_product(unpack_operand(a), unpack_operand(b));
}

/// The exact product; below 2^-126 it becomes a zero where the policy says so.
Term Summation::flushed_product(size_t k) {
  Term term = product(k);
  const bool tiny = (term.nan | term.infinite) == 0 && term.significand != 0 && term.exponent < 1;  // bit 23 of a product is set
  if (!p_.flush_products || !tiny) return term;
  raise(kUnderflow | kInexact);
  term.significand = 0, term.exponent = 0;
  return term;
}

/// The product rounded once to FP32 or to BF16, as FP32 bits.
uint32_t Summation::rounded_product(size_t k) {
  const Term term = product(k);
  FloatResult result;
  if (p_.product == Policy::Product::ToBf16 && (term.nan | term.infinite) == 0) {
    // FP32 rounded to odd keeps what a rounding to fewer bits needs; the largest finite number stands for everything above
    const int32_t below = std::clamp(1 - term.exponent, 0, 31);
    const int32_t magnitude = term.exponent > 254 ? 0x7F7FFFFF : ((std::max(term.exponent, 1) - 1) << 23) + shift_sticky(term.significand, below);
    result = narrow(static_cast<uint32_t>(magnitude) | static_cast<uint32_t>(term.sign) << 31, Format::Bf16, false, std::nullopt);
    result.bits <<= 16;
  } else {
    result = float_result(add_addends(term, unpack_fp32(term.sign << 31)));  // plus a zero of its own sign: a zero product keeps it
  }
  raise(result.flags);
  if (!p_.flush_products || !is_subnormal(result.bits)) return result.bits;
  raise(kUnderflow | kInexact);
  return result.bits & kSignBit;
}

uint32_t Summation::chain(const Elements& elements, uint32_t sum) {
  for (const size_t k : elements)
    sum = p_.product == Policy::Product::Exact ? delivered(float_result(add_addends(flushed_product(k), unpack_fp32(static_cast<int32_t>(sum)))))
                                               : add(rounded_product(k), sum);
  return sum;
}

uint32_t Summation::tree(const Elements& elements) {
  std::vector<uint32_t> level;
  for (const size_t k : elements) level.push_back(rounded_product(k));
  while (level.size() > 1) {
    std::vector<uint32_t> next;
    for (size_t i = 0; i + 1 < level.size(); i += 2) next.push_back(add(level[i], level[i + 1]));
    if (level.size() % 2 != 0) next.push_back(level.back());
    level = std::move(next);
  }
  return level.front();
}

/// NaN and infinity among the addends: then `result` is the sum, with `invalid` as spec section 17.5.1 has it for two.
bool Summation::has_special(const Elements& elements, uint32_t sum, uint32_t& result) {
  const Term first = unpack_fp32(static_cast<int32_t>(sum));
  bool nan = first.nan != 0, invalid = first.invalid != 0, plus = first.infinite != 0 && first.sign == 0, minus = first.infinite != 0 && first.sign != 0;
  for (const size_t k : elements) {
    const Term term = product(k);
    nan |= term.nan != 0, invalid |= term.invalid != 0;
    plus |= term.infinite != 0 && term.sign == 0, minus |= term.infinite != 0 && term.sign != 0;
  }
  if (invalid || (plus && minus)) raise(kInvalid);
  result = nan || (plus && minus) ? kNan : minus ? kSignBit | kInfinite : kInfinite;
  return nan || plus || minus;
}

AlignedTerm Summation::aligned_product(size_t k) {
  const Unnormalised a = unnormalised(operand(a_, k), la_), b = unnormalised(operand(b_, k), lb_);
  AlignedTerm term{a.significand * b.significand, la_.mantissa_bits + lb_.mantissa_bits, a.exponent + b.exponent};  // at most 22 bits and sign
  if (flushed_product(k).significand == 0) term.significand = 0;
  return term;
}

/// term / 2^(largest − F) as an integer: |term| < 4·2^exponent and exponent ≤ largest, so it stays below 2^(F + 2).
int64_t Summation::cut(const AlignedTerm& term, int largest) {
  const int shift = p_.fraction_bits - term.fraction + term.exponent - largest;
  if (shift >= 0) return term.significand * (int64_t{1} << shift);
  const int right = std::min(-shift, 62);
  const int64_t magnitude = term.significand < 0 ? -term.significand : term.significand;
  if ((magnitude & ((int64_t{1} << right) - 1)) != 0) raise(kInexact);
  if (p_.cut == Policy::Cut::Floor) return term.significand >> right;
  return term.significand < 0 ? -(magnitude >> right) : magnitude >> right;
}

uint32_t Summation::aligned(const Elements& elements, uint32_t sum) {
  if (elements.size() > kMostAligned) refuse("group: at most 65536 products are aligned at a time");
  uint32_t result = 0;
  if (has_special(elements, sum, result)) return result;
  const Unnormalised first = unnormalised(sum, float_layout(Format::Fp32));
  std::vector<AlignedTerm> terms{{first.significand, 23, first.exponent}};
  for (const size_t k : elements) terms.push_back(aligned_product(k));
  int largest = terms.front().exponent;
  for (const AlignedTerm& term : terms) largest = std::max(largest, term.exponent);
  int64_t total = 0;  // 2^16 terms and one, each below 2^42: below 2^59
  for (const AlignedTerm& term : terms) total += cut(term, largest);
  if (total == 0) return 0;
  const auto magnitude = static_cast<uint64_t>(total < 0 ? -total : total);
  const RoundTo mode = p_.output_nearest ? RoundTo::NearestEven : RoundTo::Zero;
  return delivered(round_to_fp32(total < 0, magnitude, largest - p_.fraction_bits, false, mode, p_.output_bits));
}

uint32_t Summation::exact(const Elements& elements, uint32_t sum) {
  uint32_t result = 0;
  if (has_special(elements, sum, result)) return result;
  ExactSum total;
  total.add(unpack_fp32(static_cast<int32_t>(sum)));
  for (const size_t k : elements) total.add(flushed_product(k));
  return delivered(total.rounded());
}

uint32_t Summation::group(const Elements& elements, uint32_t sum) {
  switch (p_.sum) {
    case Policy::Sum::Sequential:
      return chain(elements, sum);
    case Policy::Sum::Tree:
      return add(tree(elements), sum);
    case Policy::Sum::Aligned:
      return aligned(elements, sum);
    default:
      return exact(elements, sum);
  }
}

uint32_t Summation::tile(size_t from, size_t to, uint32_t start) {
  const bool grouped = p_.sum == Policy::Sum::Tree || p_.sum == Policy::Sum::Aligned;
  const size_t most = grouped && p_.group > 0 ? static_cast<size_t>(p_.group) : std::max<size_t>(to - from, 1);
  uint32_t sum = start;
  for (size_t done = from; done < to; done += most) {
    Elements elements;
    for (size_t i = done; i < std::min(done + most, to); ++i) elements.push_back(p_.order == Policy::Order::Ascending ? i : from + (to - 1 - i));
    sum = group(elements, sum);
  }
  return sum;
}

/// The default's arithmetic, whatever the order and the tiles.
bool is_chain(const Policy& p) {
  return p.sum == Policy::Sum::Sequential && p.product == Policy::Product::Exact && !p.flush_inputs && !p.flush_products && !p.flush_sums;
}

}  // namespace

FloatResult dot(const CodeSpan& a, const CodeSpan& b, uint32_t stored, const DotPolicy& policy, Isa isa) {
  check(a, b, policy);
  Summation summation(a, b, policy);
  std::optional<ProcessorChain> processor;
  if (is_chain(policy) && isa >= Isa::V3) processor.emplace();
  const bool descending = policy.order == Policy::Order::Descending, from_entry = policy.start == Policy::Start::Stored;
  const size_t step = policy.k_tile > 0 ? static_cast<size_t>(policy.k_tile) : std::max<size_t>(a.size(), 1);
  uint32_t entry = policy.flush_inputs && is_subnormal(stored) ? stored & kSignBit : stored;
  for (size_t from = 0; from == 0 || from < a.size(); from += step) {
    const size_t to = std::min(from + step, a.size());
    const uint32_t start = from_entry ? entry : 0;
    const uint32_t sum =
        processor ? processor->run(a.subspan(from, to - from), b.subspan(from, to - from), start, descending) : summation.tile(from, to, start);
    entry = from_entry ? sum : summation.add(entry, sum);
    if (policy.bf16_entries) entry = summation.to_bf16(entry);
  }
  return {entry, static_cast<uint8_t>(summation.flags() | (processor ? processor->flags() : 0))};
}

}  // namespace assay
