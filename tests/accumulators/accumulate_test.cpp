// SPDX-License-Identifier: Apache-2.0
#include "model/accumulators/accumulate.hpp"

#include "tests/catch.hpp"
#include "tests/tile/tile_driver.hpp"

using namespace assay;
using namespace assay::test;

TEST_CASE("accumulators: the sum wraps modulo 2^32 and overflow says when the exact sum is not INT32") {
  const int64_t interesting[] = {INT32_MIN, INT32_MIN + 1, -1, 0, 1, INT32_MAX - 1, INT32_MAX, 12345, -54321};
  for (const int64_t a : interesting)
    for (const int64_t b : interesting) {
      const auto sum = accumulate<int64_t>(a, b);
      CHECK(sum.value == static_cast<int32_t>(static_cast<uint32_t>(a + b)));
      CHECK((sum.flag != 0) == (a + b > INT32_MAX || a + b < INT32_MIN));
    }
}

TEST_CASE("accumulators: stage 1 takes the adder's sum on a hit, the memory when written, else 0 and undefined") {
  for (int bits = 0; bits < 16; ++bits) {
    const bool valid = bits & 1, acc = bits & 2, written = bits & 4, hit = bits & 8;
    const auto got = accumulate_operand<int64_t>(valid, acc, written, hit, 111, 222);
    const bool wanted = valid && acc;
    CHECK(got.value == (wanted && hit ? 111 : wanted && written ? 222 : 0));
    CHECK((got.flag != 0) == (wanted && !written && !hit));
  }
}

TEST_CASE("accumulators: beats onto one entry back to back (stride 0) add up while the entry is still in the adder") {
  for (const auto& [rows, cols] : {std::pair{1, 1}, {4, 4}, {3, 5}, {8, 16}}) {
    const HwConfig hw = small_config(rows, cols);
    Driver driver(hw);
    Random random{5};
    Program p;
    for (int r = 0; r < rows; ++r) p.weights.push_back(random.bytes(cols));
    for (int i = 0; i < 16; ++i) p.beats.push_back(random.bytes(rows));
    p.add(load_weights(rows));
    Command c = matmul(1, 16, rows, cols, 3, 0);
    c.accumulate = true;
    p.add(c);
    p.add(activate_raw(1, 1, cols, 3));
    driver.add(p);
    REQUIRE(driver.drain());
    REQUIRE(driver.outputs.size() == 1);
    for (size_t col = 0; col < static_cast<size_t>(cols); ++col) {
      int64_t sum = 0;
      for (const auto& beat : p.beats)
        for (size_t r = 0; r < static_cast<size_t>(rows); ++r) sum += static_cast<int8_t>(beat[r]) * static_cast<int8_t>(p.weights[r][col]);
      CHECK(static_cast<int32_t>(driver.outputs[0][col]) == sum);
    }
    CHECK(driver.counter(4) == 16);
    CHECK(driver.tile.outputs().flags == 2);  // the first beat found the entry undefined, the others found it in the adder
  }
}

TEST_CASE("accumulators: wrapping raises acc_overflow only") {
  const HwConfig hw = small_config(128, 1);
  Driver driver(hw);
  Program p;
  p.add(load_weights(128, true));
  for (int r = 0; r < 128; ++r) p.weights.push_back({255});
  // 128·255·255 a beat: 258 beats pass 2^31
  for (int i = 0; i < 259; ++i) {
    Command c = matmul(0, 1, 128, 1);
    c.accumulate = i > 0, c.activation_unsigned = true, c.switch_weights = i == 0;
    p.add(c);
    p.beats.push_back(std::vector<uint8_t>(128, 255));
  }
  p.add(activate_raw(0, 1, 1));
  driver.add(p);
  REQUIRE(driver.drain());
  CHECK(driver.tile.outputs().flags == 1);
  REQUIRE(driver.outputs.size() == 1);
  CHECK(driver.outputs[0][0] == static_cast<uint32_t>(int64_t{259} * 128 * 255 * 255));
}

TEST_CASE("accumulators: CLEAR written makes entries read as 0 and undefined again") {
  const HwConfig hw = small_config(4, 4);
  Driver driver(hw);
  Program p;
  p.add(load_weights(4));
  for (int r = 0; r < 4; ++r) p.weights.push_back({1, 2, 3, 4});
  p.add(matmul(0, 1, 4, 4, 5));
  p.beats.push_back({1, 1, 1, 1});
  p.add(activate_raw(0, 1, 4, 5));
  Command clear = simple(Op::Clear);
  clear.clear_written = true;
  p.add(clear);
  p.add(simple(Op::Fence, 1));
  p.add(activate_raw(0, 1, 4, 5));
  p.add(simple(Op::Fence, 2));
  driver.add(p);
  REQUIRE(driver.drain());
  REQUIRE(driver.outputs == std::vector<std::vector<uint32_t>>{{4, 8, 12, 16}, {0, 0, 0, 0}});
  REQUIRE(driver.responses == std::vector<uint64_t>{1ull << 32, 2ull << 32 | 2});
  CHECK(driver.value("written", 0) == 0);
}
