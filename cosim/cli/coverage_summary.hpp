// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "cosim/common/json.hpp"
#include "cosim/coverage/results.hpp"
#include "cosim/coverage/waivers.hpp"
#include "cosim/sweep/coverage_tally.hpp"
#include "cosim/sweep/manifest.hpp"

namespace assay::cli {

/// The spaces of a run's builds, by the config's name in the manifest.
using CoverageSpaces = std::map<std::string, std::shared_ptr<const coverage::Space>>;

/// Those that the manifest says are sampled. Throws InputError when a build's bins no longer mean what they meant when the run began.
CoverageSpaces coverage_spaces(const sweep::Manifest& manifest);

/// Says in the manifest which bins its builds have.
void plan_coverage(sweep::Manifest& manifest);

/// The run's coverage by name: what RUN/coverage.json holds. A bin's first vector is named TEST CONFIG SEED.
coverage::Results coverage_results(const sweep::Manifest& manifest, const CoverageSpaces& spaces, const sweep::CoverageTally& tally);

/// vectors/suites/waivers.yaml, or no waivers when there is no such file.
std::filesystem::path default_waivers();
std::vector<coverage::Waiver> waivers_of(const std::filesystem::path& file);

/// Today as YYYY-MM-DD, in UTC.
std::string today();

/// The day on which the run began, as of which its waivers are judged: its report stays the same.
std::string coverage_day(const sweep::Manifest& manifest);

/// What a report says of coverage: per cent, bins by section and point, holes with the stimulus that reaches them, waivers.
Json coverage_summary(const coverage::Results& results, const coverage::Judged& judged);

/// The same for a terminal. `holes`: how many of them to name.
std::string render_coverage(const Json& summary, size_t holes);

}  // namespace assay::cli
