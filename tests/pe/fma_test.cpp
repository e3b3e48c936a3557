// SPDX-License-Identifier: Apache-2.0
#include "model/pe/fma.hpp"

#include "tests/catch.hpp"

using namespace assay;

namespace {

Operand bf16(uint32_t code) { return operand_form(code, Format::Bf16); }

}  // namespace

TEST_CASE("pe: the worked fused multiply-adds of the specification hold") {
  CHECK(fma(bf16(0x3F80), bf16(0x3F80), 0x33800000) == FloatResult{0x3F800000, kInexact});
  CHECK(fma(bf16(0x0080), bf16(0x0080), 0) == FloatResult{0, kUnderflow | kInexact});
  CHECK(fma(bf16(0x7F80), bf16(0x0000), 0x7FC00000) == FloatResult{0x7FC00000, kInvalid});
  CHECK(fma(bf16(0x8000), bf16(0x3F80), 0x80000000) == FloatResult{0x80000000, 0});
  CHECK(fma(bf16(0x8000), bf16(0x3F80), 0) == FloatResult{0, 0});
}
