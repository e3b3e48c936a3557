// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "cosim/cli/calc.hpp"
#include "cosim/cli/calc_explain.hpp"
#include "cosim/cli/calc_unit.hpp"
#include "cosim/cli/text.hpp"
#include "model/activation/requantise.hpp"

namespace assay::cli {
namespace {

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

class ModelRequant final : public CalcUnit {
 public:
  explicit ModelRequant(const CalcOptions& options) : single_(single_mode(options.mode)) {}
  CalcResult answer(const CalcOperands& operands, bool explain) override {
    const RequantOperands in = parse_operands(operands);
    const Flagged<int64_t> y = requantise<int64_t>(in.x, in.m, in.s, single_);
    CalcResult result;
    result.value = static_cast<uint32_t>(y.value);
    result.flags = y.flag != 0 ? kCalcOverflow : 0u;
    if (explain) result.steps = explain_requant(in, single_, static_cast<int32_t>(result.value), result.flags != 0);
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
    if (explain) result.steps = explain_requant(in, single_, static_cast<int32_t>(result.value), result.flags != 0);
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
