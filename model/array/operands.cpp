// SPDX-License-Identifier: Apache-2.0
#include "model/array/operands.hpp"

#include <array>
#include <cstring>

#include "model/common/float_format.hpp"

namespace assay {
namespace {

constexpr uint32_t operand_lane(uint32_t code, Format f) {
  const Operand operand = operand_form(code, f);
  return static_cast<uint32_t>(operand.x) << 16 | static_cast<uint32_t>(operand.low) << 13;  // 16 + 3 bits on top of the 32
}

using ByteTable = std::array<uint32_t, 256>;
constexpr ByteTable byte_table(Format f) {
  ByteTable table{};
  for (uint32_t code = 0; code < 256; ++code) table[code] = operand_lane(code, f);
  return table;
}
constexpr std::array<ByteTable, 3> kByteTables{byte_table(Format::E5m2), byte_table(Format::E4m3), byte_table(Format::E4m3fn)};

}  // namespace

void operand_lanes(const uint8_t* lanes, int lane_bytes, Format format, int n, uint32_t* out) {
  if (format != Format::Bf16 && format != Format::Fp16) {
    const ByteTable& table = kByteTables[static_cast<size_t>(format) - static_cast<size_t>(Format::E5m2)];
    for (int i = 0; i < n; ++i) out[i] = table[lanes[i * lane_bytes]];
    return;
  }
  for (int i = 0; i < n; ++i) {
    uint16_t code;
    std::memcpy(&code, lanes + 2 * i, sizeof code);
    out[i] = format == Format::Bf16 ? static_cast<uint32_t>(code) << 16 : operand_lane(code, Format::Fp16);
  }
}

}  // namespace assay
