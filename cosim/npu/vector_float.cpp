// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cosim/npu/vector_items.hpp"

namespace assay::npu {
namespace {

using functional::FloatGemm;

Format first_format(const HwConfig& config) {
  for (int code = 0; code < kFormats; ++code)
    if (config.has(static_cast<Format>(code))) return static_cast<Format>(code);
  return Format::Bf16;
}

void read_formats(const VectorNode& node, const HwConfig& config, FloatGemm& product) {
  const auto both = node.find("format");
  if (both) {
    for (const char* key : {"a_format", "b_format"})
      if (const auto other = node.find(key)) other->fail("stands beside format, expected format, or a_format and b_format");
    product.a_format = product.b_format = read_operand_format(*both, config);
    return;
  }
  if (!node.has("a_format") && !node.has("b_format")) {
    const std::string wanted = "expected format, or a_format and b_format: " + config.name + " has " + format_list(config);
    for (const std::string_view key : kIntegerKeys)
      if (const auto integer = node.find(key)) integer->fail("asks for integers, " + wanted);
    node.fail("names no format, " + wanted);
  }
  product.a_format = read_operand_format(node.at("a_format"), config);
  product.b_format = read_operand_format(node.at("b_format"), config);
}

/// `output: {…}`: through the activation unit; absent, without bias and relu, the accumulators leave as they are.
void read_output(const VectorNode& output, const HwConfig& config, FloatGemm& product) {
  output.keys({"format", "saturate", "round", "seed"});
  if (const auto format = output.find("format")) product.format = read_output_format(*format, config);
  const bool narrowing = is_operand_float(product.format);
  const std::string only = ": only bf16, fp16, e5m2, e4m3 and e4m3fn are narrowed to";
  product.saturate = output.boolean_or("saturate", false);
  if (product.saturate && !narrowing) output.at("saturate").expected("false with format " + std::string(format_name(product.format)) + only);
  if (const auto round = output.find("round")) {
    product.stochastic = round->one_of({"nearest", "stochastic"}) == 1;
    if (product.stochastic && !narrowing) round->expected("nearest with format " + std::string(format_name(product.format)) + only);
  }
  if (const auto seed = output.find("seed")) {
    if (!product.stochastic) seed->fail("stands without round: stochastic, expected only with it");
    product.seed = static_cast<uint32_t>(seed->integer(0, UINT32_MAX));
  }
}

std::vector<int32_t> read_expected(const VectorNode& node, OperandReader& operands, const std::vector<Job>& jobs, const FloatGemm& product) {
  const Format format = product.raw ? Format::Fp32 : product.format;
  const ValueRange& range = format == Format::Int8 ? kInt8 : format == Format::Uint8 ? kUInt8 : kInt32;
  const CodeType codes(format == Format::Int8 || format == Format::Uint8 || format == Format::Int32 ? Format::Fp32 : format);
  const ElementType& type = is_integer(format) ? static_cast<const ElementType&>(range) : codes;
  functional::Matrix values = operands.matrix(node, type, jobs);
  if (values.rows != product.a.rows || values.cols != product.b.cols)
    node.fail("has shape " + shape_text({values.rows, values.cols}) + ", expected " + shape_text({product.a.rows, product.b.cols}));
  return std::move(values.data);
}

std::vector<uint32_t> read_bias(const VectorNode& node, OperandReader& operands, const std::vector<Job>& jobs, int columns) {
  const auto bias = node.find("bias");
  if (!bias) return std::vector<uint32_t>(static_cast<size_t>(columns), functional::kMinusZero);
  const std::vector<int32_t> bits = operands.row(*bias, CodeType(Format::Fp32), jobs, columns);
  return {bits.begin(), bits.end()};
}

}  // namespace

std::string format_list(const HwConfig& config) {
  std::string text;
  for (int code = 0; code < kFormats; ++code)
    if (config.has(static_cast<Format>(code))) text += (text.empty() ? "" : ", ") + std::string(format_name(static_cast<Format>(code)));
  return text;
}

Format read_operand_format(const VectorNode& node, const HwConfig& config) {
  const std::string name = node.plain();
  if (name == "any") return first_format(config);
  const auto format = parse_format(name);
  if (!format || !is_operand_float(*format) || !config.has(*format)) node.expected("a format of " + config.name + " (" + format_list(config) + "), or any");
  return *format;
}

Format read_output_format(const VectorNode& node, const HwConfig& config) {
  std::vector<std::string_view> names(kFormatNames.begin(), kFormatNames.end());
  names.push_back("any");
  const size_t index = node.one_of(names);
  return index == kFormats ? first_format(config) : static_cast<Format>(index);
}

void read_float_gemm(const VectorNode& node, OperandReader& operands, Planner& planner) {
  const HwConfig& config = planner.config();
  const std::vector<Job>& jobs = planner.jobs();
  FloatSpec spec;
  FloatGemm& product = spec.product;
  read_formats(node, config, product);
  node.keys({"name", "a", "b", "format", "a_format", "b_format", "entries", "bias", "relu", "output", "m_tile", "expect", "expect_rows"});
  spec.name = read_job_name(node, jobs);
  if (const auto entries = node.find("entries")) product.bf16_entries = entries->one_of({"fp32", "bf16"}) == 1;
  product.a = operands.matrix(node.at("a"), CodeType(product.a_format, KAxis::Columns), jobs);
  const VectorNode b = node.at("b");
  product.b = operands.matrix(b, CodeType(product.b_format, KAxis::Rows), jobs);
  if (product.b.rows != product.a.cols)
    b.fail("has shape " + shape_text({product.b.rows, product.b.cols}) + ", expected [" + std::to_string(product.a.cols) + ", N] to follow a of shape " +
           shape_text({product.a.rows, product.a.cols}));
  product.relu = node.boolean_or("relu", false);
  const auto output = node.find("output");
  product.raw = !output && !product.relu && !node.has("bias");
  if (!product.raw) product.bias = read_bias(node, operands, jobs, product.b.cols);
  if (output) read_output(*output, config, product);
  spec.m_tile = static_cast<int>(node.integer_or("m_tile", 0, 0, 4096));
  const auto expect = node.find("expect");
  const auto rows = node.find("expect_rows");
  if (rows && !expect) rows->fail("stands without expect, expected only with it");
  if (expect) {
    std::vector<int32_t> values = read_expected(*expect, operands, jobs, product);
    // Sums depend on the K tile, so values from elsewhere may be right for one number of rows only.
    if (!rows || rows->integer(1, 128) == config.rows) spec.expect = std::move(values);
  }
  planner.gemm(spec);
}

}  // namespace assay::npu
