// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/skew_json.hpp"

#include <cstdlib>

#include "cosim/cli/text.hpp"
#include "cosim/engine/skew.hpp"

namespace assay::cli {
namespace {

std::string cycles_text(int cycles) {
  const int n = std::abs(cycles);
  return std::to_string(n) + (n == 1 ? " cycle " : " cycles ") + (cycles > 0 ? "late" : "early");
}

std::string shift_text(const Skew::Shift& shift, const Mismatch& m) {
  if (shift.lanes == 0) return "the right value, " + cycles_text(shift.cycles);
  auto other = m.index;
  other[static_cast<size_t>(shift.dimension)] += shift.lanes;
  return "the value of " + m.field + index_text(other) + (shift.cycles == 0 ? "" : ", " + cycles_text(shift.cycles));
}

std::string verdict_text(const Skew& skew, const Mismatch& m) {
  switch (skew.verdict) {
    case Skew::Verdict::Held:
      return "held: the RTL keeps its value, the model moves on; no shift explains it";
    case Skew::Verdict::Moved:
      return "moved: the RTL changes its value, the model keeps it; no shift explains it";
    case Skew::Verdict::Wrong:
      return "wrong value: no shift of up to " + std::to_string(kSkewCycles) + " cycles and one lane explains it";
    default:
      return shift_text(skew.shift, m);
  }
}

Json shift_json(const Skew::Shift& shift) {
  Json json = {{"cycles", shift.cycles}, {"lanes", shift.lanes}};
  json["dimension"] = shift.lanes == 0 ? Json(nullptr) : Json(shift.dimension);
  return json;
}

Json none(const std::string& why) {
  return {{"verdict", "none"}, {"cycles", 0}, {"lanes", 0}, {"dimension", nullptr}, {"text", why}, {"evidence", nullptr}, {"also", Json::array()}};
}

}  // namespace

Json skew_json(const Trace& trace, const Mismatch& first) {
  const auto field = find_field(trace.fields(), first.block, first.field);
  if (!field || (first.kind != "state" && first.kind != "pin")) return none("not tried: kind " + first.kind + " has no sequence of values in the RTL");
  const Skew skew = find_skew(trace, *field, first.index, first.cycle);
  if (skew.verdict == Skew::Verdict::None) return none("not tried: the element does not differ when the run is repeated");
  const Skew::Evidence& e = skew.evidence;
  Json json = {{"verdict", skew_name(skew.verdict)}};
  json.update(shift_json(skew.shift));
  const bool shifted = e.matching > 0;
  json["text"] = verdict_text(skew, first) + (shifted ? " (" + grouped(e.matching) + " of " + grouped(e.compared) + " cycles match, " + grouped(e.distinct) +
                                                            " distinct values, " + grouped(e.changes) + " changes)"
                                                      : "");
  json["evidence"] = {{"from", e.from}, {"compared", e.compared}, {"matching", e.matching}, {"changes", e.changes}, {"distinct", e.distinct}};
  json["also"] = Json::array();
  constexpr size_t kMost = 8;
  for (size_t i = 0; i < skew.also.size() && i < kMost; ++i) {
    Json other = shift_json(skew.also[i]);
    other["text"] = shift_text(skew.also[i], first);
    json["also"].push_back(std::move(other));
  }
  return json;
}

}  // namespace assay::cli
