// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/coverage/spec_sections.hpp"

#include <fstream>
#include <regex>

namespace assay::npu {

std::map<std::string, SpecPlace> spec_sections(const std::filesystem::path& root) {
  std::map<std::string, SpecPlace> out;
  std::ifstream in(root / kSpecFile);
  static const std::regex kHeading(R"(^##+ ([0-9]+(?:\.[0-9]+)?)\.? (.+)$)"), kRule(R"(^([0-9]+)\. (.+)$)");
  std::string text, section;
  for (int line = 1; std::getline(in, text); ++line) {
    std::smatch found;
    if (std::regex_match(text, found, kHeading)) {
      section = found[1];
      out[section] = {line, found[2]};
    } else if ((section == "5" || section == "17.5") && std::regex_match(text, found, kRule)) {
      out[section + "." + found[1].str()] = {line, found[2].str().substr(0, 60)};
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
