// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/coverage_export.hpp"

#include <algorithm>
#include <vector>

#include "cosim/common/process.hpp"

namespace assay::cli {
namespace {

using coverage::BinKind;
using coverage::PointResults;

/// What one source file shows.
struct LcovFile {
  std::map<int, uint64_t> lines;  ///< line → least hits
  std::string functions, calls, branches;
  uint64_t found = 0, called = 0, branches_found = 0, branches_taken = 0;

  void line(int at, uint64_t hits) {
    const auto [place, fresh] = lines.emplace(at, hits);
    if (!fresh) place->second = std::min(place->second, hits);
  }
  std::string text(const std::string& name) const {
    std::string out = "TN:functional\nSF:" + name + "\n" + functions + calls;
    if (found > 0) out += "FNF:" + std::to_string(found) + "\nFNH:" + std::to_string(called) + "\n";
    out += branches;
    if (branches_found > 0) out += "BRF:" + std::to_string(branches_found) + "\nBRH:" + std::to_string(branches_taken) + "\n";
    uint64_t hit = 0;
    for (const auto& [at, hits] : lines) out += "DA:" + std::to_string(at) + "," + std::to_string(hits) + "\n", hit += hits > 0;
    return out + "LF:" + std::to_string(lines.size()) + "\nLH:" + std::to_string(hit) + "\nend_of_record\n";
  }
};

struct Extremes {
  uint64_t least = ~uint64_t{0}, most = 0;
  bool any = false;
};

Extremes extremes(const PointResults& point) {
  Extremes out;
  for (const auto& [label, cell] : point.bins) {
    if (cell.kind != BinKind::Normal) continue;
    out.any = true;
    out.least = std::min(out.least, cell.hits), out.most = std::max(out.most, cell.hits);
  }
  return out;
}

/// One key of a point in Verilator's format: \001KEY\002VALUE; quotes and line breaks do not occur in our names but for apostrophes.
std::string key(const char* name, std::string value) {
  std::replace(value.begin(), value.end(), '\'', '`');
  return "\x01" + std::string(name) + "\x02" + value;
}

}  // namespace

CoveragePlaces::CoveragePlaces(const coverage::Results& results) : sections_(npu::spec_sections(project_root())) {
  for (const auto& [name, point] : results.points()) {
    if (point.field.empty()) continue;
    auto place = npu::rtl_place(project_root(), point.field, {0, 0}, name.starts_with("float."));
    if (!place) place = npu::rtl_place(project_root(), point.field, {0, 0}, true);
    if (place) rtl_[name] = *place;
  }
}

npu::SpecPlace CoveragePlaces::section(const std::string& number) const {
  const auto found = sections_.find(number);
  return found == sections_.end() ? npu::SpecPlace{} : found->second;
}

std::optional<npu::RtlPlace> CoveragePlaces::rtl(const std::string& point) const {
  const auto found = rtl_.find(point);
  if (found == rtl_.end()) return std::nullopt;
  return found->second;
}

std::string render_lcov(const coverage::Results& results) {
  const CoveragePlaces places(results);
  std::map<std::string, LcovFile> files;
  size_t block = 0;
  for (const auto& [name, point] : results.points()) {
    const Extremes hits = extremes(point);
    if (!hits.any) continue;
    if (const auto rtl = places.rtl(name)) files[rtl->file].line(rtl->line, hits.least);
    const int line = places.section(point.section).line;
    if (line == 0) continue;
    LcovFile& spec = files[npu::kSpecFile];
    spec.line(line, hits.least);
    spec.functions += "FN:" + std::to_string(line) + "," + name + "\n";
    spec.calls += "FNDA:" + std::to_string(hits.most) + "," + name + "\n";
    ++spec.found, spec.called += hits.most > 0;
    size_t branch = 0;
    for (const auto& [label, cell] : point.bins) {
      if (cell.kind != BinKind::Normal) continue;
      spec.branches += "BRDA:" + std::to_string(line) + "," + std::to_string(block) + "," + std::to_string(branch++) + "," + std::to_string(cell.hits) + "\n";
      ++spec.branches_found, spec.branches_taken += cell.hits > 0;
    }
    ++block;
  }
  std::string out;
  for (const auto& [name, file] : files) out += file.text(name);
  return out;
}

std::string render_verilator(const coverage::Results& results) {
  const CoveragePlaces places(results);
  std::string out = "# SystemC::Coverage-3\n";
  size_t column = 0;
  for (const auto& [name, point] : results.points()) {
    const auto rtl = places.rtl(name);
    const std::string file = rtl ? rtl->file : npu::kSpecFile;
    const int line = rtl ? rtl->line : places.section(point.section).line;
    for (const auto& [label, cell] : point.bins) {
      if (cell.kind != BinKind::Normal) continue;
      out += "C '" + key("f", file) + key("l", std::to_string(line)) + key("n", std::to_string(column++)) + key("t", "user") + key("page", "v_user/" + name) +
             key("o", name + "/" + label) + key("h", "spec." + point.section) + "' " + std::to_string(cell.hits) + "\n";
    }
  }
  return out;
}

}  // namespace assay::cli
