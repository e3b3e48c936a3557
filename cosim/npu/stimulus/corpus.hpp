// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cosim/coverage/hits.hpp"
#include "model/common/config.hpp"

// Programs chosen by what they reach. The golden model alone runs them, watched by the functional coverage, so that nothing has to be built and nothing in the
// RTL can hide or show a bin; a sweep then runs the chosen ones in lockstep.
namespace assay::npu {

/// A program that reached bins no program before it had reached: a test's name with its dials, and the seed.
struct CorpusEntry {
  std::string test;
  uint64_t seed = 0;
  uint32_t bins = 0;  ///< reached first by it
  bool operator==(const CorpusEntry&) const = default;
};

/// What has been reached after so much stimulus.
struct Reach {
  uint64_t programs = 0, commands = 0, cycles = 0;
  uint32_t bins = 0;
};

struct Corpus {
  std::vector<CorpusEntry> entries;
  std::vector<Reach> curve;            ///< after every program
  coverage::Hits hits;                 ///< wanted bins only
  uint32_t wanted = 0;                 ///< bins that are neither ignored nor illegal
  std::vector<std::string> holes;      ///< names of wanted bins that nothing reached
  std::vector<std::string> surprises;  ///< illegal bins that were hit, programs that do not pass
};

/// How the next program is chosen.
enum class Guidance : uint8_t {
  Drawn,     ///< gemm, stress and reset in turn: commands drawn one by one
  Programs,  ///< `program` with the next seed
  Feedback   ///< by coverage: an entry of the corpus with one dial turned or another seed, a program that leans to a hole, or a new one, each as
             ///< often as it has paid off
};

/// Runs programs on the config's model until at least so many commands were given. A pure function of its arguments; `watch`, when there is one, is told after
/// every program and ends the run with false.
Corpus grow_corpus(const HwConfig& config, Guidance guidance, uint64_t seed, uint64_t commands, const std::function<bool(const Reach&)>& watch = {});

/// The corpus as a suite (assay/suite/1) of listed seeds, in the order in which they were found.
std::string corpus_suite(const HwConfig& config, const Corpus& corpus, const std::string& config_name);

}  // namespace assay::npu
