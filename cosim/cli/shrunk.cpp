// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/shrunk.hpp"

#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {

Json size_json(const FailureSize& size) {
  const npu::VectorSize& v = size.vector;
  return {{"items", v.items}, {"commands", v.commands}, {"beats", v.beats}, {"weight_rows", v.weight_rows}, {"nonzero", v.nonzero}, {"cycle", size.cycle}};
}

}  // namespace

Json shrunk_json(const Json& recorded, const FailureSize& before, const FailureSize& after, bool complete) {
  Json json;
  for (const char* key : {"test", "seed", "vector_hash", "token"}) json[key] = recorded.at(key);
  json["complete"] = complete;
  json["before"] = size_json(before);
  json["after"] = size_json(after);
  return json;
}

std::string shrunk_text(const Json& shrunk) {
  constexpr std::pair<const char*, const char*> kParts[] = {
      {"items", "items"},         {"commands", "commands"}, {"beats", "beats"}, {"weight_rows", "weight rows"}, {"nonzero", "nonzero operands"},
      {"cycle", "fails in cycle"}};
  std::string text;
  for (const auto& [key, name] : kParts) {
    text += (text.empty() ? "" : ", ") + std::string(name) + " " + grouped(shrunk["before"][key].get<uint64_t>()) + " to " +
            grouped(shrunk["after"][key].get<uint64_t>());
  }
  return text + (shrunk["complete"].get<bool>() ? "" : "; stopped before nothing more could be left out");
}

}  // namespace assay::cli
