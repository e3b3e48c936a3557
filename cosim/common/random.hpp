// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace assay {

/// Version of the generator and its distributions: part of every replay token.
inline constexpr int kRandomVersion = 1;

/// The 64-bit finaliser of SplitMix64 (Steele, Lea, Flood 2014; public-domain constants by Vigna).
constexpr uint64_t mix64(uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/// Counter-based generator: value i of stream (seed, stream) is a pure function, so any draw can be replayed alone.
class Random {
 public:
  constexpr Random(uint64_t seed, uint64_t stream) : key_(mix64(seed) ^ mix64(stream * 0xD1342543DE82EF95u + 1)) {}

  constexpr uint64_t at(uint64_t i) const { return mix64(key_ + i * 0xA0761D6478BD642Fu); }
  constexpr uint64_t next() { return at(counter_++); }

  /// Uniform in [0, n), n ≥ 1, by multiply-high: the bias is below n / 2^64.
  constexpr uint64_t below(uint64_t n) { return static_cast<uint64_t>((static_cast<unsigned __int128>(next()) * n) >> 64); }
  /// Uniform in [lo, hi].
  constexpr int64_t range(int64_t lo, int64_t hi) { return lo + static_cast<int64_t>(below(static_cast<uint64_t>(hi - lo) + 1)); }
  /// True with probability p, decided on 32 bits.
  constexpr bool chance(double p) { return static_cast<double>(next() >> 32) < p * 4294967296.0; }

 private:
  uint64_t key_;
  uint64_t counter_ = 0;
};

}  // namespace assay
