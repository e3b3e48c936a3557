// SPDX-License-Identifier: Apache-2.0
#include "model/functional/tile.hpp"

#include <stdexcept>

#include "tests/catch.hpp"

using namespace assay;
using namespace assay::functional;

namespace {

HwConfig small_config() {
  HwConfig c;
  c.name = "small";
  c.rows = 2;
  c.cols = 3;
  c.acc_banks = 2;
  c.acc_depth = 4;
  c.command_fifo_depth = c.activation_fifo_depth = c.response_fifo_depth = c.queue_depth = c.weight_fifo_depth = 4;
  c.output_fifo_depth = 8;
  return c;
}

Command op(Op code) {
  Command c;
  c.op = code;
  c.tag = 7;
  return c;
}

struct Bench {
  FunctionalTile tile{small_config()};

  void load(std::vector<uint8_t> rows, bool is_unsigned = false) {
    Command c = op(Op::LoadWeights);
    c.k = static_cast<int>(rows.size() / 3);
    c.weight_unsigned = is_unsigned;
    tile.push_weights(rows);
    tile.execute(encode(c));
  }
  void matmul(std::vector<uint8_t> beats, int base = 0, int stride = 1, bool accumulate = false, bool switch_weights = true, int k = 2) {
    Command c = op(Op::Matmul);
    c.m = static_cast<int>(beats.size() / 2);
    c.k = k;
    c.n = 3;
    c.base = base;
    c.stride = stride;
    c.accumulate = accumulate;
    c.switch_weights = switch_weights;
    tile.push_activations(beats);
    tile.execute(encode(c));
  }
  std::vector<uint32_t> read(int base, int m, int n = 3, int bank = 0) {
    Command c = op(Op::Activate);
    c.raw = true;
    c.bank = bank;
    c.base = base;
    c.m = m;
    c.n = n;
    c.stride = 1;
    tile.execute(encode(c));
    return tile.take_beats();
  }
  uint32_t fence() {
    tile.execute(encode(op(Op::Fence)));
    const auto responses = tile.take_responses();
    return responses.back().data;
  }
};

using Lanes = std::vector<uint32_t>;

}  // namespace

TEST_CASE("functional: a tile multiplies with the switched weights and keeps the shadow rows a short load leaves alone") {
  Bench b;
  b.load({1, 2, 3, 4, 5, 6});
  b.matmul({1, 1});
  CHECK(b.read(0, 1) == Lanes{5, 7, 9});
  b.load({10, 20, 30});                  // row 0 only
  b.matmul({1, 1}, 0, 1, false, false);  // without switch: the active weights stay
  CHECK(b.read(0, 1) == Lanes{5, 7, 9});
  b.matmul({1, 1});
  CHECK(b.read(0, 1) == Lanes{14, 25, 36});
  b.matmul({1, 1}, 0, 1, false, false, 1);  // k = 1: row 1 takes no part
  CHECK(b.read(0, 1) == Lanes{10, 20, 30});
  CHECK(b.fence() == 0);
}

TEST_CASE("functional: stride 0 accumulates beats of one command onto one entry") {
  Bench b;
  b.load({1, 0, 0, 0, 1, 0});
  b.matmul({1, 2, 3, 4, 5, 6}, 2, 0, true);
  CHECK(b.read(2, 1) == Lanes{9, 12, 0});
  CHECK(b.fence() == 2);  // the first beat found the entry unwritten
}

TEST_CASE("functional: undefined reads count as zero and raise the flag of their unit, columns beyond n do not") {
  Bench b;
  CHECK(b.read(0, 1, 1) == Lanes{0, 0, 0});
  CHECK(b.fence() == 2);
  Command clear = op(Op::Clear);
  clear.clear_flags = true;
  b.tile.execute(encode(clear));
  CHECK(b.fence() == 0);
  b.load({1, 1, 1, 1, 1, 1});
  b.matmul({1, 1}, 3);
  CHECK(b.read(3, 1) == Lanes{2, 2, 2});
  CHECK(b.fence() == 0);
  clear.clear_flags = false;
  clear.clear_written = true;
  b.tile.execute(encode(clear));
  CHECK(b.read(3, 1) == Lanes{0, 0, 0});
  CHECK(b.fence() == 2);
}

TEST_CASE("functional: unsigned operands are unsigned for their command only") {
  Bench b;
  b.load({255, 255, 255, 0, 0, 0}, true);
  Command c = op(Op::Matmul);
  c.activation_unsigned = c.switch_weights = true;
  c.m = 1;
  c.k = 2;
  c.n = 3;
  b.tile.push_activations(std::vector<uint8_t>{255, 9});
  b.tile.execute(encode(c));
  CHECK(b.read(0, 1, 1) == Lanes{65025, 0, 0});
  b.matmul({255, 9}, 0, 1, false, false);
  CHECK(b.read(0, 1, 1) == Lanes{static_cast<uint32_t>(-255), 0, 0});
}

TEST_CASE("functional: illegal commands answer with the lowest status and do nothing else") {
  Bench b;
  const auto answer = [&](const CommandWord& word) {
    b.tile.execute(word);
    const auto responses = b.tile.take_responses();
    REQUIRE(responses.size() == 1);
    CHECK(responses[0].data == 0);
    CHECK(responses[0].tag == 7);
    return static_cast<int>(responses[0].status);
  };
  CHECK(answer({0x0000070Fu, 0, 0, 0}) == 1);
  CHECK(answer({0x00010700u, 0, 0, 0}) == 2);
  Command c = op(Op::Matmul);
  c.k = c.n = 1;
  c.bank = 9;
  CHECK(answer(encode(c)) == 3);
  c.m = 3;
  c.stride = 2;
  CHECK(answer(encode(c)) == 4);
  c.bank = 0;
  c.stride = 0xFFFF;  // wraps in 16 bits, not in exact arithmetic
  CHECK(answer(encode(c)) == 4);
  c = op(Op::LoadParam);
  c.multiplier = 1;
  CHECK(answer(encode(c)) == 5);
  CHECK(b.tile.take_beats().empty());
  CHECK(b.tile.integer().params()[0] == ColumnParams{});
}

TEST_CASE("functional: reset forgets weights, parameters, written bits, table lines and flags") {
  Bench b;
  b.load({1, 2, 3, 4, 5, 6});
  b.matmul({1, 1});
  b.read(1, 1);
  b.tile.reset();
  CHECK(b.fence() == 0);
  CHECK(b.read(0, 1) == Lanes{0, 0, 0});
  CHECK(b.fence() == 2);
  b.matmul({1, 1});
  CHECK(b.read(0, 1) == Lanes{0, 0, 0});
}

TEST_CASE("functional: a legal command without its stream data is an error of the caller") {
  Bench b;
  Command c = op(Op::LoadWeights);
  c.k = 2;
  b.tile.push_weights(std::vector<uint8_t>(3));
  CHECK_THROWS_AS(b.tile.execute(encode(c)), std::logic_error);
}

TEST_CASE("functional: a counter's value is not known without cycles") {
  Bench b;
  Command c = op(Op::ReadCounter);
  c.index = 4;
  b.tile.execute(encode(c));
  CHECK(b.tile.take_responses() == std::vector<Response>{{0, 7, false, 0}});
}
