// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/skew.hpp"

#include <cstring>
#include <functional>

#include "tests/catch.hpp"
#include "tests/engine/fake_target.hpp"

using namespace assay;
using assay::test::FakeTarget;
using Kind = Skew::Verdict;

namespace {

constexpr size_t kLanes = 0, kControl = 1, kFlag = 2, kMemory = 3, kOutValid = 6;
constexpr uint64_t kPart = 20;  ///< the cycle in which the sides part

/// Values of lane 1 of both sides and of the model's lane 0 and 2, by cycle; the sides are equal before kPart.
struct Story {
  std::function<uint8_t(int64_t)> model = [](int64_t) { return uint8_t{0}; };
  std::function<uint8_t(int64_t)> rtl = model;
  std::function<uint8_t(int64_t)> left = [](int64_t) { return uint8_t{0}; };
};

Skew skew_of(const Story& story, uint64_t to = 60) {
  FakeTarget target;
  target.length = 100;
  target.on_drive = [&](uint64_t cycle) {
    const auto t = static_cast<int64_t>(cycle);
    target.ref.lanes = {story.left(t), story.model(t), 0, 0};
    target.dut.lanes = {story.left(t), cycle < kPart ? story.model(t) : story.rtl(t), 0, 0};
  };
  const Trace trace = trace_run(target, {}, 4, to);
  uint64_t first = kPart;
  while (first < to && !trace.differs(first, kLanes, {0, 1})) ++first;
  return find_skew(trace, kLanes, {1}, first);
}

/// A sequence without a pattern: what stands in cycle t.
uint8_t noise(int64_t t) {
  auto x = static_cast<uint32_t>(t + 1000) * 2654435761u;
  return static_cast<uint8_t>(x ^ x >> 13 ^ x >> 22);
}
uint8_t other_noise(int64_t t) { return noise(3 * t + 77); }

}  // namespace

TEST_CASE("skew: the model's values some cycles later or earlier are late and early, however many up to eight") {
  for (int k = -8; k <= 8; ++k) {
    if (k == 0) continue;
    INFO(k);
    const Skew skew = skew_of({noise, [k](int64_t t) { return noise(t - k); }});
    CHECK(skew.verdict == (k > 0 ? Kind::Late : Kind::Early));
    CHECK(skew.shift == Skew::Shift{k, 0, 0});
    CHECK(skew.evidence.from == kPart);
    CHECK(skew.evidence.matching == skew.evidence.compared);
    CHECK(skew.evidence.matching >= 33);
    CHECK(skew.evidence.distinct > 20);
    CHECK(skew.also.empty());
  }
  for (int k : {-9, 9}) CHECK(skew_of({noise, [k](int64_t t) { return noise(t - k); }}).verdict == Kind::Wrong);
}

TEST_CASE("skew: the values of the neighbouring element are a lane, also some cycles late") {
  const Skew same = skew_of({noise, other_noise, other_noise});
  CHECK(same.verdict == Kind::Lane);
  CHECK(same.shift == Skew::Shift{0, -1, 0});
  const Skew late = skew_of({noise, [](int64_t t) { return other_noise(t - 3); }, other_noise});
  CHECK(late.verdict == Kind::Lane);
  CHECK(late.shift == Skew::Shift{3, -1, 0});
}

TEST_CASE("skew: in a pipeline of neighbours the other explanation is named, too") {
  const Skew skew = skew_of({noise, [](int64_t t) { return noise(t + 1); }, [](int64_t t) { return noise(t + 1); }});
  CHECK(skew.verdict == Kind::Early);  // time before place
  REQUIRE(skew.also.size() == 1);
  CHECK(skew.also[0] == Skew::Shift{0, -1, 0});
}

TEST_CASE("skew: quiet registers prove nothing") {
  const auto step = [](int64_t at, uint8_t value) { return [at, value](int64_t t) { return t >= at ? value : uint8_t{0}; }; };
  const auto pulse = [](int64_t at, uint8_t value) { return [at, value](int64_t t) { return t == at ? value : uint8_t{0}; }; };
  const auto zero = [](int64_t) { return uint8_t{0}; };
  CHECK(skew_of({pulse(kPart, 7), zero}).verdict == Kind::Held);  // all zeros is not "the zeros of 8 cycles ago"
  CHECK(skew_of({zero, pulse(kPart, 7)}).verdict == Kind::Moved);
  CHECK(skew_of({zero, step(kPart, 7)}).verdict == Kind::Moved);
  CHECK(skew_of({step(kPart, 7), step(kPart, 9)}).verdict == Kind::Wrong);
  CHECK(skew_of({step(kPart, 7), step(kPart, 9), step(0, 9)}).verdict == Kind::Wrong);  // a neighbour that stands at the same small number
  CHECK(skew_of({step(kPart, 7), step(kPart + 1, 7)}).verdict == Kind::Late);           // a step that both make, one cycle apart
  CHECK(skew_of({step(kPart, 7), step(kPart + 5, 7)}).verdict == Kind::Held);           // five cycles apart one step is too little
}

TEST_CASE("skew: a value that is wrong once, and one that stays wrong, are wrong") {
  CHECK(skew_of({noise, [](int64_t t) { return static_cast<uint8_t>(noise(t) ^ (t == kPart ? 0x20 : 0)); }}).verdict == Kind::Wrong);
  const Skew skew = skew_of({noise, [](int64_t t) { return static_cast<uint8_t>(noise(t) ^ 0x80); }});
  CHECK(skew.verdict == Kind::Wrong);
  CHECK(skew.evidence.matching == 0);
  CHECK(skew.evidence.compared == 41);
}

TEST_CASE("skew: a shift that ends after a while is believed when it lasted long enough") {
  const auto until = [](uint64_t end) { return [end](int64_t t) { return t < static_cast<int64_t>(end) ? noise(t - 2) : other_noise(t); }; };
  const Skew skew = skew_of({noise, until(kPart + 16)});
  CHECK(skew.verdict == Kind::Late);
  CHECK(skew.evidence.matching == 16);
  CHECK(skew_of({noise, until(kPart + 15)}).verdict == Kind::Wrong);
}

TEST_CASE("skew: a run that ends soon is judged by the cycles there are") {
  const auto late = [](int64_t t) { return noise(t - 1); };
  CHECK(skew_of({noise, late}, kPart + 3).verdict == Kind::Late);
  CHECK(skew_of({noise, late}, kPart).verdict != Kind::Late);  // one cycle shows no change
}

TEST_CASE("skew: single bits, scalars, memories and undefined outputs are judged, what does not differ is not") {
  FakeTarget target;
  target.length = 100;
  target.on_drive = [&](uint64_t cycle) {
    const auto bit = [](uint64_t t) { return static_cast<uint8_t>(noise(static_cast<int64_t>(t)) & 1); };
    target.ref.flag = bit(cycle);
    target.dut.flag = cycle < kPart ? bit(cycle) : bit(cycle - 1);
    if (cycle >= kPart) target.dut.control = static_cast<uint16_t>(cycle - 4);
    if (cycle >= kPart) target.dut.memory[1] = 0x12345;
    if (cycle >= kPart) target.dut.out_valid = 1;
  };
  const Trace trace = trace_run(target, {}, 0, 60);
  uint64_t flag = kPart;
  while (!trace.differs(flag, kFlag, {})) ++flag;
  CHECK(find_skew(trace, kFlag, {}, flag).shift == Skew::Shift{1, 0, 0});
  CHECK(find_skew(trace, kControl, {}, kPart).shift == Skew::Shift{4, 0, 0});
  CHECK(find_skew(trace, kMemory, {1}, kPart + 1).verdict == Kind::Wrong);
  CHECK(find_skew(trace, kMemory, {3}, kPart).verdict == Kind::None);  // never written
  CHECK(find_skew(trace, kOutValid, {}, kPart).verdict != Kind::None);
  CHECK(find_skew(trace, kLanes, {0}, kPart).verdict == Kind::None);  // does not differ
  CHECK(find_skew(trace, kFlag, {}, 1000).verdict == Kind::None);     // outside the trace
}

TEST_CASE("skew: an element that was looked at late is judged from where it began to differ") {
  FakeTarget target;
  target.length = 100;
  target.touch_words = true;
  target.on_drive = [&](uint64_t cycle) {
    if (cycle >= 30) target.dut.lanes[2] ^= 4;
  };
  const Trace trace = trace_run(target, {}, 0, 60);
  CHECK(find_skew(trace, kLanes, {2}, 40).evidence.from == 30);
}
