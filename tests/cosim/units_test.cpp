// SPDX-License-Identifier: Apache-2.0
// The combinational units of the RTL against plain exact integers.
#include "cosim/common/random.hpp"
#include "cosim/npu/dut.hpp"
#include "cosim/npu/dut_builder.hpp"
#include "tests/cosim/common.hpp"

using namespace assay;
using namespace assay::test;

namespace {

class Unit {
 public:
  Unit(const std::string& module, const npu::UnitPorts& ports) : dut_(npu::build_unit(module, ports).library) {}
  uint8_t& byte(const char* port) { return *static_cast<uint8_t*>(dut_.part(std::string("pin.") + port).data); }
  uint32_t& word(const char* port) { return *static_cast<uint32_t*>(dut_.part(std::string("pin.") + port).data); }
  void settle() { dut_.settle(); }

 private:
  npu::Dut dut_;
};

__extension__ typedef __int128 Wide;

Wide floor_div(Wide a, Wide b) { return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0); }

struct Scaled {
  int64_t y;
  bool saturated;
};

Scaled clip(Wide v) {
  if (v > INT32_MAX) return {INT32_MAX, true};
  if (v < INT32_MIN) return {INT32_MIN, true};
  return {static_cast<int64_t>(v), false};
}

/// Spec section 5.4, word for word, in 128 bits.
Scaled exact_requantise(int64_t x, int64_t m, int s, bool single) {
  if (single) return clip(floor_div(Wide{x} * m + (Wide{1} << (30 - s)), Wide{1} << (31 - s)));
  const Scaled shifted = clip(Wide{x} * (Wide{1} << (s > 0 ? s : 0)));
  const Wide h = floor_div(Wide{shifted.y} * m + (Wide{1} << 30), Wide{1} << 31);
  const int e = s < 0 ? -s : 0;
  const Wide magnitude = ((h < 0 ? -h : h) * 2 + (Wide{1} << e)) / (Wide{2} << e);  // nearest, ties away from zero
  return {static_cast<int64_t>(h < 0 ? -magnitude : magnitude), shifted.saturated};
}

}  // namespace

TEST_CASE("pe: the RTL multiplies and adds every pair of operands exactly, signed and unsigned") {
  Unit pe("npu_pe", {{"psum_i", "act_i", "weight_i", "act_unsigned_i", "weight_unsigned_i"}, {"psum_o", "int_overflow_o"}});
  const uint32_t sums[] = {0u, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu, 12345u};
  uint64_t cases = 0;
  for (int mode = 0; mode < 4; ++mode) {
    for (int a = 0; a < 256; ++a) {
      for (int w = 0; w < 256; ++w) {
        const int av = (mode & 1) != 0 ? a : static_cast<int8_t>(a), wv = (mode & 2) != 0 ? w : static_cast<int8_t>(w);
        const uint32_t psum = sums[static_cast<size_t>(a + w + mode) % 5];
        pe.byte("act_i") = static_cast<uint8_t>(a);
        pe.byte("weight_i") = static_cast<uint8_t>(w);
        pe.byte("act_unsigned_i") = mode & 1;
        pe.byte("weight_unsigned_i") = (mode >> 1) & 1;
        pe.word("psum_i") = psum;
        pe.settle();
        const int64_t exact = int64_t{static_cast<int32_t>(psum)} + av * wv;
        const bool overflow = exact < INT32_MIN || exact > INT32_MAX;
        if (pe.word("psum_o") != static_cast<uint32_t>(exact) || pe.byte("int_overflow_o") != overflow) FAIL("a " << a << " w " << w << " mode " << mode);
        ++cases;
      }
    }
  }
  CHECK(cases == 4 * 65536);
}

TEST_CASE("activation: the RTL requantises as exact integers do, ties and extremes included") {
  Unit unit("npu_requantise", {{"x_i", "multiplier_i", "shift_i", "single_i"}, {"y_o", "saturated_o"}});
  Random random(7, 7);
  uint64_t ties = 0, saturations = 0;
  const auto try_one = [&](int64_t x, int64_t m, int s, bool single) {
    unit.word("x_i") = static_cast<uint32_t>(x);
    unit.word("multiplier_i") = static_cast<uint32_t>(m);
    unit.byte("shift_i") = static_cast<uint8_t>(s & 63);
    unit.byte("single_i") = single;
    unit.settle();
    const Scaled want = exact_requantise(x, m, s, single);
    saturations += want.saturated;
    if (unit.word("y_o") != static_cast<uint32_t>(want.y) || unit.byte("saturated_o") != want.saturated) {
      FAIL("x " << x << " m " << m << " s " << s << " single " << single << " got " << static_cast<int32_t>(unit.word("y_o")) << " want " << want.y);
    }
  };
  const int64_t xs[] = {0, 1, -1, 2, -2, 3, -3, 127, -128, INT32_MAX, INT32_MIN, INT32_MAX - 1, INT32_MIN + 1, 1 << 30, -(1 << 30)};
  const int64_t ms[] = {0, 1 << 30, (int64_t{1} << 31) - 1, (1 << 30) + 1, 0x5A827999};
  for (int64_t x : xs) {
    for (int64_t m : ms) {
      for (int s = -31; s <= 30; ++s) {
        try_one(x, m, s, false);
        try_one(x, m, s, true);
      }
    }
  }
  for (int i = 0; i < 400000; ++i) {  // results that fall on a tie of the second rounding: h odd multiple of 2^(e−1)
    const int e = static_cast<int>(random.range(1, 20));
    const int64_t h = (random.range(-2000, 2000) * 2 + 1) << (e - 1);
    if (h > INT32_MAX / 2 || h < INT32_MIN / 2) continue;
    ++ties;
    try_one(h * 2, 1 << 30, -e, (i & 1) != 0);
  }
  for (int i = 0; i < 600000; ++i) {
    const int64_t x = static_cast<int32_t>(random.next() >> random.range(32, 63));
    try_one(x, random.range(1 << 30, (int64_t{1} << 31) - 1), static_cast<int>(random.range(-31, 30)), (i & 1) != 0);
  }
  CHECK(ties > 100000);
  CHECK(saturations > 1000);
}
