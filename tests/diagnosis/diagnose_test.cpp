// SPDX-License-Identifier: Apache-2.0
#include "tests/diagnosis/planted.hpp"

using namespace assay;
using namespace assay::npu;
using namespace assay::test;

TEST_CASE("diagnosis: what is planted in a tile of rules is found, its family first") {
  const HwConfig hw = small_config(4, 5);
  const auto rule = [](Site site, int choice) { return at_site(site, How::Choice, choice); };
  check_found(hw, at_site(Site::PsumAct, How::Stale), "operand.stale");
  check_found(hw, at_site(Site::PsumWeight, How::Lane, 1), "lane.shifted");
  check_found(hw, rule(Site::PsumOperands, kShadowWeights), "weight.shadow");
  check_found(hw, rule(Site::PsumProduct, kActSigned), "signedness.activation");
  check_found(hw, rule(Site::PsumProduct, kWeightUnsigned), "signedness.weight");
  check_found(hw, at_site(Site::ShadowRow, How::Plus, 1), "lane.row_shifted");
  check_found(hw, at_site(Site::AccAccumulate, How::Always), "accumulate.always");
  check_found(hw, at_site(Site::AccAccumulate, How::Never), "accumulate.never");
  check_found(hw, at_site(Site::AccHit, How::Never), "forward.none");
  check_found(hw, at_site(Site::AccDefined, How::Always), "undefined.kept");
  check_found(hw, at_site(Site::BiasParam, How::Lane, 1), "parameter.neighbour");
  check_found(hw, rule(Site::ScaleSecond, kHalfEven), "rounding.double");
  check_found(hw, rule(Site::ScaleOnce, kFloor), "rounding.single");
  check_found(hw, rule(Site::MultiplySaturate, kOneBitFewer), "saturation");
  check_found(hw, at_site(Site::ActBank, How::Always), "stall.dropped");
  check_found(hw, at_site(Site::DispatchIdle, How::Always), "stall.dropped");
  check_found(hw, at_site(Site::AccWriteLanes, How::Plus, 1), "lane.mask");
  check_found(hw, at_site(Site::RetireStage, How::Value, -1), "timing");
  check_found(hw, rule(Site::FifoRule, kPushAsOnePopsReady), "fifo.full_push");
  check_found(hw, at_site(Site::ClampZero, How::Next), "mode.early");
  check_found(hw, rule(Site::AccOverflow, kOverflowCarry), "flag.rule");
  check_found(hw, of_register(hw, "psum", How::StuckBit, 9, 0), "bit.stuck");
  check_found(hw, of_register(hw, "bias", How::NoReset), "reset.missing", true);
}

TEST_CASE("diagnosis: a wrong reset value shows in the very first cycle, a flag that CLEAR leaves later") {
  const HwConfig hw = small_config(4, 4);
  Change start = of_register(hw, "switch_age", How::ResetValue);
  start.value = 0;
  check_found(hw, start, "reset.missing");
  Change flag = at_site(Site::ClearFlag, How::Never);
  flag.cols.set(3);  // acc_undefined
  check_found(hw, flag, "clear.missing");
}

TEST_CASE("diagnosis: two changes together are not explained by a single one") {
  const HwConfig hw = small_config(4, 4);
  const Diagnosis d = diagnosis_of(hw, {at_site(Site::AccHit, How::Never), at_site(Site::PsumProduct, How::Choice, kActSigned)});
  CHECK_FALSE(d.certain());
  REQUIRE_FALSE(d.candidates.empty());
  CHECK(d.candidates[0].score.step_residual() > 0);
}

TEST_CASE("diagnosis: stopped at once it names what it did not try") {
  const HwConfig hw = small_config(4, 4);
  const auto trace = failure(hw, {at_site(Site::AccAccumulate, How::Always)}, 1);
  REQUIRE(trace);
  DiagnosisOptions options;
  options.stop = [] { return true; };
  const Diagnosis d = diagnose(hw, *trace, options);
  CHECK(d.tried == 0);
  CHECK(d.candidates.empty());
  CHECK(std::find(d.not_tried.begin(), d.not_tried.end(), "accumulate.always") != d.not_tried.end());
}

TEST_CASE("diagnosis: it tells how far it is, pass after pass, and the best of a pass never gets worse") {
  const HwConfig hw = small_config(4, 4);
  const auto trace = failure(hw, {at_site(Site::AccAccumulate, How::Always)}, 1);
  REQUIRE(trace);
  std::vector<DiagnosisProgress> told;
  DiagnosisOptions options;
  std::string last_best;
  options.on_progress = [&](const DiagnosisProgress& progress) {
    if (progress.best != nullptr) last_best = progress.best->kind;
    told.push_back(progress);
  };
  const Diagnosis d = diagnose(hw, *trace, options);
  REQUIRE(d.certain());
  REQUIRE(told.size() > 3);
  CHECK(told.front().pass == DiagnosisProgress::Pass::First);
  CHECK(told.back().pass == DiagnosisProgress::Pass::Runs);
  CHECK(last_best == d.candidates[0].hypothesis.kind);
  CHECK(told.back().left == 0);
  for (size_t i = 0; i < told.size(); ++i) {
    CHECK(told[i].done < told[i].all);
    if (i == 0 || told[i].pass != told[i - 1].pass) continue;
    CHECK(told[i].done > told[i - 1].done);
    CHECK(told[i].left <= told[i - 1].left);
  }
}
