// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/vector.hpp"

#include "cosim/npu/vector_items.hpp"

namespace assay::npu {
namespace {

constexpr std::string_view kSchema = "assay/vector/1";

void read_item(const VectorNode& item, OperandReader& operands, Planner& planner, size_t position) {
  item.keys({"gemm", "cmd", "reset", "idle"});
  if (item.size() != 1) item.fail("has " + std::to_string(item.size()) + " keys, expected one of gemm, cmd, reset or idle");
  if (const auto gemm = item.find("gemm")) return planner.config().floating() ? read_float_gemm(*gemm, operands, planner) : read_gemm(*gemm, operands, planner);
  if (const auto command = item.find("cmd")) return read_command(*command, operands, planner, position);
  if (const auto reset = item.find("reset")) {
    reset->keys({"after", "cycles"});
    const int64_t after = reset->at("after").integer(0, INT64_C(1) << 40);
    return planner.reset(after, static_cast<int>(reset->integer_or("cycles", 2, 1, 1000000)));
  }
  planner.idle(item.at("idle").integer(0, INT64_C(1) << 40));
}

void check_schema(const VectorNode& root) {
  root.keys({"schema", "name", "description", "stall", "program"});
  const VectorNode schema = root.at("schema");
  if (schema.text() != kSchema) schema.expected(std::string(kSchema));
}

}  // namespace

Program load_vector(const std::filesystem::path& file, const HwConfig& config, const LoadOptions& options) {
  const VectorNode root = VectorNode::load(file);
  check_schema(root);
  const auto name = root.find("name");
  Planner planner(config, name ? name->text() : file.stem().string());
  if (const auto description = root.find("description")) description->text();
  const auto stall = root.find("stall");
  const StallProfiles profiles = stall ? read_stall(*stall) : StallProfiles{};
  const VectorNode program = root.at("program");
  OperandReader operands(file.parent_path(), options);
  const auto items = program.items();
  if (items.empty()) program.fail("is empty, expected at least one of gemm, cmd, reset or idle");
  for (size_t i = 0; i < items.size(); ++i) read_item(items[i], operands, planner, i);
  return planner.finish(profiles);
}

}  // namespace assay::npu
