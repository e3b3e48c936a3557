// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/skew.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>
#include <tuple>

namespace assay {
namespace {

constexpr uint64_t kEnough = 16;           ///< cycles in a row, and significant bits
using Value = std::optional<std::string>;  ///< hex; nothing where the element has no value
using Sequence = std::vector<Value>;       ///< per cycle of the trace

Sequence sequence_of(const Trace& trace, Side side, size_t field, const std::vector<int64_t>& index) {
  const ElementPlace place = place_of(trace.fields()[field], index);
  Sequence values;
  for (uint64_t c = trace.first(); c <= trace.last(); ++c)
    values.push_back(trace.defined(c, field, place) ? Value(trace.hex(side, c, field, place)) : std::nullopt);
  return values;
}

/// Significant bits of hex digits.
uint64_t significant_bits(const std::string& hex) {
  const size_t at = hex.find_first_not_of('0');
  if (at == std::string::npos) return 0;
  const int digit = hex[at] <= '9' ? hex[at] - '0' : hex[at] - 'a' + 10;
  return 4 * (hex.size() - at) - (digit >= 8 ? 0 : digit >= 4 ? 1 : digit >= 2 ? 2 : 3);
}

/// What a shift explains of the RTL's sequence from place `from` on.
Skew::Evidence explained(const Sequence& rtl, const Sequence& model, size_t from, int cycles, std::set<std::string>& values) {
  Skew::Evidence e;
  const auto at = [&](size_t t) -> const Value* {
    const auto place = static_cast<int64_t>(t) - cycles;
    return place >= 0 && place < static_cast<int64_t>(model.size()) ? &model[static_cast<size_t>(place)] : nullptr;
  };
  for (size_t t = from; t < rtl.size(); ++t) {
    const Value* shifted = at(t);
    if (shifted == nullptr || !rtl[t] || !*shifted) continue;  // no statement
    ++e.compared;
    if (e.matching + 1 != e.compared) continue;  // the row of matches is over
    if (*rtl[t] != **shifted) continue;
    ++e.matching;
    values.insert(*rtl[t]);
    const Value* before = t == 0 ? nullptr : at(t - 1);
    if (before != nullptr && *before && rtl[t - 1] && *rtl[t - 1] != *rtl[t] && *rtl[t - 1] == **before) ++e.changes;
  }
  e.distinct = values.size();
  return e;
}

/// Whether so much cannot be a quiet register that happens to look the same; `old` is what the RTL held before.
bool believable(const Skew::Evidence& e, const Skew::Shift& shift, int width, std::set<std::string> values, const Value& old) {
  if (e.matching == 0 || e.matching < std::min(kEnough, e.compared)) return false;
  if (shift.lanes == 0 && std::abs(shift.cycles) == 1 && e.changes > 0) return true;
  if (e.changes >= (width == 1 ? 3 : 2)) return true;
  if (old) values.erase(*old);
  uint64_t bits = 0;
  for (const std::string& value : values) bits += significant_bits(value);
  return bits >= kEnough && (e.changes > 0 || shift.lanes != 0);
}

/// Of two shifts the one that explains everything, else the one that explains longer; shifts reach beyond the trace by different lengths.
uint64_t strength(const Skew::Evidence& e) { return e.matching == e.compared ? UINT64_MAX : e.matching; }

/// All shifts, simplest first: time alone, a lane alone, both.
std::vector<Skew::Shift> all_shifts(size_t dimensions) {
  std::vector<Skew::Shift> shifts;
  for (int k = 1; k <= kSkewCycles; ++k) shifts.insert(shifts.end(), {{k, 0, 0}, {-k, 0, 0}});
  for (int k = 0; k <= kSkewCycles; ++k) {
    for (int d = static_cast<int>(dimensions) - 1; d >= 0; --d) {  // along a row first
      for (int lanes : {-1, 1}) {
        shifts.push_back({k, lanes, d});
        if (k != 0) shifts.push_back({-k, lanes, d});
      }
    }
  }
  return shifts;
}

Skew::Verdict unshifted_verdict(const Sequence& rtl, const Sequence& model, size_t from) {
  if (from == 0 || !rtl[from - 1] || !model[from - 1]) return Skew::Verdict::Wrong;
  const bool rtl_moves = *rtl[from] != *rtl[from - 1], model_moves = *model[from] != *model[from - 1];
  if (!rtl_moves) return Skew::Verdict::Held;
  return model_moves ? Skew::Verdict::Wrong : Skew::Verdict::Moved;
}

}  // namespace

Skew find_skew(const Trace& trace, size_t field, const std::vector<int64_t>& index, uint64_t cycle) {
  Skew skew;
  const Field& f = trace.fields()[field];
  const ElementPlace place = place_of(f, index);
  if (trace.empty() || !trace.holds(cycle) || !trace.differs(cycle, field, place)) return skew;
  const uint64_t from = trace.onset(cycle, field, place);
  const auto at = static_cast<size_t>(from - trace.first());
  const Sequence rtl = sequence_of(trace, Side::Rtl, field, index), model = sequence_of(trace, Side::Model, field, index);
  const Value old = at == 0 ? std::nullopt : rtl[at - 1];

  std::vector<std::tuple<int, int, Sequence>> neighbours;  // dimension, lanes, the model's sequence there
  for (size_t d = 0; d < index.size(); ++d) {
    for (int lanes : {-1, 1}) {
      auto other = index;
      other[d] += lanes;
      if (other[d] >= 0 && other[d] < f.shape[d]) neighbours.emplace_back(static_cast<int>(d), lanes, sequence_of(trace, Side::Model, field, other));
    }
  }
  for (const Skew::Shift& shift : all_shifts(index.size())) {
    const Sequence* values_of = &model;
    if (shift.lanes != 0) {
      const auto it =
          std::find_if(neighbours.begin(), neighbours.end(), [&](const auto& n) { return std::get<0>(n) == shift.dimension && std::get<1>(n) == shift.lanes; });
      if (it == neighbours.end()) continue;
      values_of = &std::get<2>(*it);
    }
    std::set<std::string> values;
    Skew::Evidence evidence = explained(rtl, *values_of, at, shift.cycles, values);
    evidence.from = from;
    if (!believable(evidence, shift, f.width, values, old)) continue;
    if (skew.verdict != Skew::Verdict::None && strength(evidence) == strength(skew.evidence)) skew.also.push_back(shift);
    if (skew.verdict != Skew::Verdict::None && strength(evidence) <= strength(skew.evidence)) continue;
    skew = {shift.lanes != 0 ? Skew::Verdict::Lane : shift.cycles > 0 ? Skew::Verdict::Late : Skew::Verdict::Early, shift, {}, evidence};
  }
  if (skew.verdict != Skew::Verdict::None) return skew;

  skew.verdict = unshifted_verdict(rtl, model, at);
  std::set<std::string> values;
  for (size_t t = at; t < rtl.size(); ++t) {
    if (!rtl[t]) continue;
    ++skew.evidence.compared;
    values.insert(*rtl[t]);
  }
  skew.evidence.from = from;
  skew.evidence.distinct = values.size();
  return skew;
}

const char* skew_name(Skew::Verdict verdict) {
  static constexpr const char* kNames[] = {"late", "early", "lane", "held", "moved", "wrong", "none"};
  return kNames[static_cast<size_t>(verdict)];
}

}  // namespace assay
