// SPDX-License-Identifier: Apache-2.0
//
// Worked examples for the second model, computed by hand from docs/spec.md.
#include "tests/second_model/second_model.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "tests/catch.hpp"

namespace {

using assay::second::Accumulators;
using assay::second::ActivationPipeline;
using assay::second::ControlWord;
using assay::second::Params;
using assay::second::Tag;
using Lanes = std::vector<std::uint32_t>;

constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();
constexpr std::uint32_t kHalf = 0x40000000U;     // multiplier 2^30: one half
constexpr std::uint32_t kLargest = 0x7FFFFFFFU;  // multiplier 2^31 - 1

std::uint32_t bits(std::int64_t value) { return static_cast<std::uint32_t>(value); }

// ---------------------------------------------------------------------------------------------------------------------
// Accumulators

// Plays beats, one per cycle, into the accumulators with the skew of the array: column c sees a beat c cycles later.
class Player {
 public:
  explicit Player(const Params& params) : accumulators(params), params_(params) {}

  void cycle(const Tag& tag = {}, const Lanes& values = {}, const Accumulators::ReadRequest& read = {}) {
    history_.push_back({tag, values});
    Accumulators::Inputs in(params_);
    for (unsigned c = 0; c < params_.cols; ++c) {
      const Beat first = beat(c);
      in.stage1[c] = first.tag;
      in.stage2[c] = beat(c + 1).tag;
      in.psum[c] = c < first.values.size() ? first.values[c] : 0xDEADBEEFU;
    }
    in.read = read;
    accumulators.step(in);
  }
  void idle(int cycles) {
    for (int i = 0; i < cycles; ++i) cycle();
  }
  Lanes read(unsigned entry, unsigned columns) {
    cycle({}, {}, {true, entry, columns});
    return accumulators.read;
  }

  Accumulators accumulators;

 private:
  struct Beat {
    Tag tag;
    Lanes values;
  };
  Beat beat(std::size_t ago) const { return ago < history_.size() ? history_[history_.size() - 1 - ago] : Beat{}; }

  Params params_;
  std::vector<Beat> history_;
};

Tag write(unsigned columns, unsigned entry) { return {true, false, columns, entry}; }
Tag accumulate(unsigned columns, unsigned entry) { return {true, true, columns, entry}; }

// ---------------------------------------------------------------------------------------------------------------------
// Activation unit

struct Result {
  std::uint32_t biased = 0, scaled = 0, clamped = 0, lane = 0;
  std::uint64_t product = 0;
  bool saturated_2 = false, saturated_3 = false, saturated_4 = false, overflow = false, undefined = false;
};

void load_param(ActivationPipeline& unit, const Params& params, std::uint32_t bias, std::uint32_t multiplier, int shift) {
  ActivationPipeline::Inputs in(params);
  in.load_param = {true, true, 0, bias, multiplier, shift};
  unit.step(in);
}

// Sends one beat with the value in lane 0 through a unit of one column.
Result run(std::int64_t value, std::uint32_t multiplier, int shift, ControlWord word, std::int64_t bias = 0) {
  Params params;
  params.cols = 1;
  ActivationPipeline unit(params);
  load_param(unit, params, bits(bias), multiplier, shift);
  word.columns = 1;
  ActivationPipeline::Inputs in(params);
  in.beat_fire = true;
  in.control = word;
  unit.step(in);
  in.beat_fire = false;
  in.read[0] = bits(value);
  Result result;
  unit.step(in);  // stage 1
  result.biased = unit.biased[0];
  result.overflow = unit.overflow;
  in.read[0] = 0;
  unit.step(in);  // stage 2
  result.product = unit.product[0];
  result.saturated_2 = unit.saturated;
  unit.step(in);  // stage 3
  result.scaled = unit.scaled[0];
  result.saturated_3 = unit.saturated;
  unit.step(in);  // stage 4
  result.clamped = unit.clamped[0];
  result.saturated_4 = unit.saturated;
  CHECK_FALSE(unit.push.has_value());
  unit.step(in);  // stage 5
  REQUIRE(unit.push.has_value());
  result.lane = unit.push->at(0);
  result.undefined = unit.undefined;
  return result;
}

ControlWord mode_double() {
  ControlWord word;
  word.clamp_lo = -128;
  word.clamp_hi = 127;
  return word;
}
ControlWord mode_single() {
  ControlWord word = mode_double();
  word.single = true;
  return word;
}
ControlWord mode_raw() {
  ControlWord word;
  word.raw = true;
  return word;
}

}  // namespace

TEST_CASE("second model: floor division and division with ties away from zero are the mathematical ones", "[second]") {
  using assay::second::divide_ties_away;
  using assay::second::floor_divide;
  CHECK(static_cast<int>(floor_divide(7, 2)) == 3);
  CHECK(static_cast<int>(floor_divide(-7, 2)) == -4);
  CHECK(static_cast<int>(floor_divide(-8, 2)) == -4);
  CHECK(static_cast<int>(divide_ties_away(3, 2)) == 2);
  CHECK(static_cast<int>(divide_ties_away(-3, 2)) == -2);
  CHECK(static_cast<int>(divide_ties_away(5, 4)) == 1);
  CHECK(static_cast<int>(divide_ties_away(-5, 4)) == -1);
  CHECK(static_cast<int>(divide_ties_away(-7, 4)) == -2);
  CHECK(static_cast<int>(divide_ties_away(-9, 1)) == -9);
}

TEST_CASE("second model: an overwriting beat ignores the old entry and lands one column per cycle", "[second]") {
  Params params;
  params.cols = 2;
  Player player(params);
  player.cycle(write(2, 3), {bits(-5), 9});  // stage 1 of column 0
  CHECK(player.accumulators.acc_new[0] == bits(-5));
  CHECK_FALSE(player.accumulators.written[0][3]);
  player.cycle();  // stage 2 of column 0, stage 1 of column 1
  CHECK(player.accumulators.written[0][3]);
  CHECK(player.accumulators.mem[0][3] == bits(-5));
  CHECK(player.accumulators.acc_new[1] == 9);
  CHECK_FALSE(player.accumulators.written[1][3]);
  player.cycle();
  CHECK(player.accumulators.mem[1][3] == 9);
  player.cycle(write(2, 3), {4, 4});
  player.idle(2);
  CHECK(player.read(3, 2) == Lanes{4, 4});
  CHECK_FALSE(player.accumulators.overflow);
  CHECK_FALSE(player.accumulators.undefined);
}

TEST_CASE("second model: a beat right behind another of the same entry takes the sum that is still in the adder", "[second]") {
  Params params;
  Player player(params);
  player.cycle(write(1, 6), {5});
  player.cycle(accumulate(1, 6), {7});  // hit: the entry is neither written nor in the memory yet
  CHECK(player.accumulators.acc_old[0] == 5);
  CHECK(player.accumulators.mem[0][6] == 5);  // the first beat's stage 2 in the same cycle
  player.cycle(accumulate(1, 6), {100});
  CHECK(player.accumulators.acc_old[0] == 12);
  player.idle(1);
  CHECK(player.read(6, 1) == Lanes{112});
  CHECK_FALSE(player.accumulators.undefined);
}

TEST_CASE("second model: two beats apart the entry comes from the memory", "[second]") {
  Params params;
  Player player(params);
  player.cycle(write(1, 2), {5});
  player.cycle(write(1, 3), {1000});
  player.cycle(accumulate(1, 2), {7});
  CHECK(player.accumulators.acc_old[0] == 5);
  player.idle(1);
  CHECK(player.read(2, 1) == Lanes{12});
  CHECK(player.read(3, 1) == Lanes{1000});
}

TEST_CASE("second model: a beat that does not cover a column forwards nothing there", "[second]") {
  Params params;
  params.cols = 2;
  Player player(params);
  player.cycle(write(1, 0), {5, 50});
  player.cycle(accumulate(2, 0), {7, 70});
  CHECK_FALSE(player.accumulators.undefined);
  player.idle(1);  // stage 1 of column 1: never written, and the beat before had n = 1
  CHECK(player.accumulators.undefined);
  player.idle(1);
  CHECK(player.read(0, 2) == Lanes{12, 70});
}

TEST_CASE("second model: accumulating onto an entry never written counts it as 0 and raises undefined", "[second]") {
  Params params;
  Player player(params);
  player.accumulators.mem[0][1] = 77;  // whatever the memory held
  player.cycle(accumulate(1, 1), {3});
  CHECK(player.accumulators.undefined);
  player.idle(1);
  CHECK(player.read(1, 1) == Lanes{3});
}

TEST_CASE("second model: reading an entry never written gives 0 and raises undefined for columns below n only", "[second]") {
  Params params;
  params.cols = 2;
  Player player(params);
  player.cycle(write(1, 4), {8, 8});
  player.idle(2);
  CHECK(player.read(4, 1) == Lanes{8, 0});
  CHECK_FALSE(player.accumulators.undefined);
  CHECK(player.read(4, 2) == Lanes{8, 0});
  CHECK(player.accumulators.undefined);
  player.idle(1);
  CHECK(player.accumulators.read == Lanes{8, 0});  // holds without a fire
  player.cycle(write(2, 4), {6, 6});
  player.idle(2);
  CHECK(player.read(4, 2) == Lanes{6, 6});
  CHECK(player.read(4, 1) == Lanes{6, 0});  // written, but not below n
}

TEST_CASE("second model: an accumulation outside INT32 wraps and raises overflow", "[second]") {
  Params params;
  Player player(params);
  player.cycle(write(1, 0), {bits(kMax)});
  player.cycle(write(1, 1), {bits(kMin)});
  player.cycle(accumulate(1, 1), {0});
  player.idle(1);
  CHECK_FALSE(player.accumulators.overflow);
  player.cycle(accumulate(1, 0), {1});
  CHECK_FALSE(player.accumulators.overflow);
  player.idle(1);
  CHECK(player.accumulators.overflow);
  CHECK(player.accumulators.mem[0][0] == bits(kMin));
}

TEST_CASE("second model: clearing the written bits forgets entries, and clearing wins over a set of the same edge", "[second]") {
  Params params;
  Accumulators accumulators(params);
  Accumulators::Inputs in(params);
  in.stage2[0] = write(1, 5);
  accumulators.step(in);
  CHECK(accumulators.written[0][5]);
  in.clear_written = true;
  in.clear_flags = true;
  in.stage1[0] = accumulate(1, 0);
  accumulators.step(in);
  CHECK_FALSE(accumulators.written[0][5]);
  CHECK_FALSE(accumulators.undefined);
}

TEST_CASE("second model: reset clears registers and written bits of the accumulators but leaves the memory", "[second]") {
  Params params;
  Player player(params);
  player.cycle(write(1, 5), {42});
  player.idle(1);
  CHECK(player.read(5, 1) == Lanes{42});
  Accumulators::Inputs in(params);
  in.rst_n = false;
  in.psum[0] = 1;
  in.stage1[0] = accumulate(1, 0);
  player.accumulators.step(in);
  CHECK(player.accumulators.acc_new[0] == 0);
  CHECK(player.accumulators.read[0] == 0);
  CHECK_FALSE(player.accumulators.undefined);
  CHECK_FALSE(player.accumulators.written[0][5]);
  CHECK(player.accumulators.mem[0][5] == 42);
  CHECK(player.read(5, 1) == Lanes{0});
  CHECK(player.accumulators.undefined);
}

TEST_CASE("second model: the high multiply of mode double rounds ties up", "[second]") {
  // With m = 2^30 and s = 0: h = floor((x + 1) / 2).
  CHECK(run(1, kHalf, 0, mode_double()).scaled == 1);
  CHECK(run(3, kHalf, 0, mode_double()).scaled == 2);
  CHECK(run(-1, kHalf, 0, mode_double()).scaled == 0);
  CHECK(run(-3, kHalf, 0, mode_double()).scaled == bits(-1));
}

TEST_CASE("second model: the rounding divide of mode double takes ties away from zero", "[second]") {
  CHECK(run(6, kHalf, -1, mode_double()).scaled == 2);          // h = 3, 3 / 2
  CHECK(run(-6, kHalf, -1, mode_double()).scaled == bits(-2));  // h = -3
  CHECK(run(10, kHalf, -2, mode_double()).scaled == 1);         // h = 5, 5 / 4
  CHECK(run(12, kHalf, -2, mode_double()).scaled == 2);         // h = 6, 6 / 4
  CHECK(run(-12, kHalf, -2, mode_double()).scaled == bits(-2));
  CHECK(run(-10, kHalf, -2, mode_double()).scaled == bits(-1));
}

TEST_CASE("second model: mode single rounds once, so it differs from mode double on double roundings and negative ties", "[second]") {
  // With m = 2^30 and s = -1: floor((x + 2) / 4).
  CHECK(run(5, kHalf, -1, mode_single()).scaled == 1);
  CHECK(run(5, kHalf, -1, mode_double()).scaled == 2);  // 2.5 -> 3, 1.5 -> 2
  CHECK(run(6, kHalf, -1, mode_single()).scaled == 2);
  CHECK(run(-6, kHalf, -1, mode_single()).scaled == bits(-1));
  CHECK(run(-7, kHalf, -1, mode_single()).scaled == bits(-2));
}

TEST_CASE("second model: the extreme shifts are exact", "[second]") {
  CHECK(run(kMin, kHalf, -31, mode_double()).scaled == bits(-1));     // h = -2^30, exactly -1/2
  CHECK(run(kMin, kHalf, -31, mode_single()).scaled == 0);            // floor((-2^61 + 2^61) / 2^62)
  CHECK(run(kMin, kLargest, -31, mode_double()).scaled == bits(-1));  // h = -(2^31 - 1)
  CHECK(run(kMin, kLargest, 0, mode_double()).scaled == bits(-kMax));
  CHECK(run(kMin, kLargest, 0, mode_double()).product == 0xC000000080000000ULL);  // -2^62 + 2^31
  CHECK(run(1, kHalf, 30, mode_double()).scaled == 0x20000000U);                  // 2^30 / 2
  CHECK(run(3, kHalf, 30, mode_single()).scaled == 0x60000000U);                  // floor((3 * 2^30 + 1) / 2)
  CHECK(run(kMax, 0, -31, mode_single()).scaled == 0);
}

TEST_CASE("second model: mode double saturates before the multiply, mode single after it", "[second]") {
  const Result early = run(0x40000000, kHalf, 1, mode_double());  // x * 2 = 2^31 becomes 2^31 - 1
  CHECK(early.saturated_2);
  CHECK(early.product == 0x1FFFFFFFC0000000ULL);  // (2^31 - 1) * 2^30
  CHECK(early.scaled == 0x40000000U);             // (2^61 - 2^30 + 2^30) / 2^31
  const Result none = run(0x40000000, kHalf, 1, mode_single());
  CHECK_FALSE(none.saturated_3);
  CHECK(none.scaled == 0x40000000U);
  const Result high = run(kMax, kHalf, 2, mode_single());
  CHECK_FALSE(high.saturated_2);
  CHECK(high.saturated_3);
  CHECK(high.scaled == bits(kMax));
  const Result low = run(kMin, kHalf, 2, mode_single());
  CHECK(low.saturated_3);
  CHECK(low.scaled == bits(kMin));
  CHECK_FALSE(run(kMin, kHalf, 1, mode_single()).saturated_3);  // exactly -2^31
  CHECK(run(kMin, kHalf, 1, mode_double()).saturated_2);
  CHECK(run(kMin, 0, 1, mode_double()).saturated_2);  // also when the multiplier is 0
}

TEST_CASE("second model: the bias add wraps and raises overflow", "[second]") {
  const Result up = run(kMax, 0, 0, mode_double(), 1);
  CHECK(up.biased == bits(kMin));
  CHECK(up.overflow);
  const Result down = run(kMin, 0, 0, mode_double(), -1);
  CHECK(down.biased == bits(kMax));
  CHECK(down.overflow);
  CHECK_FALSE(run(kMin, 0, 0, mode_double(), kMax).overflow);
}

TEST_CASE("second model: the zero point is added exactly and only leaving the format raises saturated", "[second]") {
  ControlWord word = mode_double();
  word.zero_point = 50;
  Result result = run(200, kHalf, 0, word);  // y = 100, z0 = 150
  CHECK(result.saturated_4);
  CHECK(result.lane == 127);
  word.output_unsigned = true;
  word.clamp_lo = 0;
  word.clamp_hi = 255;
  result = run(200, kHalf, 0, word);
  CHECK_FALSE(result.saturated_4);
  CHECK(result.lane == 150);
  result = run(-102, kHalf, 0, word);  // y = -51, z0 = -1
  CHECK(result.saturated_4);
  CHECK(result.lane == 0);
  word = mode_double();
  word.clamp_hi = 6;
  result = run(200, kHalf, 0, word);  // the clamp alone raises nothing
  CHECK_FALSE(result.saturated_4);
  CHECK(result.lane == 6);
  word = mode_double();
  word.zero_point = 127;
  result = run(kMax, kLargest, 0, word);  // y = 2^31 - 2, so the sum needs 33 bits
  CHECK(result.scaled == bits(kMax - 1));
  CHECK(result.saturated_4);
  CHECK(result.lane == 127);
  result = run(-256, kHalf, 0, mode_double());
  CHECK_FALSE(result.saturated_4);
  CHECK(result.lane == bits(-128));
}

TEST_CASE("second model: raw moves the accumulator value unchanged and raises nothing", "[second]") {
  const Result result = run(kMin, kLargest, 30, mode_raw(), -1);
  CHECK(result.biased == bits(kMin));
  CHECK(result.product == 0xFFFFFFFF80000000ULL);
  CHECK(result.scaled == bits(kMin));
  CHECK(result.clamped == bits(kMin));
  CHECK(result.lane == bits(kMin));
  CHECK_FALSE(result.overflow);
  CHECK_FALSE(result.saturated_4);
  CHECK_FALSE(result.undefined);
}

TEST_CASE("second model: the table is indexed by the low byte and an unloaded line counts as zeros", "[second]") {
  Params params;
  params.cols = 3;
  ActivationPipeline unit(params);
  load_param(unit, params, 0, kHalf, 0);
  ActivationPipeline::Inputs in(params);
  in.load_table = {true, 31, 0x0080000000000011ULL};  // entry 254 = 0x80, entry 248 = 0x11
  unit.step(in);
  in.load_table.fire = false;
  CHECK(unit.table_written[31]);
  in.control = mode_double();
  in.control.table = true;
  in.control.columns = 2;
  in.read = {bits(-4), bits(-16), 2};  // -2 is entry 254, -8 entry 248; lane 2 (entry 1, no line) is not below n
  const auto beat = [&] {
    in.beat_fire = true;
    unit.step(in);
    in.beat_fire = false;
    for (int stage = 1; stage <= 5; ++stage) unit.step(in);
    return unit.push.value();
  };
  CHECK(beat() == Lanes{0xFFFFFF80U, 0x11, 0});
  CHECK_FALSE(unit.undefined);
  in.control.output_unsigned = true;
  in.control.clamp_lo = 254;
  in.control.clamp_hi = 255;
  CHECK(beat() == Lanes{0x80, 0x80, 0});
  CHECK_FALSE(unit.undefined);
  CHECK(unit.saturated);
  in.control = mode_double();
  in.control.table = true;
  in.control.columns = 3;
  CHECK(beat() == Lanes{0xFFFFFF80U, 0x11, 0});
  CHECK(unit.undefined);
  in.clear_table = true;
  in.clear_flags = true;
  unit.step(in);
  in.clear_table = false;
  in.clear_flags = false;
  CHECK_FALSE(unit.undefined);
  CHECK_FALSE(unit.table_written[31]);
  CHECK(beat() == Lanes{0, 0, 0});
  CHECK(unit.undefined);
}

TEST_CASE("second model: lanes beyond n are computed but push 0 and raise nothing", "[second]") {
  Params params;
  params.cols = 2;
  ActivationPipeline unit(params);
  load_param(unit, params, 1, kHalf, 1);
  ActivationPipeline::Inputs in(params);
  in.beat_fire = true;
  in.control = mode_double();
  in.control.columns = 1;
  unit.step(in);
  in.beat_fire = false;
  in.read = {4, bits(kMax)};
  unit.step(in);
  CHECK(unit.biased == Lanes{5, bits(kMin)});
  unit.step(in);
  CHECK(unit.product[1] == 0xE000000000000000ULL);  // -2^31 * 2^30
  unit.step(in);
  CHECK(unit.scaled == Lanes{5, 0xC0000000U});
  unit.step(in);
  CHECK(unit.clamped == Lanes{5, bits(-128)});
  unit.step(in);
  CHECK(unit.push == std::optional<Lanes>(Lanes{5, 0}));
  CHECK_FALSE(unit.overflow);
  CHECK_FALSE(unit.saturated);
  load_param(unit, params, 0, kHalf, 2);
  in.beat_fire = true;
  in.control.single = true;
  unit.step(in);
  in.beat_fire = false;
  in.read = {4, bits(kMax)};
  for (int stage = 1; stage <= 5; ++stage) unit.step(in);
  CHECK(unit.scaled == Lanes{8, bits(kMax)});
  CHECK(unit.push == std::optional<Lanes>(Lanes{8, 0}));
  CHECK_FALSE(unit.saturated);
}

TEST_CASE("second model: beats move one stage per cycle with their control word and results hold without one", "[second]") {
  Params params;
  params.cols = 1;
  ActivationPipeline unit(params);
  ActivationPipeline::Inputs in(params);
  ControlWord word = mode_raw();
  word.columns = 1;
  in.control = word;
  std::vector<std::uint32_t> pushed;
  std::vector<int> pushed_in;
  const std::vector<bool> fires = {true, true, false, true, false, false, false, false, false};
  for (std::size_t cycle = 0; cycle < fires.size(); ++cycle) {
    in.beat_fire = fires[cycle];
    in.read[0] = static_cast<std::uint32_t>(100 + cycle);  // what read_q shows in this cycle
    unit.step(in);
    if (unit.push) {
      pushed.push_back(unit.push->at(0));
      pushed_in.push_back(static_cast<int>(cycle));
    }
    if (cycle == 0) CHECK(unit.ctl[0] == word);
    if (cycle == 0) CHECK_FALSE(unit.ctl[1] == word);
    if (cycle == 3) CHECK(unit.stage_valid == std::array<bool, 5>{true, false, true, true, false});
    if (cycle == 3) CHECK(unit.biased[0] == 102);
  }
  CHECK(pushed == Lanes{101, 102, 104});
  CHECK(pushed_in == std::vector<int>{5, 6, 8});
  CHECK(unit.biased[0] == 104);
  CHECK(unit.ctl[4] == word);
}

TEST_CASE("second model: a parameter goes to its column or to all", "[second]") {
  Params params;
  params.cols = 3;
  ActivationPipeline unit(params);
  load_param(unit, params, 7, kHalf, -31);
  ActivationPipeline::Inputs in(params);
  in.load_param = {true, false, 1, 9, kLargest, 30};
  unit.step(in);
  CHECK(unit.bias == Lanes{7, 9, 7});
  CHECK(unit.multiplier == Lanes{kHalf, kLargest, kHalf});
  CHECK(unit.shift_bits(0) == 0x21);
  CHECK(unit.shift_bits(1) == 0x1E);
}

TEST_CASE("second model: reset clears the activation unit but leaves the table's memory, and pushes nothing", "[second]") {
  Params params;
  ActivationPipeline unit(params);
  load_param(unit, params, 7, kHalf, 3);
  ActivationPipeline::Inputs in(params);
  in.load_table = {true, 4, 0x1234};
  unit.step(in);
  in.load_table.fire = false;
  in.beat_fire = true;
  in.control = mode_double();
  in.control.columns = 1;
  for (int i = 0; i < 5; ++i) unit.step(in);
  CHECK(unit.stage_valid[4]);
  in.rst_n = false;
  unit.step(in);
  CHECK_FALSE(unit.push.has_value());
  CHECK(unit.stage_valid == std::array<bool, 5>{});
  CHECK(unit.ctl[0] == ControlWord{});
  CHECK(unit.bias[0] == 0);
  CHECK_FALSE(unit.table_written[4]);
  CHECK(unit.table[4] == 0x1234);
}

TEST_CASE("second model: the control word packs with raw least significant", "[second]") {
  ControlWord word;
  word.single = true;
  word.output_unsigned = true;
  word.zero_point = -1;
  word.clamp_lo = -128;
  word.clamp_hi = 127;
  word.columns = 3;
  CHECK(pack(word) == 0x19FF01FFAULL);
  word = ControlWord{};
  word.raw = true;
  word.columns = 128;
  CHECK(pack(word) == 0x4000000001ULL);
}
