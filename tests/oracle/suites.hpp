// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <functional>
#include <string>

#include "tests/oracle/host.hpp"
#include "tests/oracle/mpfr_oracle.hpp"
#include "tests/oracle/stimulus.hpp"

/// The shipped stimulus, for whatever computes: a suite calls `unit(case)`, which returns something with `bits` and `flags`, and
/// holds the answer against the oracle until the first difference. Model, Verilated units and planted bugs run the same suites.
namespace assay::oracle {

#if defined(__SANITIZE_ADDRESS__)
constexpr uint32_t kSlower = 17;  ///< sanitized code runs a fraction of the cases; odd, so that strides meet every kind
#else
constexpr uint32_t kSlower = 1;
#endif

/// How far a suite came. `first` is empty when nothing differed.
struct Outcome {
  uint64_t vectors = 0;
  std::string first;

  bool good() const { return first.empty(); }

  /// Counts one case; false (and the difference in words) when the answer is not the wanted one.
  template <class Case, class Answer>
  bool compare(const Case& c, const Answer& got, const Rounded& want, uint8_t flags = 15) {
    ++vectors;
    if (got.bits == want.bits && ((got.flags ^ want.flags) & flags) == 0) return true;
    char text[120];
    std::snprintf(text, sizeof text, ": got %08X flags %u, want %08X flags %u, vector %llu", got.bits, unsigned{got.flags}, want.bits, unsigned{want.flags},
                  static_cast<unsigned long long>(vectors));
    first = describe(c) + text;
    return false;
  }
};

/// A line on stderr every tenth of a long run.
class Progress {
 public:
  Progress(const char* what, uint64_t total) : what_(what), total_(total), step_(total / 10 + 1) {}
  void at(uint64_t done) const {
    if (done != 0 && done % step_ == 0)
      std::fprintf(stderr, "%s: %.0f of %.0f million\n", what_, static_cast<double>(done) / 1e6, static_cast<double>(total_) / 1e6);
  }

 private:
  const char* what_;
  uint64_t total_, step_;
};

/// Every pair of codes of two FP8 formats with the addends that tell most, against MPFR. `stride` > 1 takes every stride-th pair.
template <class Unit>
Outcome fp8_pairs(Unit&& unit, Format fa, Format fb, uint32_t stride = 1) {
  Outcome outcome;
  for (uint32_t pair = 0; pair < 65536; pair += stride) {
    const uint32_t a = pair & 0xFF, b = pair >> 8;
    for (const uint32_t c : telling_addends(a, fa, b, fb)) {
      const MacCase mac{a, b, c, fa, fb};
      if (!outcome.compare(mac, unit(mac), oracle::fma(a, fa, b, fb, c))) return outcome;
    }
  }
  return outcome;
}

/// One multiply-add against the machine's fma, with `mpfr` against MPFR too.
template <class Unit>
bool one_mac(Outcome& outcome, Unit&& unit, const MacCase& mac, bool mpfr) {
  static const uint8_t host_flags = host::tiny_after_rounding() ? 15 : 15 & ~kUnderflow;
  const auto got = unit(mac);
  if (!outcome.compare(mac, got, host::fma(mac), host_flags)) return false;
  if (!mpfr) return true;
  --outcome.vectors;  // the same vector, a second opinion
  return outcome.compare(mac, got, oracle::fma(mac.a, mac.fa, mac.b, mac.fb, mac.c));
}

/// Corner-biased multiply-adds against the machine's fma, and every `mpfr_every`-th against MPFR too.
template <class Unit>
Outcome corner_macs(Unit&& unit, Format fa, Format fb, uint64_t seed, uint64_t count, uint64_t mpfr_every) {
  const MacStimulus stimulus(fa, fb, seed);
  const Progress progress("multiply-adds", count);
  Outcome outcome;
  for (uint64_t i = 0; i < count && one_mac(outcome, unit, stimulus.at(i), i % mpfr_every == 0); ++i)
    if (count >= 10'000'000) progress.at(i);
  return outcome;
}

/// The same with the 25 pairs of formats in turn; `per_pair` of each.
template <class Unit>
Outcome corner_macs_of_all_pairs(Unit&& unit, uint64_t seed, uint64_t per_pair, uint64_t mpfr_every) {
  const Progress progress("rounds of 25 multiply-adds", per_pair);
  Outcome outcome;
  for (uint64_t i = 0; i < per_pair; ++i) {
    for (const Format fa : kOperandFormats)
      for (const Format fb : kOperandFormats)
        if (!one_mac(outcome, unit, MacStimulus(fa, fb, seed).at(i), i % mpfr_every == 0)) return outcome;
    if (per_pair >= 1'000'000) progress.at(i);
  }
  return outcome;
}

/// Every bit uniform, the pairs of formats in turn, against the machine's fma: what directed stimulus is measured against.
template <class Unit>
Outcome uniform_macs_of_all_pairs(Unit&& unit, uint64_t seed, uint64_t per_pair) {
  Outcome outcome;
  for (uint64_t i = 0; i < per_pair; ++i)
    for (const Format fa : kOperandFormats)
      for (const Format fb : kOperandFormats)
        if (!one_mac(outcome, unit, uniform_mac(fa, fb, seed, i), false)) return outcome;
  return outcome;
}

/// Corner-biased FP32 sums against the machine's fma(x, 1, y).
template <class Unit>
Outcome corner_adds(Unit&& unit, uint64_t seed, uint64_t count, uint64_t mpfr_every) {
  const Progress progress("sums", count);
  Outcome outcome;
  for (uint64_t i = 0; i < count; ++i) {
    const AddCase add = corner_add(seed, i);
    const auto got = unit(add);
    const uint8_t flags = host::tiny_after_rounding() ? 15 : 15 & ~kUnderflow;
    if (!outcome.compare(add, got, host::fma(add.x, 0x3F800000u, add.y), flags)) return outcome;
    if (i % mpfr_every == 0) {
      --outcome.vectors;
      if (!outcome.compare(add, got, oracle::fadd(add.x, add.y))) return outcome;
    }
    if (count >= 10'000'000) progress.at(i);
  }
  return outcome;
}

/// Every code of a format to FP32.
template <class Unit>
Outcome decodes(Unit&& unit, Format f) {
  Outcome outcome;
  for (uint32_t code = 0; code < codes(f); ++code) {
    if (!outcome.compare(DecodeCase{code, f}, unit(DecodeCase{code, f}), oracle::widen(code, f))) return outcome;
  }
  return outcome;
}

/// Every code of every operand format to FP32, the formats in turn.
template <class Unit>
Outcome decodes_of_all_formats(Unit&& unit) {
  Outcome outcome;
  for (uint32_t code = 0; code < 65536; ++code)
    for (const Format f : kOperandFormats)
      if (code < codes(f) && !outcome.compare(DecodeCase{code, f}, unit(DecodeCase{code, f}), oracle::widen(code, f))) return outcome;
  return outcome;
}

/// The modes of one conversion: nearest-even and stochastic with each R, each with and without saturation.
template <class Unit>
bool every_mode(Outcome& outcome, Unit&& unit, uint32_t x, Format g, const std::vector<uint16_t>& randoms) {
  const auto one = [&](const CastCase& c) { return outcome.compare(c, unit(c), oracle::convert(c.x, c.g, c.saturate, c.random)); };
  const bool narrow = !is_integer(g) && g != Format::Fp32;
  for (const bool saturate : {false, true}) {
    if (saturate && !narrow) break;
    if (!one({x, g, saturate, std::nullopt})) return false;
    if (!narrow) break;
    for (const uint16_t r : randoms)
      if (!one({x, g, saturate, r})) return false;
  }
  return true;
}

/// Every value, midpoint and neighbour of g in every mode, against MPFR and exact rationals. `stride` > 1 takes every stride-th.
template <class Unit>
Outcome encodes(Unit&& unit, Format g, const std::vector<uint16_t>& randoms, size_t stride = 1) {
  Outcome outcome;
  const std::vector<uint32_t> points = encode_points(g);
  for (size_t i = 0; i < points.size(); i += stride)
    if (!every_mode(outcome, unit, points[i], g, randoms)) break;
  return outcome;
}

/// Every code of f (every stride-th), as FP32, into every format in every mode.
template <class Unit>
Outcome codes_into_every_format(Unit&& unit, Format f, const std::vector<uint16_t>& randoms, uint32_t stride = 1) {
  Outcome outcome;
  for (uint32_t code = 0; code < codes(f); code += stride)
    for (int g = 0; g < kFormats; ++g)
      if (!every_mode(outcome, unit, host::fp32_table(f)[code], static_cast<Format>(g), randoms)) return outcome;
  return outcome;
}

/// Conversions where they decide, R solved for the fraction and the fraction for R.
template <class Unit>
Outcome corner_casts(Unit&& unit, Format g, uint64_t seed, uint64_t count) {
  const CastStimulus stimulus(g, seed);
  Outcome outcome;
  for (uint64_t i = 0; i < count; ++i) {
    const CastCase c = stimulus.at(i);
    if (!outcome.compare(c, unit(c), oracle::convert(c.x, c.g, c.saturate, c.random))) break;
  }
  return outcome;
}

/// The same to every format of spec 17.1 in turn; `per_format` to each.
template <class Unit>
Outcome corner_casts_of_all_formats(Unit&& unit, uint64_t seed, uint64_t per_format) {
  std::vector<CastStimulus> stimuli;
  for (int g = 0; g < kFormats; ++g) stimuli.emplace_back(static_cast<Format>(g), seed);
  Outcome outcome;
  for (uint64_t i = 0; i < per_format; ++i) {
    for (const CastStimulus& stimulus : stimuli) {
      const CastCase c = stimulus.at(i);
      if (!outcome.compare(c, unit(c), oracle::convert(c.x, c.g, c.saturate, c.random))) return outcome;
    }
  }
  return outcome;
}

template <class Unit>
Outcome uniform_casts(Unit&& unit, Format g, uint64_t seed, uint64_t count) {
  Outcome outcome;
  for (uint64_t i = 0; i < count; ++i) {
    const CastCase c = uniform_cast(g, seed, i);
    if (!outcome.compare(c, unit(c), oracle::convert(c.x, c.g, c.saturate, c.random))) break;
  }
  return outcome;
}

}  // namespace assay::oracle
