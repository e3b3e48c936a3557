// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/coverage_summary.hpp"

#include <algorithm>
#include <cmath>

#include "cosim/cli/host.hpp"
#include "cosim/cli/record.hpp"
#include "cosim/cli/run_options.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/coverage/sampler.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

double two_places(double value) { return std::floor(value * 100) / 100; }

std::shared_ptr<const coverage::Space> space_of(const sweep::Build& build) { return npu::coverage_space(load_config(config_file(build.config))); }

struct Count {
  uint64_t bins = 0, hit = 0, waived = 0;
  Json json() const { return {{"bins", bins}, {"hit", hit}, {"waived", waived}}; }
};

}  // namespace

void plan_coverage(sweep::Manifest& manifest) {
  for (sweep::Build& build : manifest.builds) {
    const auto space = space_of(build);
    build.bins = space->size();
    build.coverage = hex64(space->hash());
  }
}

CoverageSpaces coverage_spaces(const sweep::Manifest& manifest) {
  CoverageSpaces spaces;
  for (const sweep::Build& build : manifest.builds) {
    if (build.bins == 0) continue;
    auto space = space_of(build);
    if (space->size() != build.bins || hex64(space->hash()) != build.coverage) {
      throw InputError("command line:1: DIR: the cover points of " + build.config + " are not those the run began with, expected the assay that ran it");
    }
    spaces[build.config] = std::move(space);
  }
  return spaces;
}

coverage::Results coverage_results(const sweep::Manifest& manifest, const CoverageSpaces& spaces, const sweep::CoverageTally& tally) {
  coverage::Results results;
  const sweep::Plan plan = manifest.plan();
  for (const auto& [config, space] : spaces) {
    const sweep::BuildTally& build = tally.builds().at(config);
    const auto name = [&](uint32_t bin) {
      const sweep::PlannedVector vector = plan.at(build.first[bin]);
      return manifest.cases[vector.which].test + " " + config + " " + seed_text(vector.seed);
    };
    results.add(*space, build.hits, build.vectors, name);
    results.add_build(config);
  }
  return results;
}

fs::path default_waivers() { return project_root() / "vectors/suites/waivers.yaml"; }

std::vector<coverage::Waiver> waivers_of(const fs::path& file) {
  if (file == default_waivers() && !fs::exists(file)) return {};
  return coverage::load_waivers(file);
}

std::string today() { return utc_now().substr(0, 10); }

std::string coverage_day(const sweep::Manifest& manifest) { return manifest.host.value("date", today()).substr(0, 10); }

Json coverage_summary(const coverage::Results& results, const coverage::Judged& judged) {
  Json out = {{"percent", two_places(judged.percent())},
              {"bins", judged.bins},
              {"hit", judged.hit},
              {"waived", judged.waived},
              {"vectors", results.vectors()},
              {"illegal", judged.illegal}};
  std::map<std::string, Count> points;
  for (const auto& [name, point] : results.points()) {
    const coverage::Totals totals = coverage::Results::totals(point);
    points[name] = {totals.bins, totals.hit, 0};
  }
  for (const coverage::Hole& hole : judged.holes) points[hole.point].waived += hole.waiver != nullptr;
  std::vector<std::string> names;
  for (const auto& [name, count] : points) names.push_back(name);
  const auto section = [&](const std::string& name) -> const std::string& { return results.points().at(name).section; };
  std::stable_sort(names.begin(), names.end(), [&](const auto& a, const auto& b) { return coverage::section_before(section(a), section(b)); });
  Json sections = Json::array(), all = Json::array(), holes = Json::array();
  for (const std::string& name : names) {
    if (sections.empty() || sections.back()["section"] != section(name)) {
      sections.push_back({{"section", section(name)}, {"bins", 0}, {"hit", 0}, {"waived", 0}});
    }
    Json one = {{"point", name}, {"section", section(name)}, {"about", results.points().at(name).about}};
    const Json count = points[name].json();
    for (const auto& [key, value] : count.items()) {
      sections.back()[key] = sections.back()[key].get<uint64_t>() + value.get<uint64_t>();
      one[key] = value;
    }
    all.push_back(std::move(one));
  }
  for (const coverage::Hole& hole : judged.holes) {
    holes.push_back(
        {{"bin", hole.name()},
         {"section", hole.section},
         {"reach", hole.reach},
         {"waiver", hole.waiver == nullptr ? Json(nullptr) : Json(hole.waiver->reason + " (" + hole.waiver->owner + ", until " + hole.waiver->expires + ")")}});
  }
  const auto waivers = [](const std::vector<const coverage::Waiver*>& list) {
    Json names_of = Json::array();
    for (const coverage::Waiver* waiver : list) names_of.push_back(waiver->bins);
    return names_of;
  };
  out["stale"] = waivers(judged.stale), out["expired"] = waivers(judged.expired);
  out["sections"] = std::move(sections), out["points"] = std::move(all), out["holes"] = std::move(holes);
  return out;
}

std::string render_coverage(const Json& summary, size_t holes) {
  const auto number = [](const Json& value) { return grouped(value.get<uint64_t>()); };
  std::string text = "coverage  " + fixed(summary.at("percent"), 2) + " %: " + number(summary.at("hit")) + " of " + number(summary.at("bins")) + " bins hit";
  if (summary.at("waived") > 0) text += ", " + number(summary.at("waived")) + " waived";
  text += ", " + number(summary.at("vectors")) + " vectors\n";
  for (const Json& name : summary.at("illegal")) text += "  ILLEGAL bin hit: " + name.get<std::string>() + "\n";
  for (const Json& name : summary.at("expired")) text += "  waiver expired: " + name.get<std::string>() + "\n";
  for (const Json& name : summary.at("stale")) text += "  waiver stale, nothing of it is open: " + name.get<std::string>() + "\n";
  size_t open = 0;
  for (const Json& hole : summary.at("holes")) {
    if (!hole.at("waiver").is_null()) continue;
    if (open++ < holes)
      text += "  " + pad_right(hole.at("section").get<std::string>(), 8) + hole.at("bin").get<std::string>() +
              "\n            reach: " + hole.at("reach").get<std::string>() + "\n";
  }
  if (open > holes) text += "  … and " + grouped(open - holes) + " more holes; `assay coverage holes` lists them\n";
  return text;
}

}  // namespace assay::cli
