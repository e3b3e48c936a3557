// SPDX-License-Identifier: Apache-2.0

#include "cosim/common/random.hpp"
#include "cosim/npu/vector_items.hpp"

namespace assay::npu {
namespace {

constexpr std::string_view kNames = "none, light, heavy, burst or random";
constexpr std::string_view kStreams = "commands, weights, activations, output or response";

StallProfile* stream_of(StallProfiles& all, std::string_view name) {
  if (name == "commands") return &all.commands;
  if (name == "weights") return &all.weights;
  if (name == "activations") return &all.activations;
  if (name == "output") return &all.output;
  return name == "response" ? &all.response : nullptr;
}

StallProfiles everywhere(const StallProfile& p) { return {p, p, p, p, p}; }

StallProfile drawn(Random& random) {
  StallProfile profile;
  switch (random.below(4)) {
    case 0:
      break;
    case 1:
      profile = {StallProfile::Kind::Bubble, 0.05 + 0.05 * static_cast<double>(random.below(5)), 0, 0};
      break;
    case 2:
      profile = {StallProfile::Kind::Bubble, 0.4 + 0.1 * static_cast<double>(random.below(5)), 0, 0};
      break;
    default: {
      const auto lo = static_cast<int>(random.range(1, 8));
      profile = {StallProfile::Kind::Burst, 0.0, lo, lo + static_cast<int>(random.below(40))};
    }
  }
  return profile;
}

StallProfile read_profile(const VectorNode& node) {
  StallProfile out;
  if (node.is_scalar()) {
    if (!named_profile(node.text(), out)) node.expected("none, light, heavy, burst, {bubble: p} or {burst: [lo, hi]}");
    return out;
  }
  node.keys({"bubble", "burst"});
  if (node.size() != 1) node.fail("has " + std::to_string(node.size()) + " keys, expected bubble or burst");
  if (const auto bubble = node.find("bubble")) return {StallProfile::Kind::Bubble, bubble->number(0.0, 0.99), 0, 0};
  const VectorNode burst = node.at("burst");
  const auto ends = burst.items();
  if (ends.size() != 2) burst.fail("has " + std::to_string(ends.size()) + " values, expected [lo, hi]");
  const auto lo = static_cast<int>(ends[0].integer(1, 100000));
  return {StallProfile::Kind::Burst, 0.0, lo, static_cast<int>(ends[1].integer(lo, 100000))};
}

StallProfile parse_profile(std::string_view text, Random& random) {
  StallProfile out;
  if (text == "random") return drawn(random);
  if (named_profile(text, out)) return out;
  throw InputError("--stall: profile is '" + std::string(text) + "', expected " + std::string(kNames));
}

}  // namespace

bool named_profile(std::string_view name, StallProfile& out) {
  if (name == "none")
    out = {};
  else if (name == "light")
    out = {StallProfile::Kind::Bubble, 0.1, 0, 0};
  else if (name == "heavy")
    out = {StallProfile::Kind::Bubble, 0.6, 0, 0};
  else if (name == "burst")
    out = {StallProfile::Kind::Burst, 0.0, 1, 24};
  else
    return false;
  return true;
}

StallProfiles read_stall(const VectorNode& node) {
  if (node.is_scalar()) return everywhere(read_profile(node));
  node.keys({"commands", "weights", "activations", "output", "response"});
  StallProfiles out;
  for (const char* name : {"commands", "weights", "activations", "output", "response"})
    if (const auto profile = node.find(name)) *stream_of(out, name) = read_profile(*profile);
  return out;
}

StallProfiles parse_stall(const std::string& text, uint64_t seed) {
  Random random(seed, 0x57A11);
  StallProfiles out;
  if (text.find('=') == std::string::npos) {
    if (text != "random") return everywhere(parse_profile(text, random));
    for (StallProfile* p : {&out.commands, &out.weights, &out.activations, &out.output, &out.response}) *p = drawn(random);
    return out;
  }
  std::string_view rest = text;
  while (!rest.empty()) {
    const size_t comma = rest.find(',');
    const std::string_view item = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    const size_t equals = item.find('=');
    StallProfile* stream = equals == std::string_view::npos ? nullptr : stream_of(out, item.substr(0, equals));
    if (!stream) throw InputError("--stall: '" + std::string(item) + "' names no stream, expected stream=profile with " + std::string(kStreams));
    *stream = parse_profile(item.substr(equals + 1), random);
  }
  return out;
}

}  // namespace assay::npu
