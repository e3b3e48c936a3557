// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace assay::cli {

/// `assay coverage merge|report|holes|rank` as it was typed.
struct CoverageOptions {
  std::vector<std::string> inputs;  ///< files of assay/coverage/1, or directories of sweeps
  std::string out;                  ///< merge: the file to write
  std::string waivers;              ///< file, none, or empty: the tree's own
  std::string json, html, lcov, verilator;
  std::string gate;  ///< per cent, or empty
  std::string most;  ///< rank: places listed
};

int coverage_merge(const CoverageOptions& options);
int coverage_report(const CoverageOptions& options);
int coverage_holes(const CoverageOptions& options);
int coverage_rank(const CoverageOptions& options);

void add_coverage(CLI::App& app, CoverageOptions& options, int& code);

}  // namespace assay::cli
