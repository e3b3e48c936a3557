// SPDX-License-Identifier: Apache-2.0
// Conversions of the model against MPFR (nearest-even), exact rationals (stochastic) and exact integers.
#include <algorithm>
#include <bit>
#include <cmath>

#include "model/common/float_format.hpp"
#include "model/common/narrow.hpp"
#include "tests/catch.hpp"
#include "tests/oracle/suites.hpp"

using namespace assay;
using namespace assay::oracle;

namespace {

FloatResult model_convert(const CastCase& c) { return assay::convert(c.x, c.g, c.saturate, c.random); }

void check(const Outcome& outcome, uint64_t at_least) {
  INFO(outcome.first);
  REQUIRE(outcome.good());
  CHECK(outcome.vectors >= at_least);
}

const std::vector<uint16_t> kRandoms{0x7FFF, 0x8000};

/// Every FP32 magnitude between two neighbouring points of encode_points has the answer of its ends: rounding is monotone. The ends are
/// asked of the oracle, all 2^32 codes of the model.
class EveryFp32 {
 public:
  EveryFp32(Format g, bool saturate) : g_(g), saturate_(saturate) {
    for (const uint32_t x : encode_points(g))
      if (x < 0x7F800000u) points_.push_back(x);
    std::sort(points_.begin(), points_.end());
    points_.erase(std::unique(points_.begin(), points_.end()), points_.end());
  }

  Outcome run() {
    for (const uint32_t sign : {0u, 0x80000000u}) {
      for (size_t k = 0; k + 1 < points_.size() && outcome_.good(); ++k) stretch(sign, points_[k], points_[k + 1]);
      if (outcome_.good()) same(sign | 0x7F7FFFFFu, sign | 0x7F800000u, oracle::narrow(sign | 0x7F7FFFFFu, g_, saturate_, {}));
      if (outcome_.good()) same(sign | 0x7F800000u, sign | 0x7F800001u, oracle::narrow(sign | 0x7F800000u, g_, saturate_, {}));
      const uint32_t nan = layout(g_).canonical_nan;
      if (outcome_.good()) same(sign | 0x7F800001u, sign | 0x7FC00000u, {nan, oracle::kInvalid});
      if (outcome_.good()) same(sign | 0x7FC00000u, sign + 0x80000000u, {nan, 0});
    }
    return outcome_;
  }

 private:
  void stretch(uint32_t sign, uint32_t from, uint32_t to) {
    same(sign | from, (sign | from) + 1, oracle::narrow(sign | from, g_, saturate_, {}));
    if (to == from + 1 || !outcome_.good()) return;
    const Rounded want = oracle::narrow(sign | (from + 1), g_, saturate_, {});
    REQUIRE(want == oracle::narrow(sign | (to - 1), g_, saturate_, {}));
    same((sign | from) + 1, sign | to, want);
  }
  /// All codes of [from, to) have one answer.
  void same(uint32_t from, uint32_t to, const Rounded& want) {
    for (uint32_t x = from; x != to; ++x) {
      const CastCase c{x, g_, saturate_, std::nullopt};
      if (!outcome_.compare(c, model_convert(c), want)) return;
    }
  }

  Format g_;
  bool saturate_;
  std::vector<uint32_t> points_;
  Outcome outcome_;
};

void check_every_fp32(Format g) {
  for (const bool saturate : {false, true}) check(EveryFp32(g, saturate).run(), uint64_t{1} << 32);
}

}  // namespace

TEST_CASE("convert: every value, midpoint and FP32 neighbour of the 8-bit formats, nearest-even, saturating and stochastic, equals exact arithmetic") {
  for (const Format g : kFp8) check(encodes(model_convert, g, fp8_randoms()), 17000);
}

TEST_CASE("convert: every value, midpoint and FP32 neighbour of bf16 and fp16 equals exact arithmetic") {
  for (const Format g : {Format::Bf16, Format::Fp16}) check(encodes(model_convert, g, kRandoms, kSlower), 1000000 / kSlower);
}

TEST_CASE("convert: halves of integers and the ends of the ranges to int8, uint8, int32; NaN and infinity") {
  for (const Format g : {Format::Int8, Format::Uint8, Format::Int32}) check(encodes(model_convert, g, {}), 3000);
}

TEST_CASE("convert: all codes of bf16, fp16 and the FP8 formats into every format and mode equal exact arithmetic") {
  for (const Format f : kOperandFormats) check(codes_into_every_format(model_convert, f, kRandoms, kSlower), codes(f) * 20 / kSlower);
}

TEST_CASE("convert: fractions solved for R, R for fractions, ends of the range") {
  for (const Format g : kOperandFormats) check(corner_casts(model_convert, g, 1, 200000 / kSlower), 200000 / kSlower);
}

TEST_CASE("convert: FP32 with every bit uniform") {
  for (int g = 0; g < kFormats; ++g) check(uniform_casts(model_convert, static_cast<Format>(g), 1, 100000 / kSlower), 100000 / kSlower);
}

TEST_CASE("convert: FP32 passes every bit pattern, without flags") {
  Random random(9, 9);
  for (int i = 0; i < 10000; ++i) {
    const auto x = static_cast<uint32_t>(random.next());
    const FloatResult r = assay::convert(x, Format::Fp32, false, std::nullopt);
    if (r.bits != x || r.flags != 0) FAIL(x);
  }
  CHECK(assay::convert(0xFF800001u, Format::Fp32, false, std::nullopt).bits == 0xFF800001u);
}

TEST_CASE("cast: from every code of every narrow format to every format, integers clamp, the rest goes through FP32") {
  for (int from = 0; from < kFormats; ++from) {
    const auto f = static_cast<Format>(from);
    if (format_bits(f) == 32) continue;
    for (uint32_t code = 0; code < codes(f); ++code) {
      for (int to = 0; to < kFormats; ++to) {
        const auto g = static_cast<Format>(to);
        const bool saturate = (code & 1) != 0 && is_operand_float(g);
        const FloatResult got = assay::cast(code, f, g, saturate, std::nullopt);
        const Rounded want = oracle::cast(code, f, g, saturate, std::nullopt);
        if (got.bits != want.bits || got.flags != want.flags)
          FAIL(format_name(f) << " " << code << " to " << format_name(g) << ": got " << got.bits << " want " << want.bits);
      }
    }
  }
}

TEST_CASE("cast: INT32 to every format, nearest-even at the first inexact integers and at the ends") {
  Random random(10, 10);
  std::vector<uint32_t> codes{0, 1, 127, 128, 129, 255, 256, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFF, 0xFFFFFF80, 0xFFFFFF7F};
  for (int e = 1; e < 32; ++e)
    for (int m = -4; m <= 4; ++m) codes.push_back((1u << e) + static_cast<uint32_t>(m));
  for (int i = 0; i < 50000; ++i) codes.push_back(static_cast<uint32_t>(static_cast<int32_t>(random.next()) >> random.below(31)));
  for (const uint32_t code : codes) {
    for (int to = 0; to < kFormats; ++to) {
      const FloatResult got = assay::cast(code, Format::Int32, static_cast<Format>(to), false, std::nullopt);
      const Rounded want = oracle::cast(code, Format::Int32, static_cast<Format>(to), false, std::nullopt);
      if (got.bits != want.bits || got.flags != want.flags) FAIL("int32 " << code << " to " << to << ": got " << got.bits << " want " << want.bits);
    }
  }
}

TEST_CASE("relu: zero of either sign and negatives become +0, NaN canonical") {
  for (const uint32_t x : encode_points(Format::E4m3))
    if (assay::relu(x) != oracle::relu(x)) FAIL(x);
}

TEST_CASE("convert: all 2^32 FP32 codes to bf16, nearest-even and saturating", "[nightly]") { check_every_fp32(Format::Bf16); }
TEST_CASE("convert: all 2^32 FP32 codes to fp16, nearest-even and saturating", "[nightly]") { check_every_fp32(Format::Fp16); }
TEST_CASE("convert: all 2^32 FP32 codes to e5m2, nearest-even and saturating", "[nightly]") { check_every_fp32(Format::E5m2); }
TEST_CASE("convert: all 2^32 FP32 codes to e4m3, nearest-even and saturating", "[nightly]") { check_every_fp32(Format::E4m3); }
TEST_CASE("convert: all 2^32 FP32 codes to e4m3fn, nearest-even and saturating", "[nightly]") { check_every_fp32(Format::E4m3fn); }

TEST_CASE("convert: all 2^32 FP32 codes to int8, uint8 and int32 equal the machine's rounding in double", "[nightly]") {
  for (const Format g : {Format::Int8, Format::Uint8, Format::Int32}) {
    const double low = g == Format::Int8 ? -128 : g == Format::Uint8 ? 0 : -0x1p31, high = g == Format::Int8 ? 127 : g == Format::Uint8 ? 255 : 0x1p31 - 1;
    Outcome outcome;
    const Progress progress("FP32 to an integer", uint64_t{1} << 32);
    for (uint64_t i = 0; i < uint64_t{1} << 32 && outcome.good(); ++i) {
      const auto x = static_cast<uint32_t>(i);
      const double value = static_cast<double>(std::bit_cast<float>(x)), nearest = std::nearbyint(value);
      Rounded want{0, oracle::kInvalid};
      if (nearest < low || nearest > high) {
        want.bits = static_cast<uint32_t>(static_cast<int64_t>(nearest < low ? low : high));
      } else if (nearest == nearest) {
        want = {static_cast<uint32_t>(static_cast<int64_t>(nearest)), nearest == value ? uint8_t{0} : oracle::kInexact};
      }
      outcome.compare(CastCase{x, g, false, std::nullopt}, assay::to_integer(x, g), want);
      progress.at(i);
    }
    check(outcome, uint64_t{1} << 32);
  }
}

TEST_CASE("cast: all 2^32 INT32 codes to FP32 equal the machine's conversion", "[nightly]") {
  Outcome outcome;
  for (uint64_t i = 0; i < uint64_t{1} << 32 && outcome.good(); ++i) {
    const auto code = static_cast<int32_t>(static_cast<uint32_t>(i));
    const auto nearest = static_cast<float>(code);
    const Rounded want{std::bit_cast<uint32_t>(nearest), static_cast<double>(nearest) == code ? uint8_t{0} : oracle::kInexact};
    outcome.compare(DecodeCase{static_cast<uint32_t>(code), Format::Int32}, assay::widen(static_cast<uint32_t>(code), Format::Int32), want);
  }
  check(outcome, uint64_t{1} << 32);
}
