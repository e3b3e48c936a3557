// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "cosim/npu/vector_items.hpp"

namespace assay::npu {
namespace {

/// Keys of `cmd` that only one layout has; format is looked at by itself.
constexpr std::array<std::string_view, 4> kFloatFields{"bf16_entries", "relu", "saturate", "stochastic"};
constexpr std::array<std::string_view, 10> kIntegerFields{
    "weight_unsigned", "activation_unsigned", "output_unsigned", "single", "table", "zero_point", "clamp_lo", "clamp_hi", "multiplier", "shift"};

enum class Kind : uint8_t { Either, Integer, Floating };

template <class Keys>
bool has_any(const VectorNode& node, const Keys& keys) {
  return std::any_of(keys.begin(), keys.end(), [&](std::string_view key) { return node.has(key); });
}

void note_format(const VectorNode& node, std::string_view key, Needs& needs) {
  const auto name = node.find(key);
  const auto format = name ? parse_format(name->plain()) : std::nullopt;
  if (format && is_operand_float(*format)) needs.formats |= format_mask(*format);
}

Kind gemm_kind(const VectorNode& gemm, Needs& needs) {
  if (!has_any(gemm, kFloatKeys)) return Kind::Integer;
  for (const std::string_view key : {"format", "a_format", "b_format"}) note_format(gemm, key, needs);
  return Kind::Floating;
}

/// Inline data say how large the array is: as many rows as a beat has lanes and a load has rows, all of them where no k is given.
void note_size(const VectorNode& command, const std::string& op, Needs& needs) {
  const auto data = command.find("data");
  if (!data || !data->is_list() || data->size() == 0 || !data->items()[0].is_list()) return;
  const auto height = static_cast<int>(data->size()), width = static_cast<int>(data->items()[0].size());
  const bool all_rows = !command.has("k");
  if (op == "load_weights") needs.cols = std::max(needs.cols, width);
  needs.rows = std::max(needs.rows, op == "load_weights" ? height : width);
  needs.rows_exactly |= all_rows;
}

Kind command_kind(const VectorNode& command, Needs& needs) {
  const auto op = command.find("op");
  if (!op) return Kind::Either;  // a word
  const std::string name = op->plain();
  if (name == "load_seed" || has_any(command, kFloatFields)) return Kind::Floating;
  if (name == "load_table" || has_any(command, kIntegerFields)) return Kind::Integer;
  const bool takes_data = name == "load_weights" || name == "matmul";
  if (takes_data) note_size(command, name, needs);
  if (command.has("format")) {
    if (takes_data) note_format(command, "format", needs);
    return Kind::Floating;
  }
  const bool raw = command.has("raw") && command.at("raw").plain() == "true";
  return takes_data || (name == "activate" && !raw) ? Kind::Integer : Kind::Either;
}

}  // namespace

Needs vector_needs(const std::filesystem::path& file) {
  Needs needs;
  const VectorNode root = VectorNode::load(file);
  const auto program = root.find("program");
  if (!program || !program->is_list()) return needs;
  for (const VectorNode& item : program->items()) {
    const auto gemm = item.find("gemm"), command = item.find("cmd");
    const Kind kind = gemm ? gemm_kind(*gemm, needs) : command ? command_kind(*command, needs) : Kind::Either;
    needs.integer &= kind != Kind::Floating;
    needs.floating &= kind != Kind::Integer;
  }
  return needs;
}

}  // namespace assay::npu
