// SPDX-License-Identifier: Apache-2.0
#include "cosim/coverage/results.hpp"

#include "cosim/common/process.hpp"
#include "model/common/config.hpp"

namespace assay::coverage {
namespace {

constexpr const char* kKinds[] = {"normal", "ignored", "illegal"};

void join(Cell& into, const Cell& from) {
  // wanted anywhere is wanted; what is illegal anywhere must never happen
  const auto weight = [](BinKind kind) { return kind == BinKind::Ignored ? 0 : kind == BinKind::Normal ? 1 : 2; };
  if (weight(from.kind) > weight(into.kind) || (from.kind == into.kind && from.reason < into.reason)) into.kind = from.kind, into.reason = from.reason;
  if (into.reach.empty() || (!from.reach.empty() && from.reach < into.reach)) into.reach = from.reach;
  into.hits += from.hits;
  if (into.first.empty() || (!from.first.empty() && from.first < into.first)) into.first = from.first;
}

void join(PointResults& into, const PointResults& from) {
  const auto least = [](std::string& a, const std::string& b) {
    if (a.empty() || (!b.empty() && b < a)) a = b;
  };
  least(into.section, from.section), least(into.about, from.about), least(into.field, from.field);
  for (const auto& [label, cell] : from.bins) {
    const auto [place, fresh] = into.bins.emplace(label, cell);
    if (!fresh) join(place->second, cell);
  }
}

[[noreturn]] void bad(const std::string& file, const std::string& key, const std::string& what) { throw InputError(file + ":1: " + key + ": " + what); }

Cell cell_of(const Json& json, const std::string& file, const std::string& key) {
  static const std::set<std::string> kKeys{"kind", "reason", "reach", "hits", "first"};
  for (const auto& [name, value] : json.items())
    if (!kKeys.contains(name)) bad(file, key + "." + name, "is not known, expected kind, reason, reach, hits and first");
  Cell cell;
  cell.hits = json.at("hits").get<uint64_t>();
  cell.reason = json.value("reason", ""), cell.reach = json.value("reach", ""), cell.first = json.value("first", "");
  const std::string kind = json.value("kind", "normal");
  for (int k = 0; k < 3; ++k)
    if (kind == kKinds[k]) return cell.kind = static_cast<BinKind>(k), cell;
  bad(file, key + ".kind", "is '" + kind + "', expected normal, ignored or illegal");
}

}  // namespace

void Results::add(const Space& space, const Hits& hits, const std::string& vector) {
  std::vector<uint64_t> counts(space.size());
  hits.each([&](uint32_t bin) { counts[bin] = 1; });
  add(space, counts, 1, [&](uint32_t) { return vector; });
}

void Results::add(const Space& space, const std::vector<uint64_t>& counts, uint64_t vectors, const std::function<std::string(uint32_t)>& first) {
  Results more;
  more.vectors_ = vectors;
  for (const Point& point : space.points()) {
    PointResults& there = more.points_[point.name];
    there.section = point.section, there.about = point.about, there.field = point.field;
    for (uint32_t bin = point.first; bin < point.first + point.bins; ++bin) {
      there.bins[space.label(bin)] = {space.kind(bin), space.reason(bin), reach_of(point, bin), counts[bin], counts[bin] == 0 ? "" : first(bin)};
    }
  }
  merge(more);
}

void Results::merge(const Results& other) {
  for (const auto& [name, point] : other.points_) join(points_[name], point);
  vectors_ += other.vectors_;
  builds_.insert(other.builds_.begin(), other.builds_.end());
}

Totals Results::totals(const PointResults& point) {
  Totals sum;
  for (const auto& [label, cell] : point.bins) {
    if (cell.kind != BinKind::Normal) continue;
    ++sum.bins, sum.hit += cell.hits > 0;
  }
  return sum;
}

Totals Results::totals() const {
  Totals sum;
  for (const auto& [name, point] : points_) {
    const Totals one = totals(point);
    sum.bins += one.bins, sum.hit += one.hit;
  }
  return sum;
}

std::vector<std::string> Results::illegal_hits() const {
  std::vector<std::string> names;
  for (const auto& [name, point] : points_)
    for (const auto& [label, cell] : point.bins)
      if (cell.kind == BinKind::Illegal && cell.hits > 0) names.push_back(name + "/" + label);
  return names;
}

Json Results::json() const {
  Json points = Json::object();
  for (const auto& [name, point] : points_) {
    Json bins = Json::object();
    for (const auto& [label, cell] : point.bins) {
      Json one = {{"hits", cell.hits}};
      if (cell.kind != BinKind::Normal) one["kind"] = kKinds[static_cast<size_t>(cell.kind)], one["reason"] = cell.reason;
      if (cell.hits > 0) one["first"] = cell.first;
      if (!cell.reach.empty()) one["reach"] = cell.reach;
      bins[label] = std::move(one);
    }
    points[name] = {{"section", point.section}, {"about", point.about}, {"field", point.field}, {"bins", std::move(bins)}};
  }
  const Totals sum = totals();
  return {{"schema", kCoverageSchema}, {"vectors", vectors_}, {"builds", builds_}, {"bins", sum.bins}, {"hit", sum.hit}, {"points", std::move(points)}};
}

Results Results::from_json(const Json& json, const std::string& file) {
  Results out;
  try {
    if (json.value("schema", "") != kCoverageSchema) bad(file, "schema", "is '" + json.value("schema", "") + "', expected " + kCoverageSchema);
    out.vectors_ = json.at("vectors").get<uint64_t>();
    out.builds_ = json.at("builds").get<std::set<std::string>>();
    for (const auto& [name, point] : json.at("points").items()) {
      PointResults& there = out.points_[name];
      there.section = point.at("section").get<std::string>(), there.about = point.at("about").get<std::string>();
      there.field = point.at("field").get<std::string>();
      for (const auto& [label, cell] : point.at("bins").items()) there.bins[label] = cell_of(cell, file, "points." + name + ".bins." + label);
    }
    const Totals sum = out.totals();
    if (json.at("bins") != sum.bins || json.at("hit") != sum.hit) bad(file, "hit", "is not the number of hit bins in the file");
  } catch (const Json::exception& error) {
    bad(file, "coverage", std::string("is damaged (") + error.what() + "), expected what `assay run --coverage` or a sweep wrote");
  }
  return out;
}

Results Results::load(const std::filesystem::path& file) {
  const Json json = try_parse_json(read_file(file));
  if (json.is_discarded() || !json.is_object()) bad(file.string(), "coverage", "is no JSON object, expected schema " + std::string(kCoverageSchema));
  return from_json(json, file.string());
}

}  // namespace assay::coverage
