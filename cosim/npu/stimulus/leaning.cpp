// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/stimulus/leaning.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace assay::npu {
namespace {

/// A word in a hole's name or reach, and what it asks for.
struct Hint {
  std::string_view word, dials;
};

// In the order of their weight: of each dial the first two hints that speak of it are drawn from.
constexpr std::array<Hint, 64> kHints{{
    {"illegal", "illegal=many"},
    {"status", "illegal=many"},
    {"reset", "order=reset"},
    {"command.triple", "order=triples,shape=one"},
    {"command.pair", "order=triples"},
    {"int.sum", "order=overflow"},
    {"ticket/activate", "order=params,shape=one"},
    {"ticket/matmul", "order=handover,shape=one"},
    {"ticket", "order=switch,shape=one"},
    {"reload", "order=switch"},
    {"while_switching", "order=switch"},
    {"load.", "order=switch,stall=heavy"},
    {"matmul.weights", "order=switch"},
    {"matmul.wait", "order=handover,stall=heavy"},
    {"matmul.gap", "stall=pingpong"},
    {"accumulate", "order=handover"},
    {"adder", "order=handover,shape=one"},
    {"activate.credit", "order=handover,stall=long"},
    {"no_credit", "order=job,stall=long"},
    {"param", "order=params"},
    {"table", "order=params"},
    {"seed", "order=params"},
    {"drain", "order=params"},
    {"clear", "order=barrier"},
    {"fence", "order=barrier"},
    {"counter", "order=barrier"},
    {"idle", "order=barrier"},
    {"requantise", "order=directed"},
    {"zero_point", "order=directed,landing=saturate"},
    {"clamp", "order=directed,landing=saturate"},
    {"convert", "order=directed"},
    {"rounding", "order=directed"},
    {"float.fma", "order=directed"},
    {"float.sum", "order=directed"},
    {"float.bias", "order=directed"},
    {"int.bias", "order=directed,landing=overflow"},
    {"tie", "landing=tie"},
    {"overflow", "landing=overflow"},
    {"saturat", "landing=saturate"},
    {"subnormal", "landing=subnormal,values=subnormal"},
    {"underflow", "landing=subnormal"},
    {"nan", "landing=special,values=storm"},
    {"infinit", "landing=special,values=specials"},
    {"invalid", "landing=special,values=storm"},
    {"cancel", "landing=zero,values=cancel"},
    {"zero", "landing=zero,values=zeros"},
    {"exact", "values=powers,landing=zero"},
    {"greatest", "values=extremes"},
    {"least", "values=extremes"},
    {"normal", "values=corners"},
    {"128", "values=extremes"},
    {"127", "values=extremes"},
    {"255", "values=extremes"},
    {"2^", "values=powers"},
    {"limit-1", "shape=below"},
    {"limit", "shape=tile"},
    {"shape.", "order=job"},
    {"full", "stall=long"},
    {"empty", "stall=burst"},
    {"handshake", "stall=heavy"},
    {"fifo", "stall=burst"},
    {"stall", "stall=heavy"},
    {"int.product", "values=corners,order=job"},
    {"float.product", "values=storm,order=job"},
}};

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

Leaning leaning_for(const std::string& bin, const std::string& reach, Random& random) {
  const std::string text = lower(bin + " " + reach);
  std::vector<const Hint*> fitting;
  for (const Hint& hint : kHints)
    if (text.find(hint.word) != std::string::npos) fitting.push_back(&hint);
  Leaning out;
  out.is_long = text.find("ticket") != std::string::npos;
  // One or two hints: all of them at once would leave nothing to chance.
  for (int i = 0; i < 2 && !fitting.empty(); ++i) {
    const size_t at = random.below(std::min<size_t>(fitting.size(), 3));
    const Dials asked = Dials::parse(fitting[at]->dials, "leaning");
    for (size_t dial = 0; dial < Dials::kCount; ++dial)
      if (asked.pinned(dial) && !out.dials.pinned(dial)) out.dials.pin(dial, asked.setting(dial));
    fitting.erase(fitting.begin() + static_cast<ptrdiff_t>(at));
    if (random.chance(0.4)) break;
  }
  return out;
}

}  // namespace assay::npu
