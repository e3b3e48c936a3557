// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "cosim/engine/reduce.hpp"
#include "cosim/npu/shrink_search.hpp"

namespace assay::npu {
namespace {

/// The number halved and decremented as far as it holds; `place` says where it stands in a candidate.
template <class Place>
void lower(Search& search, int64_t least, Place place) {
  const auto try_value = [&](int64_t value) {
    return search.attempt_change([&](ShrinkCase& c) {
      if (value >= place(c)) return false;
      place(c) = value;
      return true;
    });
  };
  ShrinkCase now = search.best();
  const int64_t start = place(now);
  if (start <= least || try_value(least)) return;
  for (int64_t step = (start - least) / 2; step > 0; step /= 2) {
    now = search.best();
    try_value(place(now) - step);
  }
}

}  // namespace

void shrink_items(Search& search) {
  const std::vector<Recipe::Item> items = search.best().recipe.items;
  reduce(items.size(), 1, [&](const std::vector<size_t>& kept) {
    ShrinkCase candidate = search.best();
    candidate.recipe.items.clear();
    for (const size_t i : kept) candidate.recipe.items.push_back(items[i]);
    return search.attempt(std::move(candidate));
  });
}

namespace {

void earlier(Fault& fault, uint64_t by) {
  fault.cycle -= by;
  fault.text = fault.text.substr(0, fault.text.rfind('@') + 1) + std::to_string(fault.cycle);
}

/// Without stalls everything happens earlier, and so must an injected fault: it is looked for in the cycles before.
void drop_stalls(Search& search) {
  constexpr uint64_t kLookBack = 64;
  const auto& faults = search.best().faults;
  const uint64_t most = faults.size() == 1 ? std::min(kLookBack, faults[0].cycle) : 0;
  for (uint64_t by = 0; by <= most; ++by) {
    const bool dropped = search.attempt_change([by](ShrinkCase& c) {
      if (c.stall == StallProfiles{}) return false;
      c.stall = {};
      if (by > 0) earlier(c.faults[0], by);
      return true;
    });
    if (dropped) return;
  }
}

}  // namespace

/// No stalls at all, then stream by stream; resets and rests short; the seed that a run has when none is given.
void shrink_stimulus(Search& search) {
  drop_stalls(search);
  for (StallProfile StallProfiles::*stream :
       {&StallProfiles::commands, &StallProfiles::weights, &StallProfiles::activations, &StallProfiles::output, &StallProfiles::response}) {
    search.attempt_change([stream](ShrinkCase& c) {
      c.stall.*stream = {};
      return true;
    });
  }
  for (size_t i = 0; i < search.best().recipe.items.size(); ++i) {
    const Recipe::Item item = search.best().recipe.items[i];
    if (std::holds_alternative<Recipe::Reset>(item)) {
      lower(search, 0, [i](ShrinkCase& c) -> int64_t& { return std::get<Recipe::Reset>(c.recipe.items[i]).after; });
      search.attempt_item<Recipe::Reset>(i, [](Recipe::Reset& reset) { return std::exchange(reset.cycles, 2) > 2; });
    } else if (std::holds_alternative<Recipe::Idle>(item)) {
      lower(search, 0, [i](ShrinkCase& c) -> int64_t& { return std::get<Recipe::Idle>(c.recipe.items[i]).cycles; });
    }
  }
  search.attempt_change([](ShrinkCase& c) { return std::exchange(c.seed, 1) != 1; });
}

void shrink_faults(Search& search) {
  const std::vector<Fault> faults = search.best().faults;
  reduce(faults.size(), 0, [&](const std::vector<size_t>& kept) {
    ShrinkCase candidate = search.best();
    candidate.faults.clear();
    for (const size_t i : kept) candidate.faults.push_back(faults[i]);
    return search.attempt(std::move(candidate));
  });
  for (size_t i = 0; i < search.best().faults.size(); ++i) {
    for (uint64_t by = search.best().faults[i].cycle; by > 0; by /= 2) {
      search.attempt_change([&](ShrinkCase& c) {
        if (by > c.faults[i].cycle) return false;
        earlier(c.faults[i], by);
        return true;
      });
    }
  }
}

}  // namespace assay::npu
