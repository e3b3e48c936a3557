// SPDX-License-Identifier: Apache-2.0
#include "model/functional/quantise.hpp"

#include <cmath>
#include <stdexcept>

#include "tests/catch.hpp"

using namespace assay;

TEST_CASE("functional: quantise rounds every value once, with the mode asked for, and collects the flags") {
  const std::vector<float> values{1.0f, 464.0f, 500.0f, -0.0f, 0.001f};
  const Quantised plain = quantise(values, Format::E4m3fn, false), limited = quantise(values, Format::E4m3fn, true);
  CHECK(plain.codes == std::vector<uint32_t>{0x38, 0x7E, 0x7F, 0x80, 0x01});
  CHECK(limited.codes == std::vector<uint32_t>{0x38, 0x7E, 0x7E, 0x80, 0x01});
  CHECK(plain.flags == (kInexact | kOverflow | kUnderflow));
  CHECK(quantise(std::vector<float>{2.0f, 0.5f}, Format::Bf16, false).flags == 0);
  CHECK(quantise(std::vector<float>{-1.5f, 300.0f}, Format::Int8, false).codes == std::vector<uint32_t>{0xFFFFFFFE, 127});
  CHECK(quantise(std::vector<float>{300.0f}, Format::Int8, false).flags == kInvalid);
}

TEST_CASE("functional: dequantise gives the values back") {
  CHECK(dequantise(std::vector<uint32_t>{0x38, 0x7E, 0x81}, Format::E4m3fn) == std::vector<float>{1.0f, 448.0f, -0x1p-9f});
  CHECK(dequantise(std::vector<uint32_t>{0xFFFFFFFE, 127}, Format::Int8) == std::vector<float>{-2.0f, 127.0f});
}

TEST_CASE("functional: stochastic quantisation replays from its seed, one step per value, and is right on average") {
  const std::vector<float> values(40000, 1.0f + 0x1p-9f);  // a quarter of a BF16 place above 1
  const Quantised once = quantise_stochastic(values, Format::Bf16, false, 5, 3);
  CHECK(once.codes == quantise_stochastic(values, Format::Bf16, false, 5, 3).codes);
  CHECK(once.codes != quantise_stochastic(values, Format::Bf16, false, 5, 4).codes);
  int ups = 0;
  for (const uint32_t code : once.codes) ups += code == 0x3F81;
  CHECK(std::abs(ups - 10000) < 400);  // more than four standard deviations
  std::vector<float> shifted(values.begin() + 1, values.end());
  shifted.insert(shifted.begin(), NAN);  // steps the generator like any other value
  const Quantised after = quantise_stochastic(shifted, Format::Bf16, false, 5, 3);
  CHECK(std::vector<uint32_t>(after.codes.begin() + 1, after.codes.end()) == std::vector<uint32_t>(once.codes.begin() + 1, once.codes.end()));
  CHECK_THROWS_AS(quantise_stochastic(values, Format::Int8, false, 5), std::invalid_argument);
}
