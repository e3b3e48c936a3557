// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/element_value.hpp"

#include <cstdlib>
#include <optional>

#include "cosim/cli/float_text.hpp"

namespace assay::cli {
namespace {

/// A number, and its place on the line of all numbers of its format; no place for infinities and NaN.
struct Element {
  std::string value, kind;
  std::optional<int64_t> place;
};

Element integer_element(uint64_t bits, int width, bool is_signed) {
  const int unused = 64 - width;
  const auto value = static_cast<int64_t>(bits << unused) >> unused;
  if (is_signed) return {std::to_string(value), "integer", value};
  return {std::to_string(bits), "integer", static_cast<int64_t>(bits)};
}

/// Codes of one sign are in the order of their magnitudes, so their difference counts the steps.
Element float_element(uint64_t bits, Format format) {
  const FloatCode code{static_cast<uint32_t>(bits), format};
  Element element{float_decimal(code), float_class_name(class_of(code)), std::nullopt};
  const int64_t magnitude = code.bits & ((1u << float_layout(format).magnitude_bits()) - 1);
  if (is_finite(class_of(code))) element.place = is_negative(code) ? -magnitude : magnitude;
  return element;
}

std::optional<Element> element_of(const std::string& hex, int width, const std::string& format) {
  if (hex.empty() || hex.size() > 16 || hex.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
  const uint64_t bits = std::strtoull(hex.c_str(), nullptr, 16);
  const auto number = parse_format(format);
  if (number && !is_integer(*number)) return width == format_bits(*number) ? std::optional(float_element(bits, *number)) : std::nullopt;
  const bool is_signed = format.starts_with("int");
  if ((!is_signed && !format.starts_with("uint")) || width < 1 || width > 63) return std::nullopt;
  return integer_element(bits, width, is_signed);
}

Json element_json(const Element& element) { return {{"value", element.value}, {"class", element.kind}}; }

}  // namespace

Json decoded_json(const std::string& rtl, const std::string& model, int width, const std::string& format) {
  const auto a = element_of(rtl, width, format), b = element_of(model, width, format);
  if (!a || !b) return nullptr;
  Json json = {{"rtl", element_json(*a)}, {"model", element_json(*b)}};
  json["ulp"] = a->place && b->place ? Json(std::abs(*a->place - *b->place)) : Json(nullptr);
  std::string reason;
  if (!a->place) reason = "rtl is " + a->kind;
  if (!b->place) reason += (reason.empty() ? "" : ", ") + ("model is " + b->kind);
  json["ulp_reason"] = reason.empty() ? Json(nullptr) : Json(reason);
  return json;
}

}  // namespace assay::cli
