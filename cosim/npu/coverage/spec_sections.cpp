// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/coverage/spec_sections.hpp"

#include <fstream>

#include "cosim/common/pattern.hpp"

namespace assay::npu {

std::map<std::string, SpecPlace> spec_sections(const std::filesystem::path& root) {
  std::map<std::string, SpecPlace> out;
  std::ifstream in(root / kSpecFile);
  static const Pattern kHeading(R"(^##+ ([0-9]+(?:\.[0-9]+)?)\.? (.+)$)"), kRule(R"(^([0-9]+)\. (.+)$)");
  std::string text, section;
  for (int line = 1; std::getline(in, text); ++line) {
    if (const auto heading = kHeading.match(text); !heading.empty()) {
      section = heading[1];
      out[section] = {line, heading[2]};
    } else if (section == "5" || section == "17.5") {
      if (const auto rule = kRule.match(text); !rule.empty()) out[section + "." + rule[1]] = {line, rule[2].substr(0, 60)};
    }
  }
  return out;
}

const std::map<std::string, std::string>& sections_without_bins() {
  static const std::map<std::string, std::string> kReasons{
      {"2", "parameters are fixed in a build: every build has its own bins, and those of all builds are merged"},
      {"5", "its rules have the bins"},
      {"14", "a list of what is compared; the compare counts what it did by class"},
      {"15", "worked examples: unit tests compute them"},
      {"16", "answers that the rules above imply"},
      {"17", "its sections have the bins"},
      {"17.2", "parameters, as in section 2"},
      {"17.5", "its rules have the bins"},
      {"17.5.8", "conversions of the library and of `assay calc`; the tile has none of them"},
      {"17.10", "a list of what is compared"},
      {"17.11", "worked examples: unit tests compute them"},
      {"17.12", "answers that the rules above imply"},
  };
  return kReasons;
}

}  // namespace assay::npu
