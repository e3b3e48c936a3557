// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/spread_json.hpp"

#include "cosim/engine/spread.hpp"

namespace assay::cli {
namespace {

constexpr uint64_t kMaxCells = 8192;  ///< of all heat maps together
constexpr size_t kMaxElements = 32;   ///< listed by name, per field
constexpr size_t kMaxFields = 64;
constexpr size_t kMaxValues = 2048;  ///< cells of which both values are told

/// Both sides of the cells of a map, as many as still fit.
Json values_json(const Trace& trace, const Spread::PerField& found, size_t& left) {
  Json values = Json::array();
  const Field& field = trace.fields()[found.field];
  for (const Spread::Cell& cell : found.cells) {
    if (left == 0) break;
    --left;
    const ElementPlace place = place_of(field, {cell.row, cell.col});
    values.push_back({trace.hex(Side::Rtl, cell.cycle, found.field, place), trace.hex(Side::Model, cell.cycle, found.field, place)});
  }
  return values;
}

Json field_json(const Trace& trace, const Spread::PerField& found, size_t& values_left) {
  const Field& field = trace.fields()[found.field];
  Json json = {{"block", field.block},   {"field", field.name},  {"shape", field.shape},          {"width", field.width},
               {"format", field.format}, {"first", found.first}, {"count", found.elements.size()}};
  json["elements"] = Json::array();
  for (size_t i = 0; i < found.elements.size() && i < kMaxElements; ++i) {
    const Spread::Element& e = found.elements[i];
    json["elements"].push_back({{"index", e.index}, {"first", e.first}, {"cycles", e.cycles}});
  }
  json["map"] = json["values"] = nullptr;
  if (field.shape.size() != 2) return json;
  json["map"] = Json::array();
  for (const Spread::Cell& cell : found.cells) json["map"].push_back({cell.cycle, cell.row, cell.col});
  json["values"] = values_json(trace, found, values_left);
  return json;
}

}  // namespace

Json spread_json(const Trace& trace, const Mismatch& first) {
  const Spread spread = find_spread(trace, first.cycle, kMaxCells);
  Json json = {{"from", spread.from}, {"to", spread.to}, {"elements", spread.elements}, {"field_count", spread.fields.size()}};
  json["map_cycles"] = spread.map_cycles;
  json["fields"] = Json::array();
  size_t values_left = kMaxValues;
  for (size_t i = 0; i < spread.fields.size() && i < kMaxFields; ++i) json["fields"].push_back(field_json(trace, spread.fields[i], values_left));
  return json;
}

}  // namespace assay::cli
