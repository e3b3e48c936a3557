// SPDX-License-Identifier: Apache-2.0
// The golden model's arithmetic, written down by itself: prints the units named on the command line as SMT-LIB, ports named like the RTL's.
// Lines: `unit NAME`, `input NAME WIDTH`, `output NAME WIDTH`, definitions. Output `defined` says that C++ defines every step.
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "model/accumulators/accumulate.hpp"
#include "model/activation/requantise.hpp"
#include "model/pe/mac.hpp"
#include "scripts/prove/symbolic.hpp"

namespace assay::prove {
namespace {

using W64 = Word<64>;

std::string port(const std::string& name) { return "|" + name + "|"; }

/// An input of `width` bits as a signed or unsigned word.
template <class W>
W input(const std::string& name, int width, bool is_signed) {
  std::printf("input %s %d\n", name.c_str(), width);
  if (width == 1) return {"(ite " + port(name) + " " + W::literal(1) + " " + W::literal(0) + ")", 0, 1};
  const int bits = W::kHighest == INT32_MAX ? 32 : 64;
  if (width == bits) return {port(name), W::kLowest, W::kHighest};
  const std::string extend = std::string("((_ ") + (is_signed ? "sign" : "zero") + "_extend " + std::to_string(bits - width) + ") " + port(name) + ")";
  const Wide size = Wide{1} << width;
  return {extend, is_signed ? -size / 2 : 0, is_signed ? size / 2 - 1 : size - 1};
}

void define(const std::string& name, int width, const std::string& term) {
  std::printf("output %s %d\n", name.c_str(), width);
  script().lines.push_back("(define-fun " + port(name) + " () " + (width == 1 ? "Bool" : "(_ BitVec " + std::to_string(width) + ")") + " " + term + ")");
}

template <class W>
void output(const std::string& name, int width, const W& word) {
  define(name, width, width == 1 ? "(= " + word.term + " " + W::literal(1) + ")" : "((_ extract " + std::to_string(width - 1) + " 0) " + word.term + ")");
}

void mac_unit() {
  const W64 psum = input<W64>("psum_i", 32, true), a = input<W64>("act_i", 8, true), w = input<W64>("weight_i", 8, true);
  const W64 a_high = high_bit(a, input<W64>("act_unsigned_i", 1, false)), w_high = high_bit(w, input<W64>("weight_unsigned_i", 1, false));
  output("product", 32, operand_value(a, a_high) * operand_value(w, w_high));
  output("psum_o", 32, mac(psum, a, a_high, w, w_high));
}

void accumulate_unit() {
  const Flagged<W64> sum = accumulate(input<W64>("a_i", 32, true), input<W64>("b_i", 32, true));
  output("sum_o", 32, sum.value);
  output("overflow_o", 1, sum.flag);
}

/// The two steps around the product, which is cut: what the first gives is |product=|, what the second takes is product.
void requantise_unit() {
  const W64 x = input<W64>("x_i", 32, true), s = input<W64>("shift_i", 6, true), single = input<W64>("single_i", 1, false);
  const W64 bits = input<W64>("multiplier_i", 32, false);
  const W64 m(bits.term, 0, INT32_MAX), shift(s.term, -31, 30);  // legal multipliers and shifts only: the specification assumes them
  const Flagged<W64> wide = multiply_double(x, m, shift);
  define("operand", 64, script().factors.front().first);
  output("product=", 64, select(single == W64(1), multiply_single(x, m), wide.value));
  W64 product = input<W64>("product", 64, true);
  product = W64(product.term, -(Wide{1} << 62), Wide{1} << 62);
  const Flagged<W64> once = scale_single(product, shift);
  output("y_o", 32, select(single == W64(1), once.value, scale_double(product, shift)));
  output("saturated_o", 1, select(single == W64(1), once.flag, wide.flag));
}

void clamp_unit() {
  const Flagged<W64> z = zero_point_clamp(input<W64>("y_i", 32, true), input<W64>("zero_point_i", 9, true), input<W64>("lo_i", 9, true),
                                          input<W64>("hi_i", 9, true), input<W64>("unsigned_i", 1, false));
  output("z_o", 32, z.value);
  output("saturated_o", 1, z.flag);
}

const std::pair<const char*, std::function<void()>> kUnits[] = {
    {"mac", mac_unit}, {"accumulate", accumulate_unit}, {"requantise", requantise_unit}, {"clamp", clamp_unit}};

}  // namespace
}  // namespace assay::prove

int main(int argc, char** argv) {
  using namespace assay::prove;
  for (int i = 1; i < argc; ++i) {
    bool known = false;
    for (const auto& [name, write] : kUnits) {
      if (std::string(argv[i]) != name) continue;
      known = true;
      script() = {};
      std::printf("unit %s\n", name);
      write();
      std::string all = "true";
      for (const std::string& duty : script().duties) all += " " + duty;
      define("defined", 1, "(and " + all + ")");
      for (const std::string& line : script().lines) std::puts(line.c_str());
    }
    if (!known) {
      std::fprintf(stderr, "model_units: %s: no such unit\n", argv[i]);
      return EXIT_FAILURE;
    }
  }
}
