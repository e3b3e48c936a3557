// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/signature.hpp"

#include <cstdlib>

#include "cosim/engine/skew.hpp"
#include "cosim/npu/operation_kind.hpp"

namespace assay::cli {
namespace {

/// skew_3 → skew: the number is a row or a stage.
std::string family_of(const std::string& field) {
  const size_t digits = field.find_last_not_of("0123456789") + 1;
  return digits < field.size() && digits > 1 && field[digits - 1] == '_' ? field.substr(0, digits - 1) : field;
}

/// A job's name is the vector's own: its results are all out_data.
std::string place_of(const Mismatch& m) {
  const bool output = m.kind == "functional" || m.kind == "expect";
  return m.block + "." + (output && m.field != "rsp_data" ? "out_data" : family_of(m.field));
}

/// held, moved, wrong; late:1, early:2; lane:-1, or with cycles lane:-1:1.
std::string error_class(const Skew& skew) {
  std::string text = skew_name(skew.verdict);
  if (skew.verdict == Skew::Verdict::Late || skew.verdict == Skew::Verdict::Early) return text + ":" + std::to_string(std::abs(skew.shift.cycles));
  if (skew.verdict != Skew::Verdict::Lane) return text;
  return text + ":" + std::to_string(skew.shift.lanes) + (skew.shift.cycles == 0 ? "" : ":" + std::to_string(skew.shift.cycles));
}

}  // namespace

std::string coarse_signature(const Mismatch& first) { return "npu/" + place_of(first) + "/" + first.kind; }

Signature signature_of(const HwConfig& config, const npu::Program& program, const Mismatch& first, const Trace& trace) {
  Signature signature{coarse_signature(first), {}};
  if (first.kind != "state" && first.kind != "pin") return signature;
  const auto field = find_field(trace.fields(), first.block, first.field);
  if (!field || trace.empty() || !trace.holds(first.cycle)) return signature;
  const Skew skew = find_skew(trace, *field, first.index, first.cycle);
  if (skew.verdict == Skew::Verdict::None) return signature;
  // The operation that made the value, not the one that reads it: a memory may be looked at long after it was written.
  const uint64_t onset = trace.onset(first.cycle, *field, place_of(trace.fields()[*field], first.index));
  const std::string operation = npu::operation_kind(config, npu::find_operation(config, program, trace, {*field, first.index}, onset));
  signature.fine = signature.coarse + "/" + operation + "/" + first.format + "/" + error_class(skew);
  return signature;
}

Json signature_json(const Signature& signature) {
  Json json = {{"coarse", signature.coarse}};
  json["fine"] = signature.fine.empty() ? Json(nullptr) : Json(signature.fine);
  return json;
}

}  // namespace assay::cli
