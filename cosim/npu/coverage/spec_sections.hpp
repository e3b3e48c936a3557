// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace assay::npu {

/// Where a section or a numbered rule stands in docs/spec.md.
struct SpecPlace {
  int line = 0;
  std::string title;
};

constexpr const char* kSpecFile = "docs/spec.md";

/// Sections ("8", "17.6") and the numbered rules of the two sections on arithmetic ("5.4", "17.5.3"), from the text below `root`; empty when it is not there.
std::map<std::string, SpecPlace> spec_sections(const std::filesystem::path& root);

/// Sections without bins, and why. Every other one has at least one cover point (a test).
const std::map<std::string, std::string>& sections_without_bins();

}  // namespace assay::npu
