// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/operation_kind.hpp"

#include "model/common/format.hpp"

namespace assay::npu {
namespace {

/// The rule in a word; an accumulation by what its command asks for.
std::string rule_word(const Operation& op) {
  switch (op.rule) {
    case Rule::None:
      return "";
    case Rule::Hold:
      return "hold";
    case Rule::Copy:
      return "copy";
    case Rule::Mac:
      return "mac";
    case Rule::Accumulate:
      return op.command && !op.fields.accumulate ? "overwrite" : "accumulate";
    case Rule::Bias:
      return "bias";
    case Rule::Multiply:
      return "multiply";
    case Rule::Scale:
      return "scale";
    case Rule::Clamp:
      return "clamp";
    case Rule::Table:
      return "table";
    case Rule::Convert:
      return op.command && op.fields.relu ? "relu" : "convert";
    case Rule::Decode:
      return "decode";
  }
  return "";
}

/// The number format of a command: a stream's, or the output's.
std::string command_format(bool floating, const Command& c) {
  if (floating) return c.format < kFormats ? std::string(format_name(static_cast<Format>(c.format))) : "";
  const bool is_unsigned = c.op == Op::LoadWeights ? c.weight_unsigned : c.op == Op::Matmul ? c.activation_unsigned : c.output_unsigned;
  return std::string(format_name(is_unsigned ? Format::Uint8 : Format::Int8));
}

/// The format or mode that the rule reads.
std::string format_word(bool floating, const Operation& op) {
  if (!op.command) return "";
  switch (op.rule) {
    case Rule::Mac:
    case Rule::Decode:
    case Rule::Clamp:
    case Rule::Convert:
      return command_format(floating, op.fields);
    case Rule::Accumulate:
      return floating ? op.fields.bf16_entries ? "bf16" : "fp32" : "";
    case Rule::Multiply:
    case Rule::Scale:
      return op.fields.single ? "single" : "double";
    default:
      return "";
  }
}

}  // namespace

std::string operation_kind(const HwConfig& config, const Operation& operation) {
  if (operation.unit.empty()) return "none";
  const std::string rule = rule_word(operation), format = format_word(config.floating(), operation);
  return operation.unit + (rule.empty() ? "" : "." + rule) + (format.empty() ? "" : ":" + format);
}

}  // namespace assay::npu
