// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>

#include "model/functional/tile.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::functional;

namespace {

using Lanes = std::vector<uint32_t>;

HwConfig small_config(uint16_t formats) {
  HwConfig c;
  c.name = "small";
  c.rows = 2;
  c.cols = 3;
  c.acc_banks = 2;
  c.acc_depth = 4;
  c.command_fifo_depth = c.activation_fifo_depth = c.response_fifo_depth = c.queue_depth = c.weight_fifo_depth = 4;
  c.output_fifo_depth = 8;
  c.formats = formats;
  return c;
}

constexpr uint16_t kBf16 = format_mask(Format::Bf16), kFp8 = format_mask(Format::E4m3fn) | format_mask(Format::E5m2);
constexpr uint32_t kArrayShift = 0, kAccShift = 4, kUndefined = 1 << 8, kActShift = 9;

uint32_t bits_of(float x) { return std::bit_cast<uint32_t>(x); }

Command op(Op code) {
  Command c;
  c.op = code;
  c.tag = 7;
  return c;
}

/// A tile of 2 rows and 3 columns with 16-bit (bf16) or 8-bit lanes.
struct Bench {
  HwConfig config;
  Format format;
  FunctionalTile tile;
  explicit Bench(Format f = Format::Bf16) : config(small_config(f == Format::Bf16 ? kBf16 : kFp8)), format(f), tile(config) {}

  CommandWord word(const Command& c) const { return encode(c, Datapath::Floating); }
  std::vector<uint8_t> bytes(const std::vector<uint32_t>& codes) const {
    std::vector<uint8_t> out;
    for (const uint32_t code : codes)
      for (int i = 0; i < config.lane_bytes(); ++i) out.push_back(static_cast<uint8_t>(code >> (8 * i)));
    return out;
  }
  std::vector<uint32_t> codes(const std::vector<double>& values) const {
    std::vector<uint32_t> out;
    for (const double v : values) out.push_back(encode_value(v, format));
    return out;
  }
  void load_codes(const std::vector<uint32_t>& rows) {
    Command c = op(Op::LoadWeights);
    c.k = static_cast<int>(rows.size() / 3);
    c.format = static_cast<uint8_t>(format);
    tile.push_weights(bytes(rows));
    tile.execute(word(c));
  }
  void load(const std::vector<double>& rows) { load_codes(codes(rows)); }
  struct Options {
    bool accumulate = false, bf16 = false, switch_weights = true;
    int k = 2, n = 3, base = 0, stride = 1;
  };
  void matmul_codes(const std::vector<uint32_t>& beats, const Options& o) {
    Command c = op(Op::Matmul);
    c.m = static_cast<int>(beats.size() / 2);
    c.k = o.k;
    c.n = o.n;
    c.base = o.base;
    c.stride = o.stride;
    c.accumulate = o.accumulate;
    c.bf16_entries = o.bf16;
    c.switch_weights = o.switch_weights;
    c.format = static_cast<uint8_t>(format);
    tile.push_activations(bytes(beats));
    tile.execute(word(c));
  }
  void matmul(const std::vector<double>& beats, const Options& o) { matmul_codes(codes(beats), o); }
  void matmul(const std::vector<double>& beats) { matmul(beats, Options()); }
  Command activate(int m = 1, int n = 3) const {
    Command c = op(Op::Activate);
    c.m = m;
    c.n = n;
    c.stride = 1;
    return c;
  }
  Lanes run(const Command& c) {
    tile.execute(word(c));
    return tile.take_beats();
  }
  Lanes raw(int m = 1, int n = 3, int base = 0) {
    Command c = activate(m, n);
    c.raw = true;
    c.base = base;
    return run(c);
  }
  Lanes converted(Format f, int m = 1, int n = 3) {
    Command c = activate(m, n);
    c.format = static_cast<uint8_t>(f);
    return run(c);
  }
  void bias(uint32_t value) {
    Command c = op(Op::LoadParam);
    c.broadcast = true;
    c.bias = static_cast<int32_t>(value);
    tile.execute(word(c));
  }
  void clear_flags() {
    Command c = op(Op::Clear);
    c.clear_flags = true;
    tile.execute(word(c));
  }
  uint32_t fence() {
    tile.execute(word(op(Op::Fence)));
    return tile.take_responses().back().data;
  }
};

}  // namespace

TEST_CASE("functional: a floating tile multiplies, keeps shadow rows a short load leaves alone, and reads back raw") {
  Bench b;
  b.load({1, 2, 3, 4, 5, 6});
  b.matmul({1, 1});
  CHECK(b.raw() == Lanes{bits_of(5), bits_of(7), bits_of(9)});
  b.load({10, 20, 30});
  b.matmul({1, 1}, {.switch_weights = false});
  CHECK(b.raw() == Lanes{bits_of(5), bits_of(7), bits_of(9)});
  b.matmul({1, 0.5});
  CHECK(b.raw(1, 2) == Lanes{bits_of(12), bits_of(22.5), 0});
  CHECK(b.fence() == 0);
}

TEST_CASE("functional: a NaN weight in a row beyond k neither shows nor raises anything") {
  Bench b;
  b.load_codes({0x3F80, 0x3F80, 0x3F80, 0x7F81, 0x7FC0, 0x7F80});
  b.matmul({2, 0}, {.k = 1});
  CHECK(b.raw() == Lanes(3, bits_of(2)));
  CHECK(b.fence() == 0);
  b.matmul({2, 0});
  CHECK(b.raw() == Lanes(3, kNanFp32));  // also inf · 0
  CHECK(b.fence() == kFlagInvalid << kArrayShift);
}

TEST_CASE("functional: columns beyond n raise nothing and keep their entries") {
  Bench b;
  b.load_codes({0x3F80, 0x3F80, 0x7F81, 0, 0, 0});
  b.matmul({1, 0}, {.n = 2});
  CHECK(b.raw(1, 2) == Lanes{bits_of(1), bits_of(1), 0});
  CHECK(b.fence() == 0);
  CHECK(b.raw(1, 3) == Lanes{bits_of(1), bits_of(1), 0});
  CHECK(b.fence() == kUndefined);
}

TEST_CASE("functional: overwriting is neutral to −0, an entry never written counts as +0") {
  Bench b;
  b.load({-1, -1, -1, 0, 0, 0});
  b.matmul({0, -1}, {.k = 1});  // fma(0, −1, +0) = +0
  CHECK(b.raw() == Lanes(3, 0));
  b.matmul({0x1p-100, 0}, {.k = 1});
  CHECK(b.raw() == Lanes(3, bits_of(-0x1p-100f)));
  b.load_codes({0x8080, 0x8080, 0x8080});
  b.matmul_codes({0x0080, 0}, {.k = 1});  // −2^−252 rounds to −0
  CHECK(b.raw() == Lanes(3, 0x80000000u));
  CHECK(b.fence() == (kFlagUnderflow | kFlagInexact) << kArrayShift);
  b.matmul_codes({0x0080, 0}, {.accumulate = true, .k = 1, .base = 1});
  CHECK(b.raw(1, 3, 1) == Lanes(3, 0));
  CHECK((b.fence() & kUndefined) != 0);
}

TEST_CASE("functional: flags belong to the engine that raised them and stay until cleared") {
  Bench b;
  b.load({0x1p127, 0x1p127, 0x1p127, 0, 0, 0});
  b.matmul({1, 0});
  b.matmul({1, 0}, {.accumulate = true});
  CHECK(b.fence() == (kFlagOverflow | kFlagInexact) << kAccShift);
  b.bias(0xFF800000);
  CHECK(b.converted(Format::Fp32) == Lanes(3, kNanFp32));
  CHECK(b.fence() == ((kFlagOverflow | kFlagInexact) << kAccShift | kFlagInvalid << kActShift));
  b.clear_flags();
  CHECK(b.fence() == 0);
  b.matmul({4, 0});
  CHECK(b.raw() == Lanes(3, 0x7F800000));
  CHECK(b.fence() == (kFlagOverflow | kFlagInexact) << kArrayShift);
}

TEST_CASE("functional: entries in BF16 are rounded after the sum, and their flags are the accumulators'") {
  Bench b;
  b.load({1, 1 + 0x1p-7, 1, 0x1p-9, 0x1p-9, 0x1p-8});
  b.matmul({1, 1}, {.bf16 = true});
  // 1 + 2^−9 → 1; 1 + 2^−7 + 2^−9 → 1 + 2^−7; 1 + 2^−8 is a tie, to even.
  CHECK(b.raw() == Lanes{bits_of(1), bits_of(1 + 0x1p-7f), bits_of(1)});
  CHECK(b.fence() == kFlagInexact << kAccShift);
  b.matmul({1, 1});
  CHECK(b.raw() == Lanes{bits_of(1 + 0x1p-9f), bits_of(1 + 0x1p-7f + 0x1p-9f), bits_of(1 + 0x1p-8f)});
}

TEST_CASE("functional: every output format converts once, after bias and relu") {
  Bench b;
  b.load({1, -1, 3, 0, 0, 0});
  b.matmul({100, 0});
  b.bias(bits_of(0.5f));
  CHECK(b.converted(Format::Fp32) == Lanes{bits_of(100.5), bits_of(-99.5), bits_of(300.5)});
  CHECK(b.converted(Format::Int8) == Lanes{100, static_cast<uint32_t>(-100), 127});
  CHECK(b.converted(Format::Uint8) == Lanes{100, 0, 255});
  CHECK(b.converted(Format::Int32) == Lanes{100, static_cast<uint32_t>(-100), 300});
  CHECK(b.converted(Format::Bf16) == Lanes{0x42C9, 0xC2C7, 0x4396});
  CHECK(b.converted(Format::Fp16) == Lanes{0x5648, 0xD638, 0x5CB2});
  CHECK(b.converted(Format::E5m2) == Lanes{0x56, 0xD6, 0x5D});
  CHECK(b.converted(Format::E4m3) == Lanes{0x6D, 0xEC, 0x78});
  CHECK(b.converted(Format::E4m3fn) == Lanes{0x6D, 0xEC, 0x79});
  Command c = b.activate();
  c.format = static_cast<uint8_t>(Format::E4m3);
  c.saturate = c.relu = true;
  CHECK(b.run(c) == Lanes{0x6D, 0, 0x77});
}

TEST_CASE("functional: bias −0 is neutral, also after a reset, and a raw ACTIVATE takes none") {
  Bench b;
  b.load_codes({0x8080, 0x8080, 0x8080});
  b.matmul_codes({0x0080, 0}, {.k = 1});
  CHECK(b.converted(Format::Fp32) == Lanes(3, 0x80000000u));
  b.bias(0);
  CHECK(b.converted(Format::Fp32) == Lanes(3, 0));
  b.bias(0x7F800001);
  b.clear_flags();
  CHECK(b.raw() == Lanes(3, 0x80000000u));
  CHECK(b.fence() == 0);
  CHECK(b.converted(Format::Bf16) == Lanes(3, 0x7FC0));
  CHECK(b.fence() == kFlagInvalid << kActShift);
  b.tile.reset();
  b.load_codes({0x8080, 0x8080, 0x8080});
  b.matmul_codes({0x0080, 0}, {.k = 1});
  CHECK(b.converted(Format::Fp32) == Lanes(3, 0x80000000u));
}

TEST_CASE("functional: stochastic rounding replays from its seed, one step per element of a lane below n, and by nothing else") {
  Bench b;
  b.load({1 + 0x1p-7, 1 + 0x1p-7, 1 + 0x1p-7, 0, 0, 0});
  b.matmul({1 + 0x1p-7, 0, 2, 0, 1, 0});
  Command seed = op(Op::LoadSeed);
  seed.seed = 1234;
  Command c = b.activate(3, 2);
  c.format = static_cast<uint8_t>(Format::E4m3fn);
  c.stochastic = true;
  b.tile.execute(b.word(seed));
  const Lanes first = b.run(c);
  // Replayed element by element: every sum here needs more bits than the format has.
  const float sums[] = {(1 + 0x1p-7f) * (1 + 0x1p-7f), 2 * (1 + 0x1p-7f), 1 + 0x1p-7f};
  for (size_t lane = 0; lane < 2; ++lane) {
    LaneRandom generator(1234, lane);
    for (size_t i = 0; i < 3; ++i) {
      uint8_t flags = 0;
      CHECK(first[3 * i + lane] == narrow(bits_of(sums[i]), Format::E4m3fn, false, generator.draw(), flags));
    }
    CHECK(b.tile.floating().generators()[lane].state() == generator.state());
  }
  CHECK(b.tile.floating().generators()[2].state() == LaneRandom(1234, 2).state());
  b.converted(Format::E4m3fn);
  b.raw();
  CHECK(b.tile.floating().generators()[2].state() == LaneRandom(1234, 2).state());
  b.tile.execute(b.word(seed));
  CHECK(b.run(c) == first);
}

TEST_CASE("functional: 8-bit lanes hold 8-bit codes of either format, mixed in one product") {
  Bench b(Format::E5m2);
  b.load_codes({0x3C, 0x40, 0xBC, 0, 0, 0});  // 1, 2, −1 in e5m2
  b.format = Format::E4m3fn;
  b.matmul_codes({0x7E, 0}, {});  // 448
  CHECK(b.raw() == Lanes{bits_of(448), bits_of(896), bits_of(-448)});
  b.matmul_codes({0x7F, 0}, {});
  CHECK(b.raw() == Lanes(3, kNanFp32));
  CHECK(b.fence() == 0);  // that NaN is quiet
}

TEST_CASE("functional: illegal floating commands answer with the lowest status and do nothing else") {
  Bench b;
  const auto answer = [&](const Command& c) {
    b.tile.execute(b.word(c));
    const auto responses = b.tile.take_responses();
    REQUIRE(responses.size() == 1);
    CHECK(responses[0].data == 0);
    return static_cast<int>(responses[0].status);
  };
  Command c = op(Op::LoadTable);
  CHECK(answer(c) == 1);
  c = op(Op::LoadWeights);
  c.k = 1;
  c.format = static_cast<uint8_t>(Format::Fp16);
  CHECK(answer(c) == 5);
  c = op(Op::Activate);
  c.m = c.n = 1;
  c.format = 9;
  CHECK(answer(c) == 5);
  c.format = static_cast<uint8_t>(Format::Fp32);
  c.stochastic = true;
  CHECK(answer(c) == 5);
  c.raw = true;
  CHECK(answer(c) == 2);
  CHECK(b.tile.take_beats().empty());
}
