// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/calc_explain.hpp"
#include "cosim/cli/text.hpp"
#include "model/activation/requantise.hpp"

namespace assay::cli {

std::vector<std::string> explain_integer_mac(int64_t a, int64_t b, int32_t c, int32_t result, bool wrapped) {
  return {"product  " + grouped_signed(a) + " * " + grouped_signed(b) + " = " + grouped_signed(a * b),
          "sum      " + grouped_signed(c) + " + " + grouped_signed(a * b) + " = " + grouped_signed(c + a * b) + " exactly",
          "result   " + grouped_signed(result) + (wrapped ? ", wrapped modulo 2^32: overflow" : ", fits INT32")};
}

std::vector<std::string> explain_integer_add(int32_t a, int32_t b, int32_t result) {
  const int64_t sum = int64_t{a} + b;
  return {"sum      " + grouped_signed(a) + " + " + grouped_signed(b) + " = " + grouped_signed(sum) + " exactly",
          "result   " + grouped_signed(result) + (sum == static_cast<int32_t>(sum) ? ", fits INT32" : ", wrapped modulo 2^32: overflow")};
}

std::vector<std::string> explain_clamp(int32_t y, const ClampRule& rule, int32_t result) {
  const int64_t z0 = int64_t{y} + rule.zero_point, low = rule.is_unsigned ? 0 : -128, high = rule.is_unsigned ? 255 : 127;
  return {"zero pt  " + grouped_signed(y) + " + " + grouped_signed(rule.zero_point) + " = " + grouped_signed(z0) +
              (z0 < low || z0 > high ? std::string(", outside ") + (rule.is_unsigned ? "UINT8" : "INT8") + ": saturated" : ""),
          "clamp    to " + grouped_signed(rule.low) + " ... " + grouped_signed(rule.high), "result   " + grouped_signed(result)};
}

std::vector<std::string> explain_multiply(const RequantOperands& in, bool single) {
  const std::string m = grouped_signed(in.m);
  if (single) return {"product  " + grouped_signed(in.x) + " * " + m + " = " + grouped_signed(multiply_single<int64_t>(in.x, in.m))};
  const Flagged<int64_t> wide = multiply_double<int64_t>(in.x, in.m, in.s);
  const int64_t left = in.s < 0 ? 0 : in.s;
  return {"shift    " + grouped_signed(in.x) + " * 2^" + std::to_string(left) + " = " + grouped_signed(in.x * (int64_t{1} << left)) +
              (wide.flag != 0 ? ", saturated to INT32" : ""),
          "product  shifted * " + m + " = " + grouped_signed(wide.value)};
}

std::vector<std::string> explain_scale(int64_t product, int64_t s, bool single) {
  if (single) return {"round    floor((product + 2^" + std::to_string(30 - s) + ") / 2^" + std::to_string(31 - s) + "), saturated to INT32"};
  const int64_t high = (product + (int64_t{1} << 30)) >> 31, right = s < 0 ? -s : 0;
  return {"round 1  floor((product + 2^30) / 2^31) = " + grouped_signed(high),
          "round 2  " + grouped_signed(high) + " / 2^" + std::to_string(right) + " to nearest, ties away from zero"};
}

std::vector<std::string> explain_requant(const RequantOperands& in, bool single, int32_t result, bool saturated) {
  std::vector<std::string> text = explain_multiply(in, single);
  const int64_t product = single ? multiply_single<int64_t>(in.x, in.m) : multiply_double<int64_t>(in.x, in.m, in.s).value;
  for (std::string& step : explain_scale(product, in.s, single)) text.push_back(std::move(step));
  text.push_back("result   " + grouped_signed(result) + (saturated ? ", saturated: overflow" : ""));
  return text;
}

}  // namespace assay::cli
