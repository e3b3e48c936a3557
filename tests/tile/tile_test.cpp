// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.hpp"
#include "tests/tile/plain_tile.hpp"

using namespace assay;
using namespace assay::test;

namespace {

void add_load(Program& p, Random& random, const HwConfig& hw) {
  p.add(load_weights(hw.rows));
  for (int r = 0; r < hw.rows; ++r) p.weights.push_back(random.bytes(hw.cols));
}
void add_matmul(Program& p, Random& random, const HwConfig& hw, int bank, int m, bool switching = true) {
  Command c = matmul(bank, m, hw.rows, hw.cols);
  c.switch_weights = switching;
  p.add(c);
  for (int i = 0; i < m; ++i) p.beats.push_back(random.bytes(hw.rows));
}

// Cycles in which tag_valid[0] rises after a cycle in which the matmul unit started a command: matmul_beat was 0 and fired.
std::vector<int> start_cycles(Driver& d, int cycles) {
  std::vector<int> starts;
  uint64_t before = d.counter(4), beat = d.value("matmul_beat");
  for (int i = 0; i < cycles; ++i) {
    d.cycle();
    if (d.counter(4) != before && beat == 0) starts.push_back(i);
    before = d.counter(4), beat = d.value("matmul_beat");
  }
  return starts;
}

}  // namespace

TEST_CASE("tile: two full tiles start exactly max(m, R, C) cycles apart") {
  for (const auto& [rows, cols] : {std::pair{1, 1}, {4, 4}, {3, 5}, {5, 3}, {8, 16}, {16, 8}, {32, 32}})
    for (const int m : {1, 3, 8, 16}) {
      const HwConfig hw = small_config(rows, cols);
      Random random{9};
      Program p;
      for (int i = 0; i < 6; ++i) add_load(p, random, hw), add_matmul(p, random, hw, i % 2, m);
      Driver d(hw);
      d.add(p);
      const auto starts = start_cycles(d, 12 * (rows + cols + m + 8));
      INFO(rows << "x" << cols << " m " << m);
      REQUIRE(starts.size() == 6);
      // the weight FIFO holds two tiles, so from the second on weights are there in time
      if (m <= 4 && rows < 4) continue;  // one command a cycle and pin can not keep up with tiny tiles
      for (size_t i = 3; i < starts.size(); ++i) CHECK(starts[i] - starts[i - 1] == std::max({m, rows, cols}));
    }
}

TEST_CASE("tile: a beat's result stands in psum and its tag in the last stage when the specification says") {
  const HwConfig hw = small_config(3, 5);
  Driver d(hw);
  Program p;
  p.add(load_weights(3));
  p.weights = {{1, 1, 1, 1, 1}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}};
  p.add(matmul(0, 1, 3, 5));
  p.beats = {{7, 1, 1}};
  d.add(p);
  while (d.counter(4) == 0) d.cycle();  // now is t + 1
  for (int c = 0; c < 5; ++c) {
    while (d.cycles && (d.value("tag_valid") >> (3 + 1 + c) & 1) == 0) d.cycle();
    int32_t psum;
    std::memcpy(&psum, d.image("psum", 2) + 4 * c, sizeof psum);
    CHECK(psum == 7);
  }
  CHECK(d.value("matmul_ret") == 0);
  d.run(1);
  CHECK(d.value("tag_valid") == 1u << (hw.tag_stages() - 1));
  d.run(1);
  CHECK(d.value("matmul_ret") == 1);
  CHECK(d.value("tag_valid") == 0);
}

TEST_CASE("tile: every stall counter counts its cause and only when it holds") {
  const HwConfig hw = small_config(4, 4);
  Random random{3};
  const auto counters_after = [&](const Program& p, int cycles, int output_bubbles = 0, bool hold = false) {
    Driver d(hw);
    d.output_bubbles = output_bubbles, d.hold_responses = hold;
    d.add(p);
    d.run(cycles);
    std::vector<uint64_t> all;
    for (size_t i = 0; i < 16; ++i) all.push_back(d.counter(i));
    CHECK(all[0] == static_cast<uint64_t>(cycles));
    return all;
  };
  Program p;
  p.add(load_weights(4));                 // no weights come: data
  CHECK(counters_after(p, 30)[3] == 28);  // pushed by edge 0, dispatched by edge 1, waits from cycle 2 on
  p = Program{};
  add_load(p, random, hw), add_load(p, random, hw), p.commands[1] = encode(matmul(0, 4, 4, 4));
  p.add(load_weights(4));  // the second load waits for the first beat of the matmul, for which there is no data
  auto counts = counters_after(p, 40);
  CHECK(counts[2] > 20);
  CHECK(counts[7] > 20);
  CHECK(counts[1] == 4);
  p = Program{};
  p.add(load_weights(4)), add_matmul(p, random, hw, 0, 4);
  counts = counters_after(p, 40);
  CHECK(counts[6] > 20);  // weights
  CHECK(counts[4] == 0);
  p = Program{};
  for (int i = 0; i < 4; ++i) p.add(activate_raw(0, 16, 4));
  add_matmul(p, random, hw, 0, 1, false);
  counts = counters_after(p, 60, 100);
  CHECK(counts[10] > 20);  // output: nothing leaves
  CHECK(counts[8] == 8);   // the output FIFO's depth
  CHECK(counts[5] > 20);   // bank
  p = Program{};
  p.add(matmul(1, 4, 4, 4)), p.add(activate_raw(1, 4, 4));
  counts = counters_after(p, 40);
  CHECK(counts[9] > 20);  // bank of the activation unit: the matmul never ends
  p = Program{};
  p.add(activate_raw(0, 1, 4)), p.add(simple(Op::LoadTable));
  counts = counters_after(p, 40);
  CHECK(counts[11] == 5);  // drain: five stages
  CHECK(counts[8] == 2);
  CHECK(counts[12] == 2);
  p = Program{};
  for (int i = 0; i < 8; ++i) p.add(load_weights(4));
  CHECK(counters_after(p, 40)[13] > 20);  // queue
  p = Program{};
  p.add(load_weights(4)), p.add(simple(Op::Fence));
  CHECK(counters_after(p, 40)[14] > 20);  // idle
  p = Program{};
  for (int i = 0; i < 8; ++i) p.add(read_counter(0));
  counts = counters_after(p, 40, 0, true);
  CHECK(counts[15] > 20);  // response
  CHECK(counts[12] == 4);
}

TEST_CASE("tile: illegal commands answer with their status and have no other effect") {
  const HwConfig hw = small_config(4, 5);
  std::vector<std::pair<CommandWord, Status>> cases;
  const auto bad = [&](Command c, Status s) { cases.emplace_back(encode(c), s); };
  const auto bad_bit = [&](Command c, int bit) {
    CommandWord w = encode(c);
    w[static_cast<size_t>(bit) / 32] |= 1u << (bit % 32);
    cases.emplace_back(w, Status::Reserved);
  };
  for (uint32_t op = 9; op < 16; ++op) cases.push_back({CommandWord{op, 0, 0, 0}, Status::UnknownOp});
  bad_bit(simple(Op::Nop), 4), bad_bit(simple(Op::Nop), 127), bad_bit(load_weights(1), 17), bad_bit(load_weights(1), 48);
  bad_bit(matmul(0, 1, 1, 1), 19), bad_bit(matmul(0, 1, 1, 1), 88), bad_bit(simple(Op::Fence), 16), bad_bit(read_counter(1), 29);
  for (const int bit : {16, 18, 19, 40, 88, 97, 114, 115}) bad_bit(activate_raw(0, 1, 1), bit);
  Command broadcast = simple(Op::LoadParam);
  broadcast.broadcast = true, broadcast.column = 1;
  bad(broadcast, Status::Reserved);
  bad(load_weights(0), Status::Size), bad(load_weights(5), Status::Size);
  bad(matmul(0, 0, 1, 1), Status::Size), bad(matmul(0, 17, 1, 1), Status::Size), bad(matmul(0, 1, 0, 1), Status::Size);
  bad(matmul(0, 1, 5, 1), Status::Size), bad(matmul(0, 1, 1, 0), Status::Size), bad(matmul(0, 1, 1, 6), Status::Size);
  bad(activate_raw(0, 0, 1), Status::Size), bad(activate_raw(0, 1, 6), Status::Size);
  bad(matmul(2, 1, 1, 1), Status::Address), bad(matmul(0, 1, 1, 1, 16), Status::Address), bad(matmul(0, 16, 1, 1, 1), Status::Address);
  bad(activate_raw(0, 3, 1, 0, 0xffff), Status::Address), bad(activate_raw(15, 1, 1), Status::Address);
  for (const uint32_t m : {1u, (1u << 30) - 1, 1u << 31}) {
    Command c = simple(Op::LoadParam);
    c.multiplier = m;
    bad(c, Status::Value);
  }
  for (const int s : {-32, 31}) {
    Command c = simple(Op::LoadParam);
    c.shift = s;
    bad(c, Status::Value);
  }
  Command column = simple(Op::LoadParam);
  column.column = 5;
  bad(column, Status::Value);
  const auto bad_quant = [&](int zp, int lo, int hi, bool u) {
    Command c = activate_raw(0, 1, 1);
    c.raw = false, c.zero_point = zp, c.clamp_lo = lo, c.clamp_hi = hi, c.output_unsigned = u;
    bad(c, Status::Value);
  };
  bad_quant(128, 0, 1, false), bad_quant(-129, 0, 1, false), bad_quant(0, 128, 128, false), bad_quant(0, 5, 4, false);
  bad_quant(-1, 0, 1, true), bad_quant(0, -1, 1, true), bad_quant(0, 0, -1, true);
  bad(read_counter(16), Status::Value), bad(read_counter(31), Status::Value);

  for (size_t i = 0; i < cases.size(); ++i) {
    auto& [word, status] = cases[i];
    word[0] = (word[0] & ~0xff00u) | static_cast<uint32_t>(i & 255) << 8;
    INFO("case " << i);
    CHECK(check_command(word, hw) == status);
    Driver d(hw);
    Program p;
    p.commands.push_back(word), p.weights.push_back({1, 2, 3, 4, 5}), p.beats.push_back({1, 2, 3, 4});
    d.add(p);
    REQUIRE(d.drain(100));
    d.run(40);
    CHECK(d.responses == std::vector<uint64_t>{uint64_t{i & 255} << 32 | static_cast<uint64_t>(status) << 40});
    CHECK(d.outputs.empty());
    CHECK(d.tile.outputs().flags == 0);
    for (size_t k = 1; k < 12; ++k) CHECK(d.counter(k) == 0);
    CHECK(d.counter(12) == 1);
    CHECK(d.value("weight_fifo_count") == 1);
    CHECK(d.value("activation_fifo_count") == 1);
  }
}

TEST_CASE("tile: the limits of legality are legal") {
  const HwConfig hw = small_config(4, 5);
  Command p = simple(Op::LoadParam);
  for (const uint32_t m : {0u, 1u << 30, (1u << 31) - 1})
    for (const int s : {-31, 30}) {
      p.multiplier = m, p.shift = s, p.column = 4;
      CHECK(check_command(encode(p), hw) == Status::Ok);
    }
  CHECK(check_command(encode(matmul(1, 16, 4, 5, 0, 1)), hw) == Status::Ok);
  CHECK(check_command(encode(matmul(1, 1, 4, 5, 15, 0xffff)), hw) == Status::Ok);
  CHECK(check_command(encode(matmul(1, 2, 4, 5, 0, 15)), hw) == Status::Ok);
}

TEST_CASE("tile: encode and decode are inverse on random legal commands") {
  const HwConfig hw = small_config(8, 16);
  Random random{21};
  for (const CommandWord& word : random_program(hw, random, 500).commands) {
    CHECK(encode(decode(word)) == word);
    CHECK(decode(encode(decode(word))) == decode(word));
  }
}

TEST_CASE("tile: a reset in mid-stream gives the state of a fresh model, and results afterwards are those of one") {
  for (const auto& [rows, cols] : {std::pair{1, 1}, {3, 5}, {8, 16}}) {
    const HwConfig hw = small_config(rows, cols);
    Random random{4};
    const Program before = random_program(hw, random, 80), after = random_program(hw, random, 60);
    PlainTile plain(hw);
    plain.run(after);
    const Driver fresh(hw);
    for (const int at : {5, 60, 150, 400}) {
      Driver d(hw, 8);
      d.bubbles = 10;
      d.add(before);
      d.run(at);
      d.drop_all();
      d.reset_next = true;
      d.cycle();
      REQUIRE(snapshot(d.tile, true) == snapshot(fresh.tile, true));
      d.outputs.clear();
      d.add(after);
      REQUIRE(d.drain());
      REQUIRE(d.outputs == plain.outputs);
      REQUIRE(static_cast<unsigned>(d.tile.outputs().flags) == plain.flags);
      d.tile.restart();
      REQUIRE(snapshot(d.tile, true) == snapshot(fresh.tile, true));
    }
  }
}

TEST_CASE("tile: FENCE answers only after every output has left, with the flags") {
  const HwConfig hw = small_config(4, 4);
  Driver d(hw);
  Program p;
  p.add(activate_raw(0, 3, 4)), p.add(simple(Op::Fence, 77));
  d.add(p);
  d.output_bubbles = 100;
  d.run(60);
  CHECK(d.responses.empty());
  CHECK(d.tile.outputs().busy == 1);
  d.output_bubbles = 0;
  int fences = 0;
  for (int i = 0; i < 20; ++i) fences += d.tile.fence_now(), d.cycle();
  CHECK(fences == 1);
  CHECK(d.outputs.size() == 3);
  CHECK(d.responses == std::vector<uint64_t>{uint64_t{77} << 32 | 2});  // entries were never written
  CHECK(d.tile.outputs().busy == 0);
}

TEST_CASE("tile: CLEAR clears what its bits name, and READ_COUNTER reads both halves") {
  const HwConfig hw = small_config(4, 4);
  Driver d(hw);
  Program p;
  Command table = simple(Op::LoadTable);
  table.line = 31;
  Command clear = simple(Op::Clear);
  clear.clear_flags = clear.clear_counters = clear.clear_table = true;
  p.add(table), p.add(activate_raw(0, 3, 4)), p.add(read_counter(8)), p.add(clear), p.add(read_counter(0)), p.add(read_counter(0, true));
  d.add(p);
  REQUIRE(d.drain());
  CHECK(d.tile.outputs().flags == 0);
  CHECK(d.value("table_written") == 0);
  CHECK(d.responses.size() == 3);
  CHECK((d.responses.at(1) & 0xffffffff) == 0);  // dispatched in the cycle after the CLEAR
  CHECK((d.responses.at(2) & 0xffffffff) == 0);
}

TEST_CASE("tile: undefined table lines read as 0 and raise the activation unit's flag, for lanes below n only") {
  const HwConfig hw = small_config(1, 4);
  Program p;
  Command param = simple(Op::LoadParam);
  param.broadcast = true, param.multiplier = 1u << 30, param.shift = 1;  // factor 1
  for (int c = 0; c < 4; ++c) {
    Command one = param;
    one.broadcast = false, one.column = c, one.bias = 8 * c;
    p.add(one);
  }
  Command table = simple(Op::LoadTable);
  table.line = 0, table.table_bytes = {0x81, 1, 2, 3, 4, 5, 6, 7};
  p.add(table), p.add(load_weights(1)), p.weights.push_back({0, 0, 0, 0});
  p.add(matmul(0, 1, 1, 4)), p.beats.push_back({1});
  Command c = activate_raw(0, 1, 1);
  c.raw = false, c.table = true, c.clamp_lo = -128, c.clamp_hi = 127;
  p.add(c), p.add(simple(Op::Fence, 1));
  c.output_unsigned = true, c.clamp_lo = 0, c.n = 2;
  p.add(c), p.add(simple(Op::Fence, 2));
  Driver d(hw);
  d.add(p);
  REQUIRE(d.drain());
  REQUIRE(d.outputs == std::vector<std::vector<uint32_t>>{{0xffffff81, 0, 0, 0}, {0x81, 0, 0, 0}});
  REQUIRE(d.responses == std::vector<uint64_t>{1ull << 32, 2ull << 32 | 8});
}

TEST_CASE("tile: every field has its parts, and the unused upper bits of every image stay 0") {
  for (const auto& [rows, cols] : {std::pair{1, 1}, {3, 5}, {8, 16}, {33, 17}, {70, 66}}) {
    const HwConfig hw = small_config(rows, cols);
    Random random{17};
    Driver d(hw, 2);
    d.bubbles = d.output_bubbles = 15;
    d.add(random_program(hw, random, 60));
    for (const Field& f : d.tile.fields()) {
      const size_t parts = f.split == Split::None ? 1 : static_cast<size_t>(f.shape.at(0));
      REQUIRE(f.parts.size() == parts);
    }
    int used = 0;
    for (int i = 0; i < 700; ++i) {
      d.cycle();
      for (const Field& f : d.tile.fields())
        for (const FieldPart& part : f.parts) {
          int bits = f.width;
          if (f.memory || f.split == Split::Element)
            bits = f.width;
          else if (f.split == Split::None)
            for (int n : f.shape) bits *= n;
          else
            bits *= f.shape.at(1);
          if (f.name == "rsp_data" || f.memory) continue;
          const auto* at = static_cast<const uint8_t*>(part.data) + (part.slide != nullptr ? *part.slide : 0);
          for (size_t bit = static_cast<size_t>(bits); bit < 8 * image_bytes(bits); ++bit) used += (at[bit / 8] >> (bit % 8)) & 1;
        }
    }
    CHECK(used == 0);
  }
}

TEST_CASE("tile: memory accesses list defined words only, and every pushed word once it is pushed") {
  const HwConfig hw = small_config(4, 4);
  Random random{6};
  Driver d(hw, 3);
  d.bubbles = d.output_bubbles = 25;
  d.add(random_program(hw, random, 150));
  std::vector<MemoryAccess> list;
  uint64_t pushed_before = 0;
  int undefined = 0, missing = 0;
  for (int i = 0; i < 3000; ++i) {
    const uint64_t wptr = d.value("weight_fifo_wptr");
    d.cycle();
    d.tile.memory_accesses(list);
    for (size_t k = 0; k < list.size(); ++k) {
      undefined += !d.tile.word_defined(list[k].field, list[k].part, list[k].word);
      if (k > 0) undefined += list[k].field < list[k - 1].field;
    }
    if (d.value("weight_fifo_wptr") == wptr) continue;
    ++pushed_before;
    bool found = false;
    for (const auto& a : list) found = found || (d.tile.fields()[a.field].name == "weight_fifo_mem" && a.word == wptr);
    missing += !found;
  }
  CHECK(pushed_before > 50);
  CHECK(undefined == 0);
  CHECK(missing == 0);
}
