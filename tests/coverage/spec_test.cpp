// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "cosim/npu/coverage/sampler.hpp"
#include "cosim/npu/coverage/spec_sections.hpp"
#include "cosim/npu/rtl_map.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::npu;

namespace {

std::vector<std::shared_ptr<const coverage::Space>> spaces() {
  std::vector<std::shared_ptr<const coverage::Space>> out;
  for (const char* name : {"int8_8x8", "bf16_8x8", "fp_4x4"})
    out.push_back(coverage_space(load_config(ASSAY_PROJECT_DIR "/rtl/configs/" + std::string(name) + ".yaml")));
  return out;
}

}  // namespace

TEST_CASE("coverage: every section of the specification has bins or says why it has none", "[coverage]") {
  const auto sections = spec_sections(ASSAY_PROJECT_DIR);
  CHECK(sections.size() == 17 + 12 + 8 + 8);  // and every numbered rule on arithmetic
  std::set<std::string> covered;
  for (const auto& space : spaces())
    for (const coverage::Point& point : space->points()) covered.insert(point.section);
  for (const auto& [section, place] : sections) {
    INFO("section " << section << " " << place.title);
    CHECK(covered.contains(section) != sections_without_bins().contains(section));
  }
  for (const std::string& section : covered) {
    INFO("section " << section);
    CHECK(sections.contains(section));
  }
  for (const auto& [section, why] : sections_without_bins()) {
    INFO("section " << section);
    CHECK(sections.contains(section));
    CHECK_FALSE(why.empty());
  }
}

TEST_CASE("coverage: every point says what it counts, how to reach its bins and which field acts", "[coverage]") {
  for (const auto& space : spaces()) {
    for (const coverage::Point& point : space->points()) {
      INFO(point.name);
      CHECK_FALSE(point.about.empty());
      CHECK_FALSE(point.reach.empty());
      // a stimulus that names no label would be the same for all bins
      bool named = false;
      for (const coverage::Axis& axis : point.axes) named |= point.reach.find("{" + axis.name + "}") != std::string::npos;
      CHECK((named || point.bins == 1));
      for (uint32_t bin = point.first; bin < point.first + point.bins; ++bin) CHECK(reach_of(point, bin).find('{') == std::string::npos);
      const bool there = rtl_place(ASSAY_PROJECT_DIR, point.field, {0, 0}, false) || rtl_place(ASSAY_PROJECT_DIR, point.field, {0, 0}, true);
      CHECK(there);
    }
  }
}
