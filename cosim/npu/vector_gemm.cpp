// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cosim/npu/vector_items.hpp"

namespace assay::npu {
namespace {

constexpr int64_t kIdentityMultiplier = 1 << 30;  ///< with shift 1: x · 2 · 2^30 / 2^31 = x
constexpr int64_t kIdentityShift = 1;

void read_clamp(const VectorNode& requant, GemmSpec& spec) {
  const int64_t lo = spec.mode.output_unsigned ? 0 : -128;
  spec.mode.clamp_lo = static_cast<int>(lo);
  spec.mode.clamp_hi = static_cast<int>(lo + 255);
  const auto clamp = requant.find("clamp");
  if (!clamp) return;
  const auto ends = clamp->items();
  if (ends.size() != 2) clamp->fail("has " + std::to_string(ends.size()) + " values, expected [lo, hi]");
  spec.mode.clamp_lo = static_cast<int>(ends[0].integer(lo, lo + 255));
  spec.mode.clamp_hi = static_cast<int>(ends[1].integer(spec.mode.clamp_lo, lo + 255));
}

void read_requant(const VectorNode& node, OperandReader& operands, const std::vector<Job>& jobs, GemmSpec& spec) {
  node.keys({"bias", "multiplier", "shift", "zero_point", "clamp", "mode", "output_unsigned", "table"});
  spec.mode.output_unsigned = node.boolean_or("output_unsigned", false);
  const ValueRange& format = spec.mode.output_unsigned ? kUInt8 : kInt8;
  spec.mode.zero_point = static_cast<int>(node.integer_or("zero_point", 0, format.lo, format.hi));
  if (const auto mode = node.find("mode")) spec.mode.single = mode->one_of({"double", "single"}) == 1;
  read_clamp(node, spec);
  const int n = spec.b.cols;
  const auto column = [&](const char* key, const ValueRange& range, int64_t fallback) {
    const auto value = node.find(key);
    return value ? operands.row(*value, range, jobs, n) : std::vector<int32_t>(static_cast<size_t>(n), static_cast<int32_t>(fallback));
  };
  const auto bias = column("bias", kInt32, 0);
  const auto multiplier = column("multiplier", kMultiplier, kIdentityMultiplier);
  const auto shift = column("shift", kShift, kIdentityShift);
  for (size_t c = 0; c < bias.size(); ++c) spec.params.push_back({bias[c], static_cast<uint32_t>(multiplier[c]), shift[c]});
  if (const auto table = node.find("table")) {
    const auto values = operands.row(*table, format, jobs, 256);
    spec.table.emplace();
    for (size_t i = 0; i < 256; ++i) (*spec.table)[i] = static_cast<uint8_t>(values[i] & 0xFF);
  }
}

}  // namespace

std::string read_job_name(const VectorNode& node, const std::vector<Job>& jobs) {
  std::string text = "gemm" + std::to_string(jobs.size());
  const auto name = node.find("name");
  if (name) text = name->text();
  for (const Job& job : jobs)
    if (job.name == text) (name ? *name : node).fail("'" + text + "' stands twice, expected a name of its own");
  return text;
}

void read_gemm(const VectorNode& node, OperandReader& operands, Planner& planner) {
  for (const std::string_view key : kFloatKeys)
    if (const auto found = node.find(key))
      found->fail("asks for floating point, expected a product of integers (requant, or raw: true): " + planner.config().name + " is an integer tile");
  node.keys({"name", "a", "b", "a_zero_point", "b_zero_point", "a_unsigned", "b_unsigned", "requant", "raw", "m_tile", "expect"});
  const std::vector<Job>& jobs = planner.jobs();
  GemmSpec spec;
  spec.name = read_job_name(node, jobs);
  spec.a_unsigned = node.boolean_or("a_unsigned", false);
  spec.b_unsigned = node.boolean_or("b_unsigned", false);
  const ValueRange& a_range = spec.a_unsigned ? kUInt8 : kInt8;
  spec.a_zero_point = static_cast<int>(node.integer_or("a_zero_point", 0, a_range.lo, a_range.hi));
  if (const auto zero = node.find("b_zero_point"); zero && zero->integer(-128, 255) != 0)
    zero->expected("0: the tile has no weight zero point, weights must be symmetric");
  spec.a = operands.matrix(node.at("a"), a_range, jobs);
  const VectorNode b = node.at("b");
  spec.b = operands.matrix(b, spec.b_unsigned ? kUInt8 : kInt8, jobs);
  if (spec.b.rows != spec.a.cols)
    b.fail("has shape " + shape_text({spec.b.rows, spec.b.cols}) + ", expected [" + std::to_string(spec.a.cols) + ", N] to follow a of shape " +
           shape_text({spec.a.rows, spec.a.cols}));
  spec.mode.raw = node.boolean_or("raw", false);
  const auto requant = node.find("requant");
  if (requant.has_value() == spec.mode.raw)
    node.fail(spec.mode.raw ? "has requant and raw: true, expected one of them" : "has neither requant nor raw: true, expected one of them");
  if (requant) read_requant(*requant, operands, jobs, spec);
  if (spec.mode.raw && spec.a_zero_point != 0) node.at("a_zero_point").expected("0 with raw: true, which has no bias to fold it into");
  spec.m_tile = static_cast<int>(node.integer_or("m_tile", 0, 0, 4096));
  if (const auto expect = node.find("expect")) {
    functional::Matrix values = operands.matrix(*expect, kInt32, jobs);
    if (values.rows != spec.a.rows || values.cols != spec.b.cols)
      expect->fail("has shape " + shape_text({values.rows, values.cols}) + ", expected " + shape_text({spec.a.rows, spec.b.cols}));
    spec.expect = std::move(values.data);
  }
  planner.gemm(spec);
}

}  // namespace assay::npu
