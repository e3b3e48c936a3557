// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "cosim/common/json.hpp"
#include "cosim/sweep/database.hpp"
#include "cosim/sweep/manifest.hpp"

namespace assay::sweep {

/// Which failures belong together, and what is known of them. Called once the results are in: sorts failures into buckets by their fine signature, in
/// the order of their first index, and sets the states: new, known (a run of the suite before had it), regressed (a run in between had
/// not), and fixed for those of earlier runs that a complete run no longer has. New ones beyond kMostNewBuckets share the bucket `overflow`.
void sort_buckets(Database& database, const Manifest& manifest, const std::string& run, bool complete);

constexpr uint64_t kMostNewBuckets = 25;
constexpr const char* kOverflow = "overflow";

/// What the report is made from besides the database.
struct SummaryFacts {
  std::string run;
  uint64_t planned = 0;  ///< vectors that there have to be
  std::function<std::string(const Case& one, uint64_t seed)> reproduce;
  Json coverage = {};  ///< what the report says of it, with `percent` for the gate; null when none was sampled
};

/// The report of a run, schema assay/sweep-report/1: all that terminal, page and JUnit file show. What depends on time or machine stands under `host`.
Json summarise(Database& database, const Manifest& manifest, const SummaryFacts& facts);

}  // namespace assay::sweep
