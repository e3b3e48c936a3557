// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// A word that computes nothing: each operation prints the SMT-LIB definition of its result. The model's arithmetic templates, instantiated with
/// it, write themselves down as a specification language can read them. What C++ leaves undefined (a shift by the word's width or more, signed
/// overflow) becomes an obligation of its own unless the operands' bounds rule it out; bounds are followed by interval arithmetic.
namespace assay::prove {

using Wide = __int128;

/// What has been written down so far.
struct Script {
  std::vector<std::string> lines;
  std::vector<std::string> duties;                           ///< conditions that must always hold
  std::vector<std::pair<std::string, std::string>> factors;  ///< of every multiplication, in order
  bool cut = false;                                          ///< a multiplication's result is the input |*|, its factors the outputs |*a|, |*b|
  std::string define(const std::string& sort, const std::string& term) {
    const std::string name = "|w" + std::to_string(lines.size()) + "|";
    lines.push_back("(define-fun " + name + " () " + sort + " " + term + ")");
    return name;
  }
};
inline Script& script() {
  static Script current;
  return current;
}

struct Truth {
  std::string term;
  std::string smaller, larger;  ///< of a comparison smaller < larger: the operands
};

template <int Bits>
struct Word {
  static constexpr Wide kLowest = -(Wide{1} << (Bits - 1)), kHighest = (Wide{1} << (Bits - 1)) - 1;
  std::string term;
  Wide low, high;  ///< bounds of the signed value

  explicit Word(int64_t value) : term(literal(value)), low(value), high(value) {}
  Word(const std::string& expression, Wide lowest, Wide highest) : term(script().define(sort(), expression)), low(lowest), high(highest) {}

  static std::string sort() { return "(_ BitVec " + std::to_string(Bits) + ")"; }
  static std::string literal(Wide value) {
    const auto bits = static_cast<uint64_t>(value) & (Bits == 64 ? ~uint64_t{0} : (uint64_t{1} << (Bits % 64)) - 1);
    return "(_ bv" + std::to_string(bits) + " " + std::to_string(Bits) + ")";
  }
  static std::string call(const char* operation, const Word& a, const Word& b) { return std::string("(") + operation + " " + a.term + " " + b.term + ")"; }

  /// The result of +, - or *, whose exact value lies in [lowest, highest]; `carry` says in SMT-LIB that it does not fit.
  static Word exact(const char* operation, const Word& a, const Word& b, Wide lowest, Wide highest, int extra) {
    if (lowest < kLowest || highest > kHighest) {
      const std::string extend = "((_ sign_extend " + std::to_string(extra) + ") ";
      script().duties.push_back("(= (" + std::string(operation) + " " + extend + a.term + ") " + extend + b.term + ")) " + extend + call(operation, a, b) +
                                "))");
      lowest = kLowest, highest = kHighest;
    }
    return {call(operation, a, b), lowest, highest};
  }
  friend Word operator+(const Word& a, const Word& b) { return exact("bvadd", a, b, a.low + b.low, a.high + b.high, 1); }
  friend Word operator-(const Word& a, const Word& b) { return exact("bvsub", a, b, a.low - b.high, a.high - b.low, 1); }
  friend Word operator*(const Word& a, const Word& b) {
    script().factors.emplace_back(a.term, b.term);
    if (script().cut) return {"|*|", 0, a.high * b.high};
    const auto [lowest, highest] = std::minmax({a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high});
    return exact("bvmul", a, b, lowest, highest, Bits);
  }

  /// All bits that a value in [0, high] may have.
  static Wide ones(Wide high) {
    Wide mask = 0;
    while (mask < high) mask = 2 * mask + 1;
    return mask;
  }
  friend Word operator&(const Word& a, const Word& b) {
    if (a.low < 0 && b.low < 0) return {call("bvand", a, b), kLowest, kHighest};
    return {call("bvand", a, b), 0, a.low < 0 ? b.high : b.low < 0 ? a.high : std::min(a.high, b.high)};
  }
  friend Word operator|(const Word& a, const Word& b) { return joined("bvor", a, b); }
  friend Word operator^(const Word& a, const Word& b) { return joined("bvxor", a, b); }
  static Word joined(const char* operation, const Word& a, const Word& b) {
    if (a.low < 0 || b.low < 0) return {call(operation, a, b), kLowest, kHighest};
    return {call(operation, a, b), 0, ones(std::max(a.high, b.high))};
  }

  static void shifts(const Word& n) {
    if (n.low < 0 || n.high >= Bits) script().duties.push_back("(bvult " + n.term + " " + literal(Bits) + ")");
  }
  friend Word operator>>(const Word& a, const Word& n) {
    shifts(n);
    const int least = static_cast<int>(std::clamp<Wide>(n.low, 0, Bits - 1)), most = static_cast<int>(std::clamp<Wide>(n.high, 0, Bits - 1));
    return {call("bvashr", a, n), a.low >> (a.low < 0 ? least : most), a.high >> (a.high < 0 ? most : least)};
  }
  /// Modulo 2^Bits, as C++20 has it.
  friend Word operator<<(const Word& a, const Word& n) {
    shifts(n);
    const int most = static_cast<int>(std::clamp<Wide>(n.high, 0, Bits - 1));
    const Wide lowest = std::min(a.low, a.low << most), highest = std::max(a.high, a.high << most);
    if (lowest < kLowest || highest > kHighest) return {call("bvshl", a, n), kLowest, kHighest};
    return {call("bvshl", a, n), lowest, highest};
  }

  friend Truth operator==(const Word& a, const Word& b) { return {script().define("Bool", call("=", a, b)), {}, {}}; }
  friend Truth operator<(const Word& a, const Word& b) { return {script().define("Bool", call("bvslt", a, b)), a.term, b.term}; }
  friend Word select(const Truth& c, const Word& a, const Word& b) {
    const std::string term = "(ite " + c.term + " " + a.term + " " + b.term + ")";
    if (c.larger == a.term && c.smaller == b.term) return {term, std::max(a.low, b.low), std::max(a.high, b.high)};  // the larger of two
    if (c.smaller == a.term && c.larger == b.term) return {term, std::min(a.low, b.low), std::min(a.high, b.high)};  // the smaller
    return {term, std::min(a.low, b.low), std::max(a.high, b.high)};
  }
  friend Word wrap32(const Word& a) {
    static_assert(Bits == 64);
    return {"((_ sign_extend 32) ((_ extract 31 0) " + a.term + "))", INT32_MIN, INT32_MAX};
  }
};

}  // namespace assay::prove
