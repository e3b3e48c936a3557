// SPDX-License-Identifier: Apache-2.0
#include "model/common/narrow.hpp"

#include "model/common/stochastic.hpp"
#include "tests/catch.hpp"

using namespace assay;

TEST_CASE("common: the worked operand forms of the specification hold") {
  CHECK(operand_form(0x0001, Format::Fp16) == Operand{0x3380, 0});
  CHECK(operand_form(0x03FF, Format::Fp16) == Operand{0x387F, 6});
  CHECK(operand_form(0x01, Format::E4m3fn) == Operand{0x3B00, 0});
  CHECK(operand_form(0x7E, Format::E4m3fn) == Operand{0x43E0, 0});
  CHECK(operand_form(0x7D, Format::E5m2) == Operand{0x7FA0, 0});
}

TEST_CASE("common: the worked narrowings of the specification hold") {
  constexpr uint8_t above = kOverflow | kInexact;
  CHECK(narrow(0x43E80000, Format::E4m3fn, false, {}) == FloatResult{0x7E, kInexact});
  CHECK(narrow(0x43E80001, Format::E4m3fn, false, {}) == FloatResult{0x7F, above});
  CHECK(narrow(0x43E80001, Format::E4m3fn, true, {}) == FloatResult{0x7E, above});
  CHECK(narrow(0x43780000, Format::E4m3, false, {}) == FloatResult{0x78, above});
  CHECK(narrow(0x47700000, Format::E5m2, false, {}) == FloatResult{0x7C, above});
  CHECK(narrow(0x477FF000, Format::Fp16, false, {}) == FloatResult{0x7C00, above});
}

TEST_CASE("common: the worked stochastic rounding of the specification holds") {
  const uint32_t s = seeded(0, 0);
  CHECK(s == 0x9E3779B9);
  CHECK(random_of(s) == 0x9E37);
  const uint32_t one_and_a_half_place = 0x3F808000;  // 1 + 2^-8
  CHECK(narrow(one_and_a_half_place, Format::Bf16, false, random_of(s)) == FloatResult{0x3F81, kInexact});
  CHECK(narrow(one_and_a_half_place, Format::Bf16, false, 0x8000) == FloatResult{0x3F81, kInexact});
  CHECK(narrow(one_and_a_half_place, Format::Bf16, false, 0x7FFF) == FloatResult{0x3F80, kInexact});
}
