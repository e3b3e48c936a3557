// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/stimulus/dials.hpp"

#include <algorithm>

#include "model/common/config.hpp"

namespace assay::npu {
namespace {

template <class Names>
std::string joined(const Names& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

}  // namespace

const std::array<Dials::Dial, Dials::kCount>& Dials::table() {
  static const std::array<Dial, kCount> dials{{
      {"order",
       "what a stretch of commands is about",
       {"job", "switch", "handover", "params", "barrier", "triples", "random", "directed", "overflow", "reset", "idle"}},
      {"values",
       "what operands are made of",
       {"uniform", "zeros", "ones", "extremes", "powers", "corners", "subnormal", "specials", "storm", "ties", "cancel", "sparse", "small", "network"}},
      {"shape", "sizes beside the limit of their dimension", {"any", "one", "below", "tile", "above", "multiple", "max"}},
      {"stall", "how the streams are held back", {"none", "light", "heavy", "burst", "pingpong", "long"}},
      {"landing", "where solved operands make a result land", {"tie", "neartie", "overflow", "subnormal", "zero", "saturate", "special"}},
      {"illegal", "share of illegal commands", {"none", "some", "many"}},
  }};
  return dials;
}

Dials Dials::parse(std::string_view text, const std::string& where) {
  Dials out;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    const size_t equals = std::min(item.find('='), item.size());
    const std::string_view name = item.substr(0, equals), setting = item.substr(std::min(equals + 1, item.size()));
    const auto* const dial = std::find_if(table().begin(), table().end(), [&](const Dial& d) { return d.name == name; });
    if (dial == table().end()) {
      std::vector<std::string_view> names;
      for (const Dial& d : table()) names.push_back(d.name);
      throw InputError(where + ": no dial '" + std::string(name) + "', expected dial=setting with one of " + joined(names));
    }
    const auto found = std::find(dial->settings.begin(), dial->settings.end(), setting);
    if (found == dial->settings.end())
      throw InputError(where + ": dial " + std::string(name) + " is '" + std::string(setting) + "', expected one of " + joined(dial->settings));
    const auto index = static_cast<size_t>(dial - table().begin());
    if (out.pinned(index)) throw InputError(where + ": dial " + std::string(name) + " is given twice, expected once");
    out.pin(index, static_cast<size_t>(found - dial->settings.begin()));
  }
  return out;
}

std::string Dials::text() const {
  std::string out;
  for (size_t i = 0; i < kCount; ++i)
    if (pinned(i)) out += (out.empty() ? "" : ",") + std::string(table()[i].name) + "=" + std::string(table()[i].settings[static_cast<size_t>(setting_[i])]);
  return out;
}

}  // namespace assay::npu
