// SPDX-License-Identifier: Apache-2.0
// The oracles against each other: MPFR, GMP integers, the machine's own arithmetic; and the stimulus really reaches its corners.
#include <map>

#include "tests/catch.hpp"
#include "tests/oracle/suites.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

using namespace assay;
using namespace assay::oracle;

namespace {

bool finite(uint32_t x) { return (x & 0x7F800000u) != 0x7F800000u; }

#if defined(__x86_64__)
__attribute__((target("f16c"))) uint32_t machine_half(uint32_t x) {
  return static_cast<uint32_t>(_mm_extract_epi16(_mm_cvtps_ph(_mm_castsi128_ps(_mm_cvtsi32_si128(static_cast<int>(x))), _MM_FROUND_TO_NEAREST_INT), 0));
}
__attribute__((target("f16c"))) uint32_t machine_single(uint32_t half) {
  return static_cast<uint32_t>(_mm_cvtsi128_si32(_mm_castps_si128(_mm_cvtph_ps(_mm_cvtsi32_si128(static_cast<int>(half))))));
}
#endif

}  // namespace

TEST_CASE("oracle: MPFR and the machine's fma agree on corner-biased operands of every pair of formats, results and flags") {
  REQUIRE(host::tiny_after_rounding());
  const auto mpfr = [](const MacCase& c) { return oracle::fma(c.a, c.fa, c.b, c.fb, c.c); };
  const Outcome outcome = corner_macs_of_all_pairs(mpfr, 1, 40000 / kSlower, ~uint64_t{0});
  INFO(outcome.first);
  REQUIRE(outcome.good());
  CHECK(outcome.vectors == 25 * (40000 / kSlower));
  const Outcome sums = corner_adds([](const AddCase& c) { return oracle::fadd(c.x, c.y); }, 1, 400000 / kSlower, ~uint64_t{0});
  INFO(sums.first);
  CHECK(sums.good());
}

TEST_CASE("oracle: the worked examples of the specification") {
  const Format bf16 = Format::Bf16;
  CHECK(oracle::fma(0x3F80, bf16, 0x3F80, bf16, 0x33800000) == Rounded{0x3F800000, kInexact});
  CHECK(oracle::fma(0x0080, bf16, 0x0080, bf16, 0) == Rounded{0, kUnderflow | kInexact});
  CHECK(oracle::fma(0x7F80, bf16, 0x0000, bf16, 0x7FC00000) == Rounded{0x7FC00000, kInvalid});
  CHECK(oracle::fma(0x8000, bf16, 0x3F80, bf16, 0x80000000) == Rounded{0x80000000, 0});
  CHECK(oracle::fma(0x8000, bf16, 0x3F80, bf16, 0) == Rounded{0, 0});
  CHECK(oracle::narrow(0x43E80000, Format::E4m3fn, false, {}) == Rounded{0x7E, kInexact});
  CHECK(oracle::narrow(0x43E80001, Format::E4m3fn, false, {}) == Rounded{0x7F, kOverflow | kInexact});
  CHECK(oracle::narrow(0x43E80001, Format::E4m3fn, true, {}) == Rounded{0x7E, kOverflow | kInexact});
  CHECK(oracle::narrow(0x43780000, Format::E4m3, false, {}) == Rounded{0x78, kOverflow | kInexact});
  CHECK(oracle::narrow(0x47700000, Format::E5m2, false, {}) == Rounded{0x7C, kOverflow | kInexact});
  CHECK(oracle::narrow(0x477FF000, Format::Fp16, false, {}) == Rounded{0x7C00, kOverflow | kInexact});
  CHECK(oracle::seeded(0, 0) == 0x9E3779B9);
  CHECK(oracle::narrow(0x3F808000, bf16, false, oracle::random_of(oracle::seeded(0, 0))) == Rounded{0x3F81, kInexact});
  CHECK(oracle::narrow(0x3F808000, bf16, false, 0x7FFF).bits == 0x3F80);
}

TEST_CASE("oracle: the largest values are those of the formats' table") {
  CHECK(values_of(Format::Bf16)[layout(Format::Bf16).max_finite] == 255 * 0x1p120f);
  CHECK(values_of(Format::Fp16)[layout(Format::Fp16).max_finite] == 65504);
  CHECK(values_of(Format::E5m2)[layout(Format::E5m2).max_finite] == 57344);
  CHECK(values_of(Format::E4m3)[layout(Format::E4m3).max_finite] == 240);
  CHECK(values_of(Format::E4m3fn)[layout(Format::E4m3fn).max_finite] == 448);
  CHECK(values_of(Format::E4m3fn)[1] == 0x1p-9f);
  CHECK(values_of(Format::Fp16)[0x3FF] == 1023 * 0x1p-24f);
}

TEST_CASE("oracle: nearest-even by MPFR is stochastic rounding by GMP wherever R cannot matter") {
  uint64_t exact = 0, apart = 0;
  for (const Format g : kOperandFormats) {
    const std::vector<uint32_t> points = encode_points(g);
    for (size_t i = 0; i < points.size(); i += kSlower) {
      const uint32_t x = points[i];
      if (!finite(x)) continue;
      const Rounded nearest = oracle::narrow(x, g, true, {});
      const Rounded down = oracle::narrow(x, g, true, 0), up = oracle::narrow(x, g, true, 0xFFFF);
      exact += (nearest.flags & kInexact) == 0;
      apart += down.bits != up.bits;
      if (nearest.bits != down.bits && nearest.bits != up.bits) FAIL("x " << x << " to " << format_name(g));  // one of the two neighbours
      if ((nearest.flags & kInexact) == 0 && (down != nearest || up != nearest)) FAIL("exact x " << x << " to " << format_name(g));
    }
  }
  CHECK(exact > 100000 / kSlower);
  CHECK(apart > 100000 / kSlower);
}

#if defined(__x86_64__)
TEST_CASE("oracle: FP16 agrees with the processor's own conversions, all codes widened, all decisions narrowed") {
  if (!__builtin_cpu_supports("f16c")) {
    WARN("this processor has no FP16 conversions");
    return;
  }
  for (uint32_t code = 0; code < 65536; ++code) {
    if (!decode(code, Format::Fp16).nan() && oracle::widen(code, Format::Fp16).bits != machine_single(code)) FAIL("code " << code);
  }
  for (const uint32_t x : encode_points(Format::Fp16)) {
    if (!host::is_nan(x) && oracle::narrow(x, Format::Fp16, false, {}).bits != machine_half(x)) FAIL("x " << x);
  }
}
#endif

TEST_CASE("oracle: the stimulus reaches what each of its kinds is named after") {
  std::map<int, uint64_t> hits;
  const MacStimulus stimulus(Format::Bf16, Format::Bf16, 1);
  constexpr uint64_t kCount = 160000;
  for (uint64_t i = 0; i < kCount; ++i) {
    const MacCase c = stimulus.at(i);
    const int kind = static_cast<int>(i % MacStimulus::kKinds);
    const Rounded r = host::fma(c);
    const uint32_t magnitude = r.bits & 0x7FFFFFFFu;
    const double sum = static_cast<double>(values_of(c.fa)[c.a]) * static_cast<double>(values_of(c.fb)[c.b]);
    const double addend = finite(c.c) ? static_cast<double>(std::bit_cast<float>(c.c)) : 0.0;
    const double total = sum + addend;  // exact for the kinds that ask: at most 53 bits apart
    if (!finite(r.bits)) {
      hits[kind] += kind == MacStimulus::Specials || kind == MacStimulus::OverflowEdge;
      continue;
    }
    const double below = static_cast<double>(std::bit_cast<float>(magnitude)),
                 ulp = std::ldexp(1.0, std::max(-149, std::ilogb(below == 0 ? 0x1p-149 : below) - 23));
    const bool tie = std::fabs(std::fabs(total) - below) == ulp / 2;
    bool hit = true;
    switch (kind) {
      case MacStimulus::Cancel:
        hit = magnitude < 0x00800000u || std::fabs(total) < std::fabs(sum) * 0x1p-18;
        break;
      case MacStimulus::PartlyCancel:
        hit = (sum < 0) != (addend < 0);
        break;
      case MacStimulus::TieOnAddend:
      case MacStimulus::TieOnProduct:
        hit = tie;
        break;
      case MacStimulus::NearTie:
      case MacStimulus::StickyFar:
        hit = (r.flags & kInexact) != 0;
        break;
      case MacStimulus::Subnormal:
        hit = magnitude != 0 && magnitude < 0x00800000u;
        break;
      case MacStimulus::UnderflowEdge:
        hit = magnitude >= 0x007FFFFDu && magnitude <= 0x00800003u;
        break;
      case MacStimulus::OverflowEdge:
        hit = magnitude >= 0x7F7FFFFCu;
        break;
      case MacStimulus::Zeros:
        hit = sum == 0;
        break;
      case MacStimulus::Specials:
        hit = !finite(r.bits);
        break;
      case MacStimulus::ProductOnly:
        hit = addend == 0;
        break;
      case MacStimulus::RoundingCarry:
        hit = (magnitude & 0x7FFFFFu) == 0;
        break;
      case MacStimulus::SubnormalTie:
        hit = tie && magnitude < 0x00900000u;
        break;
      default:
        break;
    }
    hits[kind] += hit;
  }
  for (int kind = 0; kind < MacStimulus::kKinds; ++kind) {
    INFO("kind " << kind << ": " << hits[kind] << " of " << kCount / MacStimulus::kKinds);
    CHECK(hits[kind] * 4 > kCount / MacStimulus::kKinds);  // a quarter of them at least
  }
}
