// SPDX-License-Identifier: Apache-2.0
// The model's fused multiply-add and add against MPFR and the machine's fma.
#include "model/pe/fma.hpp"

#include "model/common/fadd.hpp"
#include "model/common/float_format.hpp"
#include "tests/catch.hpp"
#include "tests/oracle/suites.hpp"

using namespace assay;
using namespace assay::oracle;

namespace {

/// The model's multiply-add; operand forms looked up, so that what is measured and tested is the arithmetic.
class ModelPe {
 public:
  ModelPe() {
    for (const Format f : kOperandFormats)
      for (uint32_t code = 0; code < codes(f); ++code) forms_[static_cast<size_t>(f)].push_back(operand_form(code, f));
  }
  FloatResult operator()(const MacCase& c) const { return assay::fma(form(c.a, c.fa), form(c.b, c.fb), c.c); }

 private:
  Operand form(uint32_t code, Format f) const { return forms_[static_cast<size_t>(f)][code]; }
  std::array<std::vector<Operand>, kFormats> forms_;
};

const ModelPe& model() {
  static const ModelPe pe;
  return pe;
}

FloatResult model_add(const AddCase& c) { return assay::fadd(c.x, c.y); }

void check(const Outcome& outcome, uint64_t expected) {
  INFO(outcome.first);
  REQUIRE(outcome.good());
  CHECK(outcome.vectors == expected);
}

}  // namespace

TEST_CASE("fma: every pair of FP8 codes of all nine format combinations equals MPFR for eight telling addends, results and flags") {
  for (const Format fa : kFp8)
    for (const Format fb : kFp8) check(fp8_pairs(model(), fa, fb, kSlower), 8 * ((65535 + kSlower) / kSlower));
}

TEST_CASE("fma: two million corner-biased operands of all pairs of formats equal the machine's fma and, sampled, MPFR") {
  constexpr uint64_t kPerPair = 80000 / kSlower;
  check(corner_macs_of_all_pairs(model(), 2, kPerPair, 16), 25 * kPerPair);
}

TEST_CASE("fma: a million operands with every bit uniform equal the machine's fma") {
  constexpr uint64_t kPerPair = 40000 / kSlower;
  check(uniform_macs_of_all_pairs(model(), 3, kPerPair), 25 * kPerPair);
}

TEST_CASE("fma: a hundred million corner-biased operands of all pairs of formats equal the machine's fma and, sampled, MPFR", "[nightly]") {
  check(corner_macs_of_all_pairs(model(), 4, 4'200'000, 64), 25 * uint64_t{4'200'000});
}

TEST_CASE("fma: thirty million corner-biased bf16 operands equal the machine's fma", "[nightly]") {
  check(corner_macs(model(), Format::Bf16, Format::Bf16, 5, 30'000'000, 256), 30'000'000);
}

TEST_CASE("fadd: a million corner-biased FP32 sums equal the machine's and, sampled, MPFR") {
  constexpr uint64_t kCount = 1'000'000 / kSlower;
  check(corner_adds(model_add, 6, kCount, 16), kCount);
}

TEST_CASE("fadd: a hundred million corner-biased FP32 sums equal the machine's and, sampled, MPFR", "[nightly]") {
  check(corner_adds(model_add, 7, 100'000'000, 256), 100'000'000);
}
