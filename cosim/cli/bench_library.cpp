// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/bench_library.hpp"

#include <algorithm>
#include <ctime>

#include "cosim/common/process.hpp"
#include "cosim/common/random.hpp"
#include "model/functional/dot.hpp"

namespace assay::cli {
namespace {

constexpr size_t kProducts = 4096;

struct Case {
  const char* name;
  Format format;
  DotPolicy policy;
  int sums;  ///< of a round
};

std::vector<Case> all_cases() {
  DotPolicy tile16, tree, aligned, exact;
  tile16.k_tile = 16;
  tree.sum = DotPolicy::Sum::Tree, tree.product = DotPolicy::Product::ToFp32, tree.group = 4;
  aligned.sum = DotPolicy::Sum::Aligned, aligned.group = 32;
  exact.sum = DotPolicy::Sum::Exact;
  return {{"bf16", Format::Bf16, {}, 4000},
          {"bf16, K tiles of 16", Format::Bf16, tile16, 4000},
          {"e4m3fn", Format::E4m3fn, {}, 4000},
          {"bf16, trees of 4", Format::Bf16, tree, 50},
          {"e4m3fn, aligned, F = 24", Format::E4m3fn, aligned, 50},
          {"e4m3fn, exact", Format::E4m3fn, exact, 50}};
}

// Random values of about one, so that sums stay finite; the low bits are all in use.
std::vector<uint16_t> codes_of(Format format, uint64_t seed) {
  Random random(seed, 0);
  std::vector<uint16_t> codes(kProducts);
  for (uint16_t& code : codes) {
    const uint64_t bits = random.next();
    code = format == Format::Bf16 ? static_cast<uint16_t>((bits & 0x80ff) | 0x3f00) : static_cast<uint16_t>((bits & 0x8f) | 0x30);
  }
  return codes;
}

double macs_per_second(const Case& c, const CodeSpan& a, const CodeSpan& b) {
  const clock_t start = clock();
  uint32_t seen = 0;
  for (int i = 0; i < c.sums; ++i) seen ^= dot(a, b, seen & 0x3fffffffu, c.policy).bits;  // the entry changes: no sum can be left out
  const double seconds = std::max(1e-9, static_cast<double>(clock() - start) / CLOCKS_PER_SEC);
  if (seen == 0x7fc00000u) throw BuildError("bench: a sum of finite values is NaN");
  return static_cast<double>(c.sums) * kProducts / seconds;
}

}  // namespace

std::vector<LibrarySpeed> bench_library(int rounds) {
  const std::vector<Case> cases = all_cases();
  std::vector<std::vector<double>> samples(cases.size());
  for (int round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < cases.size(); ++i) {
      const std::vector<uint16_t> a = codes_of(cases[i].format, 1), b = codes_of(cases[i].format, 2);
      samples[i].push_back(macs_per_second(cases[i], CodeSpan(a, cases[i].format), CodeSpan(b, cases[i].format)));
    }
  }
  std::vector<LibrarySpeed> speeds;
  for (size_t i = 0; i < cases.size(); ++i) {
    std::sort(samples[i].begin(), samples[i].end());
    speeds.push_back({cases[i].name, {samples[i][samples[i].size() / 2], samples[i].front(), samples[i].back()}});
  }
  return speeds;
}

}  // namespace assay::cli
