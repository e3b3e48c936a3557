// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/stimulus/corpus.hpp"

#include <filesystem>
#include <set>

#include "cosim/engine/lockstep.hpp"
#include "cosim/npu/coverage/sampler.hpp"
#include "cosim/npu/npu_target.hpp"
#include "cosim/npu/stimulus/leaning.hpp"
#include "cosim/npu/vector.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::npu;

namespace {

HwConfig config_of(const std::string& name) { return load_config(std::filesystem::path(ASSAY_PROJECT_DIR) / "rtl/configs" / (name + ".yaml")); }

}  // namespace

TEST_CASE("corpus: every entry, run again by its name and seed, reaches the bins it was kept for") {
  for (const char* name : {"int8_4x4", "fp_4x4"}) {
    const HwConfig config = config_of(name);
    const Corpus corpus = grow_corpus(config, Guidance::Feedback, 3, 12000);
    CHECK(corpus.surprises.empty());
    CHECK(corpus.entries.size() > 10);
    NpuTarget target(config, NpuTarget::Use::ModelOnly);
    CoverageSampler sampler(target.model());
    target.watch(&sampler);
    coverage::Hits seen(sampler.space().size());
    std::set<std::string> dialled;
    for (const CorpusEntry& entry : corpus.entries) {
      const LoadOptions options{entry.seed, {}, ASSAY_PROJECT_DIR};
      const Program program = make_test(entry.test, config, options);
      target.load(program, entry.seed);
      sampler.begin(entry.seed);
      REQUIRE(run_lockstep(target, {}).verdict == Verdict::Pass);
      uint32_t fresh = 0;
      sampler.hits().each([&](uint32_t bin) { fresh += sampler.space().kind(bin) == coverage::BinKind::Normal && !seen.test(bin); });
      INFO(name << ": " << entry.test << " " << entry.seed);
      CHECK(fresh == entry.bins);
      seen |= sampler.hits();
      dialled.insert(entry.test);
    }
    CHECK(dialled.size() > 3);  // programs were leaned
    CHECK(corpus.curve.back().bins + corpus.holes.size() == corpus.wanted);
  }
}

TEST_CASE("corpus: it is a function of config, seed and number of commands") {
  const HwConfig config = config_of("int8_4x4");
  const Corpus one = grow_corpus(config, Guidance::Feedback, 3, 5000), again = grow_corpus(config, Guidance::Feedback, 3, 5000);
  CHECK(one.entries == again.entries);
  CHECK(corpus_suite(config, one, "int8_4x4") == corpus_suite(config, again, "int8_4x4"));
  CHECK_FALSE(grow_corpus(config, Guidance::Feedback, 4, 5000).entries == one.entries);
}

TEST_CASE("corpus: feedback reaches with a quarter of the commands what commands drawn one by one reach, but for ten bins") {
  for (const char* name : {"int8_4x4", "fp_4x4"}) {
    const HwConfig config = config_of(name);
    const Corpus drawn = grow_corpus(config, Guidance::Drawn, 1, 40000);
    const Corpus feedback = grow_corpus(config, Guidance::Feedback, 1, 10000);
    INFO(name);
    CHECK(feedback.curve.back().bins + 10 >= drawn.curve.back().bins);
  }
}

TEST_CASE("corpus: a hole leans to what its name asks for") {
  const auto leans = [](const char* bin, const char* dial) {
    for (uint64_t i = 0; i < 20; ++i) {
      Random random(i, 1);
      if (leaning_for(bin, "", random).dials.text().find(dial) != std::string::npos) return true;
    }
    return false;
  };
  CHECK(leans("command.triple/FENCE,CLEAR,NOP", "order=triples"));
  CHECK(leans("float.fma.rounding/tie up,top binade", "landing=tie"));
  CHECK(leans("int.illegal.status/CLEAR,2,yes", "illegal=many"));
  CHECK(leans("int.sum/above,large", "order=overflow"));
  CHECK_FALSE(leans("int.sum/above,large", "order=reset"));
  Random random(1, 1);
  CHECK(leaning_for("dispatch.ticket/MATMUL,1023", "", random).is_long);
  CHECK(leaning_for("nothing known", "", random).dials == Dials{});
}

TEST_CASE("corpus: an interrupted one keeps what it has") {
  int programs = 0;
  const Corpus corpus = grow_corpus(config_of("int8_4x4"), Guidance::Programs, 1, 1000000, [&](const Reach&) { return ++programs < 3; });
  CHECK(corpus.curve.size() == 3);
  CHECK_FALSE(corpus.entries.empty());
}
