// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <cmath>

#include "cosim/npu/operand.hpp"
#include "model/functional/float_numerics.hpp"

namespace assay::npu {
namespace {

constexpr std::array kRawIntegers{DataType::Int8, DataType::UInt8, DataType::Int32};
constexpr std::array kCodes8{DataType::UInt8, DataType::Float32, DataType::Float64};
constexpr std::array kCodes16{DataType::UInt16, DataType::Float32, DataType::Float64};
constexpr std::array kCodes32{DataType::UInt32, DataType::Float32, DataType::Float64};

std::string hex(uint32_t value) {
  std::array<char, 8> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return "0x" + std::string(digits.data(), end);
}

uint32_t code_mask(Format f) { return format_bits(f) == 32 ? ~0u : (1u << format_bits(f)) - 1; }

std::string decimal(double value) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end};
}

std::optional<double> parse_real(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  if (text == ".inf" || text == ".Inf" || text == ".INF") {
    value = INFINITY;
  } else if (text == ".nan" || text == ".NaN" || text == ".NAN") {
    value = NAN;
  } else {
    if (text.empty() || !(text[0] == '.' || (text[0] >= '0' && text[0] <= '9'))) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  }
  return negative ? -value : value;
}

}  // namespace

int32_t ValueRange::parse(const VectorNode& node) const { return static_cast<int32_t>(node.integer(INT32_MIN, INT32_MAX)); }
DataTypes ValueRange::raw_types() const { return kRawIntegers; }
std::vector<int32_t> ValueRange::convert(const Job& job) const { return job.functional; }
std::vector<std::string_view> ValueRange::random_classes() const { return {kRandomClassNames.begin(), kRandomClassNames.end()}; }

std::vector<int32_t> ValueRange::random(size_t cls, const std::vector<int>& shape, Random& random) const {
  return random_values(static_cast<RandomClass>(cls), element_count(shape), lo, hi, random);
}

void ValueRange::check(const std::vector<int32_t>& data) const {
  for (size_t i = 0; i < data.size(); ++i) {
    const int64_t value = data[i];
    if ((value >= lo && value <= hi) || (zero_too && value == 0)) continue;
    throw BadElement(i, "is " + std::to_string(value) + ", expected " + name);
  }
}

std::string CodeType::encode(double value, int32_t& code) const {
  const functional::FloatLayout& layout = functional::layout_of(format_);
  const uint32_t bits = functional::encode_value(value, format_);
  code = static_cast<int32_t>(bits);
  if (std::isnan(value)) return "";
  if (std::isinf(value)) return layout.infinity ? "" : std::string(format_name(format_)) + " has no infinity: expected a number, .nan or a code in hex";
  const bool over = functional::is_nan(bits, format_) || functional::is_infinite(bits, format_);
  return over ? "expected at most " + decimal(layout.greatest) + " in magnitude, the greatest number of " + std::string(format_name(format_)) : "";
}

int32_t CodeType::parse(const VectorNode& node) const {
  const std::string text = node.plain();
  const std::string wanted = "a number, .inf, .nan or a code of " + std::string(format_name(format_)) + " in hex (0x0 to " + hex(code_mask(format_)) + ")";
  if (text.starts_with("0x") || text.starts_with("0X")) {
    const auto code = parse_integer(text);
    if (!code || *code > int64_t{code_mask(format_)}) node.expected(wanted);
    return static_cast<int32_t>(static_cast<uint32_t>(*code));
  }
  const auto value = parse_real(text);
  if (!value) node.expected(wanted);
  int32_t code = 0;
  if (const std::string problem = encode(*value, code); !problem.empty()) node.fail("is '" + text + "', " + problem);
  return code;
}

DataTypes CodeType::npy_types() const {
  if (format_bits(format_) == 32) return kCodes32;
  if (format_bits(format_) == 16) return kCodes16;
  return kCodes8;
}

std::vector<int32_t> CodeType::unpack(std::string_view bytes, DataType type) const {
  const bool reals = type == DataType::Float32 || type == DataType::Float64;
  if (!reals || (type == DataType::Float32 && format_ == Format::Fp32)) return npu::unpack(bytes, reals ? DataType::UInt32 : type);
  const std::vector<double> values = unpack_reals(bytes, type);
  std::vector<int32_t> out(values.size());
  for (size_t i = 0; i < out.size(); ++i)
    if (const std::string problem = encode(values[i], out[i]); !problem.empty()) throw BadElement(i, "is " + decimal(values[i]) + ", " + problem);
  return out;
}

std::vector<int32_t> CodeType::convert(const Job& job) const {
  if (job.format == format_) return job.functional;
  std::vector<int32_t> out(job.functional.size());
  for (size_t i = 0; i < out.size(); ++i) {
    const auto lane = static_cast<uint32_t>(job.functional[i]);
    // Integers go through FP32, floating-point codes are exact in it (spec section 17.5.8).
    const uint32_t single =
        is_integer(job.format) ? functional::encode_value(functional::value_of(lane, job.format), Format::Fp32) : functional::decode(lane, job.format);
    uint8_t flags = 0;
    out[i] = static_cast<int32_t>(functional::to_lane(single, format_, false, std::nullopt, flags));
  }
  return out;
}

std::vector<std::string_view> CodeType::random_classes() const { return {kFloatClassNames.begin(), kFloatClassNames.end()}; }

std::vector<int32_t> CodeType::random(size_t cls, const std::vector<int>& shape, Random& random) const {
  const auto count = static_cast<int>(element_count(shape));
  const int cols = shape.back();
  return random_codes(static_cast<FloatClass>(cls), format_, count / cols, cols, axis_, random);
}

}  // namespace assay::npu
