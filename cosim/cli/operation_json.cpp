// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/operation_json.hpp"

#include "cosim/cli/element_value.hpp"
#include "cosim/cli/operation_steps.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/npu/operation.hpp"

namespace assay::cli {
namespace {

using npu::Operation;

const char* op_name(Op op) {
  static constexpr const char* kNames[] = {"NOP",        "LOAD_WEIGHTS", "MATMUL", "ACTIVATE",     "LOAD_PARAM",
                                           "LOAD_TABLE", "CLEAR",        "FENCE",  "READ_COUNTER", "LOAD_SEED"};
  return static_cast<size_t>(op) < std::size(kNames) ? kNames[static_cast<size_t>(op)] : "unknown";
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// The command's fields under their names in docs/spec.md sections 4 and 17.3.
Json fields_json(const Command& c, bool floating) {
  Json json = Json::object();
  const auto matrix = [&] { json.update({{"bank", c.bank}, {"base", c.base}, {"stride", c.stride}, {"m", c.m}, {"n", c.n}}); };
  if (c.op == Op::LoadWeights) json["k"] = c.k;
  if (c.op == Op::LoadWeights && !floating) json["weight_unsigned"] = int{c.weight_unsigned};
  if (c.op == Op::Matmul) {
    matrix();
    json.update({{"k", c.k}, {"switch", int{c.switch_weights}}, {"accumulate", int{c.accumulate}}});
    if (floating) json["bf16_entries"] = int{c.bf16_entries};
    if (!floating) json["activation_unsigned"] = int{c.activation_unsigned};
  }
  if (c.op == Op::Activate) {
    matrix();
    json["raw"] = int{c.raw};
    if (floating && !c.raw) json.update({{"relu", int{c.relu}}, {"saturate", int{c.saturate}}, {"stochastic", int{c.stochastic}}});
    if (!floating && !c.raw) {
      json.update({{"single", int{c.single}}, {"table", int{c.table}}, {"output_unsigned", int{c.output_unsigned}}});
      json.update({{"zero_point", c.zero_point}, {"clamp_lo", c.clamp_lo}, {"clamp_hi", c.clamp_hi}});
    }
  }
  const bool has_format = c.op == Op::LoadWeights || c.op == Op::Matmul || (c.op == Op::Activate && !c.raw);
  if (floating && has_format) json["format"] = int{c.format};
  if (c.op == Op::LoadParam) json.update({{"column", c.column}, {"broadcast", int{c.broadcast}}, {"bias", c.bias}});
  if (c.op == Op::LoadParam && !floating) json.update({{"multiplier", c.multiplier}, {"shift", c.shift}});
  if (c.op == Op::LoadTable) json["line"] = c.line;
  if (c.op == Op::LoadSeed) json["seed"] = c.seed;
  return json;
}

Json command_json(const Operation& op, bool floating) {
  if (!op.command) return nullptr;
  return {{"phase", *op.phase}, {"index", *op.command}, {"op", op_name(op.fields.op)}, {"tag", op.fields.tag}, {"fields", fields_json(op.fields, floating)}};
}

/// First index and number along m, k and n of the job's matrices; null where the command does not bind it.
Json tile_json(const Operation& op, const npu::Program& program) {
  if (!op.command || op.origin.job < 0) return nullptr;
  const Command& c = op.fields;
  const auto range = [](int first, int count) { return Json::array({first, count}); };
  Json json = {{"job", program.jobs.at(static_cast<size_t>(op.origin.job)).name}};
  json["m"] = c.op == Op::LoadWeights ? Json(nullptr) : range(op.origin.row, c.m);
  json["k"] = c.op == Op::Activate ? Json(nullptr) : range(op.origin.k, c.k);
  const int columns = c.op == Op::LoadWeights ? program.jobs[static_cast<size_t>(op.origin.job)].cols - op.origin.col : c.n;
  json["n"] = range(op.origin.col, columns);
  return json;
}

/// Where in the job's matrices the value belongs; null where it belongs to no single place.
Json at_json(const Operation& op) {
  Json json = {{"m", nullptr}, {"k", nullptr}, {"n", nullptr}};
  if (!op.command || op.origin.job < 0) return json;
  const Command& c = op.fields;
  if (op.beat && c.op != Op::LoadWeights) json["m"] = op.origin.row + static_cast<int>(*op.beat);
  if (op.row && c.op != Op::Activate && *op.row < c.k) json["k"] = op.origin.k + *op.row;
  if (op.column && (c.op == Op::LoadWeights || *op.column < c.n)) json["n"] = op.origin.col + *op.column;
  return json;
}

Json operands_json(const Operation& op, const Trace& trace) {
  Json json = Json::array();
  for (const npu::OperandUse& use : op.operands) {
    const Field& field = trace.fields()[use.element.field];
    const std::string hex = trace.hex(Side::Model, use.cycle, use.element.field, place_of(field, use.element.index));
    const Json decoded = decoded_json(hex, hex, field.width, field.format);
    Json item = {{"role", use.role}, {"name", field.name + index_text(use.element.index)}, {"cycle", use.cycle}, {"hex", hex}};
    item["value"] = decoded.is_null() ? Json(nullptr) : decoded["model"]["value"];
    json.push_back(std::move(item));
  }
  return json;
}

uint64_t beats_of(const Command& c) { return c.op == Op::LoadWeights ? static_cast<uint64_t>(c.k) : static_cast<uint64_t>(c.m); }

std::string summary(const Operation& op, const npu::Program& program, const Json& at) {
  if (!op.command) return op.unit.empty() ? op.reason : op.unit + " unit: " + op.reason;
  std::string text =
      std::string(op_name(op.fields.op)) + ", command " + grouped(*op.command) + (program.phases.size() > 1 ? " of phase " + grouped(*op.phase) : "");
  if (op.origin.job >= 0) text += ", " + program.jobs[static_cast<size_t>(op.origin.job)].name;
  const bool has_beats = op.fields.op == Op::LoadWeights || op.fields.op == Op::Matmul || op.fields.op == Op::Activate;
  if (op.beat && has_beats) text += (op.fields.op == Op::LoadWeights ? ", row " : ", beat ") + grouped(*op.beat) + " of " + grouped(beats_of(op.fields));
  if (op.issued) text += ", issued in cycle " + grouped(*op.issued);
  std::string place;
  for (const char* axis : {"m", "k", "n"})
    if (!at[axis].is_null()) place += (place.empty() ? "" : ", ") + std::string(axis) + " " + at[axis].dump();
  return text + (place.empty() ? "" : ": " + place);
}

Json none(const std::string& why) {
  Json json;
  for (const char* key : {"unit", "command", "tile", "beat", "issued"}) json[key] = nullptr;
  json["at"] = {{"m", nullptr}, {"k", nullptr}, {"n", nullptr}};
  json["operands"] = json["steps"] = Json::array();
  json["text"] = json["reason"] = why;
  return json;
}

}  // namespace

Json operation_json(const HwConfig& config, const npu::Program& program, const Trace& trace, const Mismatch& first) {
  const auto field = find_field(trace.fields(), first.block, first.field);
  if (!field || (first.kind != "state" && first.kind != "pin")) return none("kind " + first.kind + " names no register or pin of the RTL");
  const ElementRef element{*field, first.index};
  const ElementPlace place = place_of(trace.fields()[*field], first.index);
  if (trace.empty() || !trace.holds(first.cycle) || !trace.differs(first.cycle, *field, place))
    return none("the element does not differ when the run is repeated");
  const uint64_t cycle = trace.onset(first.cycle, *field, place);
  const Operation op = npu::find_operation(config, program, trace, element, cycle);
  Json json = {{"unit", op.unit.empty() ? Json(nullptr) : Json(op.unit)}, {"command", command_json(op, config.floating())}, {"tile", tile_json(op, program)}};
  json["beat"] = or_null(op.beat);
  json["issued"] = or_null(op.issued);
  json["at"] = at_json(op);
  json["operands"] = operands_json(op, trace);
  json["steps"] = operation_steps(config, trace, op, element, cycle);
  json["text"] = summary(op, program, json["at"]);
  json["reason"] = op.reason.empty() ? Json(nullptr) : Json(op.reason);
  return json;
}

}  // namespace assay::cli
