// SPDX-License-Identifier: Apache-2.0
// The golden model's arithmetic, written down by itself: prints the units named on the command line as SMT-LIB, ports named like the RTL's.
// Lines: `unit NAME`, `input NAME WIDTH`, `output NAME WIDTH`, definitions. Output `defined` says that C++ defines every step.
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "model/accumulators/accumulate.hpp"
#include "model/accumulators/fp_accumulate.hpp"
#include "model/activation/requantise.hpp"
#include "model/common/stochastic.hpp"
#include "model/pe/fma.hpp"
#include "model/pe/mac.hpp"
#include "scripts/prove/symbolic.hpp"

namespace assay::prove {
namespace {

using W32 = Word<32>;
using W64 = Word<64>;
constexpr Format kNarrow[] = {Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn};

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

/// Stage 1 of an accumulator column, of both kinds of tile.
void operand_unit() {
  const W64 valid = input<W64>("valid1_i", 1, false), acc = input<W64>("acc1_i", 1, false), written = input<W64>("written_i", 1, false);
  const W64 hit = input<W64>("hit_i", 1, false), sum = input<W64>("sum2_i", 32, true), stored = input<W64>("stored_i", 32, true);
  const Flagged<W64> old = accumulate_operand(valid, acc, written, hit, sum, stored);
  output("old_o", 32, old.value);
  output("undefined_o", 1, old.flag);
  output("fp_old_o", 32, fp_accumulate_operand(valid, acc, written | hit, hit, sum, stored));
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

void results(const FloatWord<W32>& result, const char* name) {
  output(name, 32, result.bits);
  output("flags_o", 4, result.flags);
}

void decode_unit() {
  const W32 code = input<W32>("code_i", 16, false), format = input<W32>("format_i", 4, false);
  FloatWord<W32> result = {W32(0), W32(0)};
  OperandWord<W32> operand = {W32(0), W32(0)};
  for (const Format f : kNarrow) {
    const W32 low = format_bits(f) == 8 ? code & W32(255) : code;
    const FloatWord<W32> wide = widen_word(low, float_layout(f));
    const OperandWord<W32> form = operand_form_word(low, float_layout(f));
    const Truth chosen = format == W32(static_cast<int>(f));
    result = {select(chosen, wide.bits, result.bits), select(chosen, wide.flags, result.flags)};
    operand = {select(chosen, form.x, operand.x), select(chosen, form.low, operand.low)};
  }
  results(result, "fp32_o");
  output("exact", 32, (operand.x << W32(16)) | (operand.low << W32(13)));
}

void cast_unit() {
  const W32 x = input<W32>("x_i", 32, true), format = input<W32>("format_i", 4, false), saturate = input<W32>("saturate_i", 1, false);
  const W32 stochastic = input<W32>("stochastic_i", 1, false), random = input<W32>("random_i", 16, false);
  FloatWord<W32> result = {x, W32(0)};
  for (const Format f : kNarrow) {
    const FloatWord<W32> narrowed = narrow_word(x, float_layout(f), saturate, stochastic, random);
    const Truth chosen = format == W32(static_cast<int>(f));
    result = {select(chosen, narrowed.bits, result.bits), select(chosen, narrowed.flags, result.flags)};
  }
  // FP32 to integers takes 64-bit words, the pattern zero-extended
  const W64 wide("((_ zero_extend 32) |x_i|)", 0, UINT32_MAX);
  const std::pair<Format, std::pair<int64_t, int64_t>> ranges[] = {
      {Format::Int8, {INT8_MIN, INT8_MAX}}, {Format::Uint8, {0, UINT8_MAX}}, {Format::Int32, {INT32_MIN, INT32_MAX}}};
  for (const auto& [f, range] : ranges) {
    const FloatWord<W64> integer = to_integer_word(wide, W64(range.first), W64(range.second));
    const Truth chosen = format == W32(static_cast<int>(f));
    const W32 value("((_ extract 31 0) " + integer.bits.term + ")", INT32_MIN, INT32_MAX), flags("((_ extract 31 0) " + integer.flags.term + ")", 0, 15);
    result = {select(chosen, value, result.bits), select(chosen, flags, result.flags)};
  }
  results(result, "y_o");
}

/// The product of the significands is cut.
void fma_unit() {
  const W32 a = input<W32>("a_i", 19, false), b = input<W32>("b_i", 19, false), c = input<W32>("c_i", 32, true);
  std::puts("input * 32");
  script().cut = true;
  results(fma_word(OperandWord<W32>{a >> W32(3), a & W32(7)}, OperandWord<W32>{b >> W32(3), b & W32(7)}, c), "sum_o");
  define("*a", 32, script().factors.front().first);
  define("*b", 32, script().factors.front().second);
}

void relu_unit() { output("y_o", 32, relu_word(input<W32>("x_i", 32, true))); }

/// Integers of any kind, -2^31 ... 2^32 - 1: the specification assumes these.
void from_integer_unit() {
  const W64 value = input<W64>("value_i", 33, true);
  const FloatWord<W64> result = from_integer_word(W64(value.term, INT32_MIN, UINT32_MAX));
  output("fp32_o", 32, result.bits);
  output("flags_o", 4, result.flags);
}

/// Unsigned 32-bit numbers, which wrap by themselves.
struct Unsigned {
  W32 bits;
  explicit Unsigned(int64_t value) : bits(value) {}
  explicit Unsigned(const W32& word) : bits(word) {}
  friend Unsigned operator^(const Unsigned& a, const Unsigned& b) { return Unsigned(a.bits ^ b.bits); }
  friend Unsigned operator<<(const Unsigned& a, const Unsigned& n) { return Unsigned(a.bits << n.bits); }
  friend Unsigned operator>>(const Unsigned& a, const Unsigned& n) {
    W32::shifts(n.bits);
    return Unsigned({W32::call("bvlshr", a.bits, n.bits), W32::kLowest, W32::kHighest});
  }
};

void generator_unit() { output("next_o", 32, xorshift_word(Unsigned(input<W32>("state_i", 32, true))).bits); }

void fadd_unit() {
  const W32 older = input<W32>("old_i", 32, true), newer = input<W32>("new_i", 32, true);
  results(fp_accumulate(older, newer, input<W32>("bf16_i", 1, false)), "sum_o");
}

const std::pair<const char*, std::function<void()>> kUnits[] = {{"mac", mac_unit},
                                                                {"accumulate", accumulate_unit},
                                                                {"operand", operand_unit},
                                                                {"requantise", requantise_unit},
                                                                {"clamp", clamp_unit},
                                                                {"decode", decode_unit},
                                                                {"cast", cast_unit},
                                                                {"fma", fma_unit},
                                                                {"fadd", fadd_unit},
                                                                {"relu", relu_unit},
                                                                {"from_integer", from_integer_unit},
                                                                {"generator", generator_unit}};

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
