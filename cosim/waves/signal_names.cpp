// SPDX-License-Identifier: Apache-2.0
#include "cosim/waves/signal_names.hpp"

#include <bit>
#include <cstdio>
#include <cstdlib>

namespace assay::waves {
namespace {

std::string scope(const Field& field) { return std::string(kRoot) + "." + field.block + "." + field.name + "."; }

}  // namespace

std::string element_name(const Field& field, const std::vector<int64_t>& index, Side side) {
  std::string name = field.name;
  for (int64_t i : index) name += "[" + std::to_string(i) + "]";
  return name + (side == Side::Rtl ? "_rtl" : "_model");
}

std::string element_path(const Field& field, const std::vector<int64_t>& index, Side side) { return scope(field) + element_name(field, index, side); }

std::string value_path(const Field& field, const std::vector<int64_t>& index, Side side) { return element_path(field, index, side) + "_value"; }

std::string field_differs_path(const Field& field) { return scope(field) + field.name + "_differs"; }

std::string block_differs_path(const std::string& block) { return std::string(kRoot) + "." + block + ".differs"; }

std::string pin_path(const std::string& pin) { return std::string(kRoot) + "." + kPins + "." + pin; }

bool has_value(const Field& field) { return field.format == "fp32" || field.format == "bf16"; }

double value_of(const Field& field, uint64_t code) {
  const auto bits = static_cast<uint32_t>(code);
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.9g", static_cast<double>(std::bit_cast<float>(field.format == "bf16" ? bits << 16 : bits)));
  return std::strtod(digits, nullptr);
}

}  // namespace assay::waves
