// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cosim/common/json.hpp"
#include "cosim/sweep/plan.hpp"
#include "cosim/sweep/suite.hpp"

namespace assay::sweep {

/// A hardware variant that the run uses.
struct Build {
  std::string config, hash;
  uint32_t bins = 0;          ///< of its functional coverage; 0: not sampled
  std::string coverage = {};  ///< hash of what they mean
  bool operator==(const Build&) const = default;
};

/// What a run is: everything that its results follow from. RUN/run.json holds it (schema assay/sweep/1), so a run goes on, and its workers run, without
/// the suite's file.
struct Manifest {
  std::string suite, description;
  Gates gates;
  std::vector<Case> cases;
  std::vector<SeedRun> listed;
  uint64_t seed = 1;
  std::optional<uint64_t> count;
  bool endless = false;  ///< as many vectors as the time allows
  uint32_t shards = 1;
  std::vector<Build> builds;
  std::string target, sources, program;  ///< name; hash of the hardware's sources; hash of the command itself
  Json host;                             ///< date, place, seconds, directory of the database: nothing that a result follows from

  Plan plan() const { return {cases, listed, seed, count, endless, shards}; }
  Json json() const;
  /// 16 hex digits over everything but `host`.
  std::string hash() const;
  static Manifest from_json(const Json& json, const std::string& file);
  /// RUN/run.json. Throws InputError when it is not there or damaged.
  static Manifest load(const std::filesystem::path& run);
};

constexpr const char* kManifestName = "run.json";

}  // namespace assay::sweep
