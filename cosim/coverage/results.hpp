// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cosim/common/json.hpp"
#include "cosim/coverage/hits.hpp"
#include "cosim/coverage/space.hpp"

namespace assay::coverage {

/// What is known of one bin over many vectors.
struct Cell {
  BinKind kind = BinKind::Normal;
  std::string reason;  ///< of an ignored or illegal bin
  std::string reach;   ///< the stimulus that hits it
  uint64_t hits = 0;   ///< vectors that hit it
  std::string first;   ///< the least, by text, of the vectors that hit it
};

struct PointResults {
  std::string section, about, field;
  std::map<std::string, Cell> bins;  ///< by label
};

/// Bins wanted and hit.
struct Totals {
  uint64_t bins = 0, hit = 0;
  double percent() const { return bins == 0 ? 100.0 : 100.0 * static_cast<double>(hit) / static_cast<double>(bins); }
};

/// Coverage of many vectors, of one build or of several: bins are known by name. A bin that is Normal in one build and Ignored in another is
/// Normal. Merging is associative and does not depend on the order.
class Results {
 public:
  /// A vector named `vector` hit these bins of the space.
  void add(const Space& space, const Hits& hits, const std::string& vector);
  /// `counts[bin]` vectors hit the bin, the first of which is called first(bin).
  void add(const Space& space, const std::vector<uint64_t>& counts, uint64_t vectors, const std::function<std::string(uint32_t bin)>& first);
  void merge(const Results& other);

  const std::map<std::string, PointResults>& points() const { return points_; }
  uint64_t vectors() const { return vectors_; }
  const std::set<std::string>& builds() const { return builds_; }
  void add_build(const std::string& name) { builds_.insert(name); }
  Totals totals() const;
  static Totals totals(const PointResults& point);
  /// Names of illegal bins that were hit.
  std::vector<std::string> illegal_hits() const;

  /// Schema assay/coverage/1; the same bytes for the same content.
  Json json() const;
  /// Throws InputError naming `file` and the key.
  static Results from_json(const Json& json, const std::string& file);
  static Results load(const std::filesystem::path& file);

 private:
  std::map<std::string, PointResults> points_;
  uint64_t vectors_ = 0;
  std::set<std::string> builds_;
};

constexpr const char* kCoverageSchema = "assay/coverage/1";

}  // namespace assay::coverage
