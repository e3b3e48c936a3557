// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/manifest.hpp"

#include "cosim/common/process.hpp"
#include "model/common/config.hpp"

namespace assay::sweep {
namespace fs = std::filesystem;
namespace {

std::string hex(uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

uint64_t number_of(const Json& text) { return std::stoull(text.get<std::string>(), nullptr, 16); }

Json case_json(const Case& one) {
  const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  return {{"test", one.test}, {"file", or_null(one.file)}, {"config", one.config}, {"stall", or_null(one.stall)}, {"stage", or_null(one.stage)},
          {"tags", one.tags}, {"timeout", one.timeout},    {"drawn", one.drawn}};
}

std::string text_of(const Json& value) { return value.is_null() ? "" : value.get<std::string>(); }

Case case_of(const Json& json) {
  return {json.at("test"),           text_of(json.at("file")),  json.at("config"),
          text_of(json.at("stall")), text_of(json.at("stage")), json.at("tags").get<std::vector<std::string>>(),
          json.at("timeout"),        json.at("drawn")};
}

}  // namespace

Json Manifest::json() const {
  Json json;
  json["schema"] = "assay/sweep/1";
  json["suite"] = {{"name", suite}, {"description", description}, {"seed", hex(seed)}, {"gates", gates}};
  json["target"] = target;
  json["sources"] = sources;
  json["program"] = program;
  json["builds"] = Json::array();
  for (const Build& build : builds)
    json["builds"].push_back({{"config", build.config}, {"hash", build.hash}, {"bins", build.bins}, {"coverage", build.coverage}});
  json["count"] = count ? Json(*count) : Json(nullptr);
  json["endless"] = endless;
  json["shards"] = shards;
  json["cases"] = Json::array();
  for (const Case& one : cases) json["cases"].push_back(case_json(one));
  json["listed"] = Json::array();
  for (const SeedRun& run : listed) json["listed"].push_back({{"case", run.which}, {"from", hex(run.from)}, {"to", hex(run.to)}});
  json["host"] = host;
  return json;
}

std::string Manifest::hash() const {
  Json bits = json();
  bits.erase("host");
  return hex64(fnv1a(bits.dump()));
}

Manifest Manifest::from_json(const Json& json, const std::string& file) {
  try {
    if (json.at("schema") != "assay/sweep/1") throw InputError(file + ":1: schema: is not assay/sweep/1, expected a run of `assay sweep`");
    Manifest out;
    const Json& suite = json.at("suite");
    out.suite = suite.at("name");
    out.description = suite.at("description");
    out.seed = number_of(suite.at("seed"));
    out.gates = suite.at("gates").get<Gates>();
    out.target = json.at("target");
    out.sources = json.at("sources");
    out.program = json.at("program");
    for (const Json& build : json.at("builds")) out.builds.push_back({build.at("config"), build.at("hash"), build.at("bins"), build.at("coverage")});
    if (!json.at("count").is_null()) out.count = json.at("count").get<uint64_t>();
    out.endless = json.at("endless");
    out.shards = json.at("shards");
    for (const Json& one : json.at("cases")) out.cases.push_back(case_of(one));
    for (const Json& run : json.at("listed")) out.listed.push_back({run.at("case").get<uint32_t>(), number_of(run.at("from")), number_of(run.at("to"))});
    for (const SeedRun& run : out.listed)
      if (run.which >= out.cases.size()) throw InputError(file + ":1: listed: names case " + std::to_string(run.which) + ", expected one that is there");
    if (out.shards == 0 || out.cases.empty()) throw InputError(file + ":1: cases: empty or without shards, expected a run of `assay sweep`");
    out.host = json.at("host");
    if (!out.host.is_object()) throw InputError(file + ":1: host: is no object, expected a run of `assay sweep`");
    return out;
  } catch (const Json::exception& error) {
    throw InputError(file + ":1: json: " + error.what() + ", expected a run of `assay sweep`");
  } catch (const std::logic_error&) {  // a seed that is no number
    throw InputError(file + ":1: json: a seed is damaged, expected a run of `assay sweep`");
  }
}

Manifest Manifest::load(const fs::path& run) {
  const fs::path file = run / kManifestName;
  if (!fs::is_regular_file(file)) throw InputError("command line:1: DIR: '" + run.string() + "' holds no run.json, expected a directory of `assay sweep`");
  try {
    return from_json(parse_json(read_file(file)), file.string());
  } catch (const Json::parse_error&) {
    throw InputError(file.string() + ":1: json: damaged, expected a run of `assay sweep`");
  }
}

}  // namespace assay::sweep
