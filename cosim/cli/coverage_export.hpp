// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "cosim/common/json.hpp"
#include "cosim/coverage/results.hpp"
#include "cosim/npu/coverage/spec_sections.hpp"
#include "cosim/npu/rtl_map.hpp"

namespace assay::cli {

/// Where cover points act: their rule in the specification and the line of the RTL behind their field.
class CoveragePlaces {
 public:
  explicit CoveragePlaces(const coverage::Results& results);
  /// Line 0: unknown.
  npu::SpecPlace section(const std::string& number) const;
  std::optional<npu::RtlPlace> rtl(const std::string& point) const;

 private:
  std::map<std::string, npu::SpecPlace> sections_;
  std::map<std::string, npu::RtlPlace> rtl_;  ///< by point
};

/// An lcov tracefile: a point is a function and its wanted bins are the branches at its rule in docs/spec.md; a line of the specification or the RTL counts how
/// often the least hit bin of its points was hit. Paths are below the project's root, where genhtml is to run.
std::string render_lcov(const coverage::Results& results);

/// A database as Verilated code writes it, every wanted bin a user point on the RTL's line (or the specification's): verilator_coverage reads it
/// and merges it with others.
std::string render_verilator(const coverage::Results& results);

/// One page that opens from disk: sections, points, bins, and from each bin to its rule and the RTL's line.
std::string render_coverage_html(const coverage::Results& results, const Json& summary);

}  // namespace assay::cli
