// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/history_json.hpp"

#include <algorithm>

#include "cosim/cli/text.hpp"
#include "cosim/npu/upstream.hpp"

namespace assay::cli {
namespace {

constexpr uint64_t kBefore = 15, kAfter = 4;  ///< cycles before and after the divergence's own
constexpr size_t kMaxSources = 16;            ///< elements and pins
constexpr size_t kMaxPinBytes = 64;

struct Window {
  uint64_t from, to;
};

Json value_json(const Trace& trace, Side side, uint64_t cycle, size_t field, const ElementPlace& place) {
  return trace.defined(cycle, field, place) ? Json(trace.hex(side, cycle, field, place)) : Json(nullptr);
}

/// The bits that differ; nothing where the sides are equal or have no value.
Json difference_json(const Trace& trace, uint64_t cycle, size_t field, const ElementPlace& place) {
  if (!trace.differs(cycle, field, place)) return nullptr;
  const std::string a = trace.hex(Side::Rtl, cycle, field, place), b = trace.hex(Side::Model, cycle, field, place);
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string text;
  for (size_t i = 0; i < a.size(); ++i) text += "0123456789abcdef"[digit(a[i]) ^ digit(b[i])];
  return text;
}

Json element_json(const Trace& trace, const ElementRef& element, const Window& window) {
  const Field& field = trace.fields()[element.field];
  const ElementPlace place = place_of(field, element.index);
  Json json = {{"name", field.name + index_text(element.index)}, {"block", field.block}, {"field", field.name}, {"index", element.index}};
  json["width"] = field.width;
  json["format"] = field.format;
  for (const char* key : {"rtl", "model", "xor"}) json[key] = Json::array();
  for (uint64_t c = window.from; c <= window.to; ++c) {
    json["rtl"].push_back(value_json(trace, Side::Rtl, c, element.field, place));
    json["model"].push_back(value_json(trace, Side::Model, c, element.field, place));
    json["xor"].push_back(difference_json(trace, c, element.field, place));
  }
  return json;
}

Json pin_json(const Trace& trace, size_t pin, const Window& window) {
  const Trace::Pin& p = trace.pins()[pin];
  Json json = {{"name", p.name}, {"values", Json::array()}};
  for (uint64_t c = window.from; c <= window.to; ++c) {
    const uint8_t* bytes = trace.pin(c, pin);
    std::string hex;
    for (size_t b = p.bytes; b-- > 0;) hex += {"0123456789abcdef"[bytes[b] >> 4], "0123456789abcdef"[bytes[b] & 15]};
    json["values"].push_back(hex);
  }
  return json;
}

Json none(const std::string& why) {
  return {{"from", nullptr}, {"to", nullptr}, {"cycle", nullptr}, {"elements", Json::array()}, {"pins", Json::array()}, {"left_out", 0}, {"reason", why}};
}

}  // namespace

Json history_json(const HwConfig& config, const Trace& trace, const Mismatch& first) {
  const auto field = find_field(trace.fields(), first.block, first.field);
  if (!field || (first.kind != "state" && first.kind != "pin")) return none("kind " + first.kind + " names no register or pin of the RTL");
  if (trace.empty() || !trace.holds(first.cycle)) return none("the run, repeated, did not reach the cycle");
  const ElementRef element{*field, first.index};
  const Window window{std::max(trace.first(), first.cycle < kBefore ? 0 : first.cycle - kBefore), std::min(trace.last(), first.cycle + kAfter)};
  const npu::Sources sources = npu::Upstream(config, trace.fields()).of(trace, first.cycle, element);

  Json json = {{"from", window.from}, {"to", window.to}, {"cycle", first.cycle}};
  json["elements"] = Json::array({element_json(trace, element, window)});
  size_t left_out = 0;
  for (const ElementRef& source : sources.elements) {
    if (json["elements"].size() > kMaxSources) {
      ++left_out;
    } else {
      json["elements"].push_back(element_json(trace, source, window));
    }
  }
  json["pins"] = Json::array();
  for (size_t p = 0; p < trace.pins().size(); ++p) {
    if (std::find(sources.pins.begin(), sources.pins.end(), trace.pins()[p].name) == sources.pins.end()) continue;
    if (trace.pins()[p].bytes > kMaxPinBytes) {
      ++left_out;
    } else {
      json["pins"].push_back(pin_json(trace, p, window));
    }
  }
  json["left_out"] = left_out;
  json["reason"] = nullptr;
  return json;
}

}  // namespace assay::cli
