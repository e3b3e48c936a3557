// SPDX-License-Identifier: Apache-2.0
#include "model/common/float_types.hpp"

#include <cmath>
#include <limits>

#include "tests/catch.hpp"

using namespace assay;

namespace {

template <class From, class To>
constexpr bool kConverts = std::is_convertible_v<From, To>;
template <class To, class From>
constexpr bool kConstructs = std::is_constructible_v<To, From>;

static_assert(!kConverts<float, Bf16> && kConstructs<Bf16, float>);
static_assert(!kConverts<Bf16, float> && kConstructs<float, Bf16>);
static_assert(!kConstructs<Bf16, double> && !kConstructs<Bf16, int>);
static_assert(!kConstructs<Fp8E4M3, Fp8E4M3FN> && !kConstructs<Fp8E4M3FN, Fp8E4M3> && !kConstructs<Fp16, Bf16> && !kConstructs<Fp32, Bf16>);
static_assert(sizeof(Fp8E5M2) == 1 && sizeof(Bf16) == 2 && sizeof(Fp32) == 4);
static_assert(std::is_trivially_copyable_v<Bf16>);
static_assert(Bf16(1.0f).bits() == 0x3F80);  // usable at compile time

}  // namespace

TEST_CASE("common: value types round to nearest even, saturate on request, and give their value back") {
  CHECK(Fp8E4M3FN(464.0f).bits() == 0x7E);
  CHECK(Fp8E4M3FN(465.0f).is_nan());
  CHECK(Fp8E4M3FN::saturated(465.0f) == Fp8E4M3FN::max_finite());
  CHECK(Fp8E4M3(248.0f) == Fp8E4M3::infinity());
  CHECK(Fp8E4M3::saturated(-INFINITY).bits() == 0xF7);
  CHECK(static_cast<float>(Fp16::from_bits(0x0001)) == 0x1p-24f);
  CHECK(static_cast<float>(Fp8E5M2::max_finite()) == 57344.0f);
  CHECK(Bf16(0x1.01p0f).bits() == 0x3F80);
  CHECK(Bf16::stochastic(0x1.01p0f, 0x8000).bits() == 0x3F81);
  CHECK(Fp32(1.5f).bits() == 0x3FC00000);
  CHECK(Fp32::saturated(-INFINITY).bits() == 0xFF7FFFFF);
  CHECK(Fp32::saturated(INFINITY) == Fp32::max_finite());
  CHECK(std::isnan(static_cast<float>(Fp8E4M3FN::nan())));
  CHECK(Fp8E4M3(static_cast<float>(Bf16(3.3f))).bits() == Fp8E4M3(3.296875f).bits());  // BF16's 3.296875
}

TEST_CASE("common: value types classify every kind of number") {
  CHECK(Bf16().is_zero());
  CHECK(Bf16(-0.0f).is_zero());
  CHECK(Bf16(-0.0f).is_negative());
  CHECK(Bf16() != Bf16(-0.0f));  // codes are compared
  CHECK(Fp16::smallest_subnormal().is_subnormal());
  CHECK(!Fp16::smallest_normal().is_subnormal());
  CHECK(Fp8E5M2::infinity().is_infinite());
  CHECK(!Fp8E5M2::infinity().is_finite());
  CHECK(Fp8E5M2::from_bits(0x7D).is_signalling());
  CHECK(Fp8E5M2::from_bits(0xFF).is_nan());
  CHECK(!Fp8E5M2::from_bits(0xFF).is_signalling());
  CHECK(Fp8E4M3FN::from_bits(0x78).is_finite());  // 256: no infinity here
  CHECK(Fp8E4M3::from_bits(0x78).is_infinite());
  CHECK(Fp8E4M3FN::from_bits(0xFF).is_nan());
  CHECK(Bf16(1.0f).operand() == Operand{0x3F80, 0});
}
