// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/stimulus/corpus.hpp"

#include <array>
#include <cstdio>

#include "cosim/engine/lockstep.hpp"
#include "cosim/npu/coverage/sampler.hpp"
#include "cosim/npu/generated.hpp"
#include "cosim/npu/npu_target.hpp"
#include "cosim/npu/stimulus/leaning.hpp"
#include "cosim/npu/stimulus/program.hpp"

namespace assay::npu {
namespace {

constexpr uint64_t kStream = 0xC09B05u * 0x100 + kStimulusVersion;

/// What to run next.
struct Candidate {
  Dials dials;
  bool is_long = false;
  uint64_t seed = 0;
  std::string drawn;  ///< name of a test without dials
  std::string name() const {
    const std::string text = dials.text();
    return drawn.empty() ? (is_long ? "program_long" : "program") + (text.empty() ? "" : ":" + text) : drawn;
  }
};

/// The ways to choose, and what each has brought for its commands.
enum class Way : uint8_t { Fresh, Mutation, Hole };

class Grower {
 public:
  Grower(const HwConfig& config, Guidance guidance, uint64_t seed)
      : config_(config), guidance_(guidance), random_(seed, kStream), target_(config, NpuTarget::Use::ModelOnly), sampler_(target_.model()) {
    target_.watch(&sampler_);
    corpus_.hits = coverage::Hits(space().size());
    for (uint32_t bin = 0; bin < space().size(); ++bin) corpus_.wanted += space().kind(bin) == coverage::BinKind::Normal;
    tried_.resize(space().size());
  }

  void step() {
    const Candidate candidate = next();
    const Program program = make(candidate);
    uint64_t commands = 0;
    for (const Phase& phase : program.phases) commands += phase.commands.size();
    const uint32_t fresh = run(program, candidate);
    const size_t way = static_cast<size_t>(way_);
    // What paid off long ago counts less and less. Whole numbers: the same on every machine.
    for (uint64_t& gain : gain_) gain -= gain / 50;
    for (uint64_t& cost : cost_) cost -= cost / 50;
    gain_[way] += uint64_t{fresh} << 10;
    cost_[way] += commands;
    now_.programs += 1;
    now_.commands += commands;
    now_.bins += fresh;
    corpus_.curve.push_back(now_);
    if (fresh == 0) return;
    corpus_.entries.push_back({candidate.name(), candidate.seed, fresh});
    parents_.push_back(candidate);
  }

  const Reach& now() const { return now_; }
  Corpus take() {
    for (uint32_t bin = 0; bin < space().size(); ++bin)
      if (space().kind(bin) == coverage::BinKind::Normal && !corpus_.hits.test(bin)) corpus_.holes.push_back(space().name(bin));
    return std::move(corpus_);
  }

 private:
  const coverage::Space& space() const { return sampler_.space(); }
  Candidate next();
  Candidate mutation();
  Candidate towards_hole();
  Program make(const Candidate& candidate) const;
  uint32_t run(const Program& program, const Candidate& candidate);
  Way choose_way();

  const HwConfig config_;
  Guidance guidance_;
  Random random_;
  NpuTarget target_;
  CoverageSampler sampler_;
  Corpus corpus_;
  std::vector<Candidate> parents_;  ///< of the entries
  std::vector<uint16_t> tried_;     ///< times a hole was aimed at
  std::array<uint64_t, 3> gain_{1024, 1024, 1024}, cost_{1000, 1000, 1000};
  Way way_ = Way::Fresh;
  Reach now_;
};

Way Grower::choose_way() {
  // In thousandths: a tenth each, the rest by bins per command.
  std::array<uint64_t, 3> rate{};
  uint64_t total = 0;
  for (size_t i = 0; i < 3; ++i) total += rate[i] = (gain_[i] << 10) / (cost_[i] + 1000) + 1;
  const uint64_t draw = random_.below(1000);
  uint64_t edge = 0;
  for (size_t i = 0; i < 2; ++i) {
    edge += 100 + 700 * rate[i] / total;
    if (draw < edge) return static_cast<Way>(i);
  }
  return Way::Hole;
}

Candidate Grower::next() {
  Candidate out;
  way_ = Way::Fresh;
  if (guidance_ == Guidance::Drawn) {
    constexpr std::array<const char*, 3> names{"stress", "gemm", "reset"};
    out.drawn = names[now_.programs % names.size()];
  } else if (guidance_ == Guidance::Feedback) {
    way_ = choose_way();
    if (way_ == Way::Mutation && parents_.empty()) way_ = Way::Fresh;
    if (way_ == Way::Mutation) out = mutation();
    if (way_ == Way::Hole) out = towards_hole();
  }
  if (way_ != Way::Mutation) out.seed = random_.next();
  return out;
}

/// A parent that brought much, as it was but for one dial, or with another seed.
Candidate Grower::mutation() {
  size_t parent = random_.below(parents_.size());
  for (int i = 0; i < 2; ++i) {
    const size_t other = random_.below(parents_.size());
    if (corpus_.entries[other].bins > corpus_.entries[parent].bins) parent = other;
  }
  Candidate out = parents_[parent];
  const size_t dial = random_.below(Dials::kCount), setting = random_.below(Dials::table()[dial].settings.size());
  const auto what = random_.below(4);
  if (what == 0) {
    out.seed = random_.next();
  } else if (what == 1 && out.dials.pinned(dial)) {
    out.dials.release(dial);
  } else {
    out.dials.pin(dial, setting);
  }
  return out;
}

/// One of the holes aimed at least often, of some drawn.
Candidate Grower::towards_hole() {
  uint32_t best = space().size();
  for (int i = 0; i < 200; ++i) {
    const auto bin = static_cast<uint32_t>(random_.below(space().size()));
    if (space().kind(bin) != coverage::BinKind::Normal || corpus_.hits.test(bin)) continue;
    if (best == space().size() || tried_[bin] < tried_[best]) best = bin;
  }
  Candidate out;
  if (best == space().size()) return out;
  if (tried_[best] < UINT16_MAX) ++tried_[best];
  const Leaning leaning = leaning_for(space().name(best), coverage::reach_of(space().point_of(best), best), random_);
  out.dials = leaning.dials;
  out.is_long = leaning.is_long;
  return out;
}

Program Grower::make(const Candidate& candidate) const {
  if (candidate.drawn == "stress") return make_stress_test(config_, candidate.seed);
  if (candidate.drawn == "gemm") return make_gemm_test(config_, candidate.seed);
  if (candidate.drawn == "reset") return make_reset_test(config_, candidate.seed);
  return make_program(config_, candidate.seed, candidate.dials, candidate.is_long ? kLongProgramCommands : kProgramCommands);
}

/// Bins that the program reaches first.
uint32_t Grower::run(const Program& program, const Candidate& candidate) {
  target_.load(program, candidate.seed);
  sampler_.begin(candidate.seed);
  const LockstepResult result = run_lockstep(target_, {});
  now_.cycles += result.cycles;
  if (result.verdict != Verdict::Pass)
    corpus_.surprises.push_back(candidate.name() + " " + std::to_string(candidate.seed) + ": " + verdict_name(result.verdict) + ": " + result.reason);
  uint32_t fresh = 0;
  sampler_.hits().each([&](uint32_t bin) {
    if (corpus_.hits.test(bin)) return;
    const coverage::BinKind kind = space().kind(bin);
    if (kind == coverage::BinKind::Illegal)
      corpus_.surprises.push_back(candidate.name() + " " + std::to_string(candidate.seed) + ": illegal bin " + space().name(bin));
    if (kind != coverage::BinKind::Normal) return;
    corpus_.hits.set(bin);
    ++fresh;
  });
  return fresh;
}

}  // namespace

Corpus grow_corpus(const HwConfig& config, Guidance guidance, uint64_t seed, uint64_t commands, const std::function<bool(const Reach&)>& watch) {
  Grower grower(config, guidance, seed);
  while (grower.now().commands < commands) {
    grower.step();
    if (watch && !watch(grower.now())) break;
  }
  return grower.take();
}

std::string corpus_suite(const HwConfig& config, const Corpus& corpus, const std::string& config_name) {
  const Reach end = corpus.curve.empty() ? Reach{} : corpus.curve.back();
  std::string out =
      "# Programs that reached cover bins first, found by `assay corpus` (docs/stimulus.md); made, not written by hand.\nschema: assay/suite/1\nname: corpus_" +
      config.name + "\ndescription: " + std::to_string(corpus.entries.size()) + " programs that together reach " + std::to_string(end.bins) + " of " +
      std::to_string(corpus.wanted) + " cover bins\ntests:\n";
  for (const CorpusEntry& entry : corpus.entries) {
    std::array<char, 24> seed{};
    std::snprintf(seed.data(), seed.size(), "0x%llx", static_cast<unsigned long long>(entry.seed));
    out += "  - {test: \"" + entry.test + "\", configs: \"" + config_name + "\", seeds: [" + seed.data() + "], stage: V2, tags: [corpus]}  # " +
           std::to_string(entry.bins) + "\n";
  }
  return out;
}

}  // namespace assay::npu
