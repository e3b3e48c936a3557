// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "cosim/cli/calc.hpp"
#include "cosim/cli/calc_unit.hpp"
#include "cosim/cli/text.hpp"
#include "model/activation/requantise.hpp"

namespace assay::cli {
namespace {

struct RequantOperands {
  int64_t x, m, s;
};

int64_t parse_shift(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < -31 || value > 30) {
    throw InputError("s: is '" + std::string(text) + "', expected a decimal shift from -31 to 30");
  }
  return value;
}

RequantOperands parse_operands(const CalcOperands& operands) {
  expect_operands(operands, "x m s", 3);
  const int64_t x = static_cast<int32_t>(parse_hex("x", operands[0], 8));
  const int64_t m = parse_hex("m", operands[1], 8);
  if (m != 0 && (m < (int64_t{1} << 30) || m >= (int64_t{1} << 31))) {
    throw InputError("m: is '" + std::string(operands[1]) + "', expected 00000000 or a multiplier from 40000000 to 7fffffff");
  }
  return {x, m, parse_shift(operands[2])};
}

bool single_mode(const std::string& mode) {
  if (mode == "single") return true;
  if (mode == "double" || mode.empty()) return false;
  throw bad_option("--mode", mode, "double or single");
}

/// The steps of docs/spec.md section 5.4 with their values.
std::vector<std::string> steps_of(const RequantOperands& in, bool single, const CalcResult& result) {
  std::vector<std::string> text;
  const std::string m = grouped_signed(in.m);
  if (single) {
    const int64_t product = multiply_single<int64_t>(in.x, in.m);
    text.push_back("product  " + grouped_signed(in.x) + " * " + m + " = " + grouped_signed(product));
    text.push_back("round    floor((product + 2^" + std::to_string(30 - in.s) + ") / 2^" + std::to_string(31 - in.s) + "), saturated to INT32");
  } else {
    const Flagged<int64_t> wide = multiply_double<int64_t>(in.x, in.m, in.s);
    const int64_t left = in.s < 0 ? 0 : in.s, right = in.s < 0 ? -in.s : 0;
    text.push_back("shift    " + grouped_signed(in.x) + " * 2^" + std::to_string(left) + " = " + grouped_signed(in.x * (int64_t{1} << left)) +
                   (wide.flag != 0 ? ", saturated to INT32" : ""));
    text.push_back("product  shifted * " + m + " = " + grouped_signed(wide.value));
    const int64_t high = (wide.value + (int64_t{1} << 30)) >> 31;
    text.push_back("round 1  floor((product + 2^30) / 2^31) = " + grouped_signed(high));
    text.push_back("round 2  " + grouped_signed(high) + " / 2^" + std::to_string(right) + " to nearest, ties away from zero");
  }
  text.push_back("result   " + grouped_signed(static_cast<int32_t>(result.value)) + ((result.flags & kCalcOverflow) != 0 ? ", saturated: overflow" : ""));
  return text;
}

class ModelRequant final : public CalcUnit {
 public:
  explicit ModelRequant(const CalcOptions& options) : single_(single_mode(options.mode)) {}
  CalcResult answer(const CalcOperands& operands, bool explain) override {
    const RequantOperands in = parse_operands(operands);
    const Flagged<int64_t> y = requantise<int64_t>(in.x, in.m, in.s, single_);
    CalcResult result;
    result.value = static_cast<uint32_t>(y.value);
    result.flags = y.flag != 0 ? kCalcOverflow : 0u;
    if (explain) result.steps = steps_of(in, single_, result);
    return result;
  }

 private:
  const bool single_;
};

class RtlRequant final : public CalcUnit {
 public:
  explicit RtlRequant(const CalcOptions& options) : single_(single_mode(options.mode)) { unit_.port("single_i").set(single_); }
  CalcResult answer(const CalcOperands& operands, bool explain) override {
    const RequantOperands in = parse_operands(operands);
    x_.set(static_cast<uint32_t>(in.x));
    m_.set(static_cast<uint32_t>(in.m));
    s_.set(static_cast<uint32_t>(in.s) & 63);  // 6 bits, two's complement
    unit_.settle();
    CalcResult result;
    result.value = y_.get();
    result.flags = saturated_.get() != 0 ? kCalcOverflow : 0u;
    if (explain) result.steps = steps_of(in, single_, result);
    return result;
  }

 private:
  const bool single_;
  RtlUnit unit_{"npu_requantise", {{"x_i", "multiplier_i", "shift_i", "single_i"}, {"y_o", "saturated_o"}}};
  RtlUnit::Port x_ = unit_.port("x_i"), m_ = unit_.port("multiplier_i"), s_ = unit_.port("shift_i");
  RtlUnit::Port y_ = unit_.port("y_o"), saturated_ = unit_.port("saturated_o");
};

}  // namespace

std::unique_ptr<CalcUnit> make_requant_unit(const CalcOptions& options) {
  if (options.rtl) return std::make_unique<RtlRequant>(options);
  return std::make_unique<ModelRequant>(options);
}

}  // namespace assay::cli
