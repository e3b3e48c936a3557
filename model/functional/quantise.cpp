// SPDX-License-Identifier: Apache-2.0
#include "model/functional/quantise.hpp"

#include <bit>
#include <stdexcept>

#include "model/common/narrow.hpp"
#include "model/common/stochastic.hpp"

namespace assay {

Quantised quantise(std::span<const float> values, Format format, bool saturate) {
  Quantised out;
  out.codes.reserve(values.size());
  for (const float value : values) {
    const FloatResult result = convert(std::bit_cast<uint32_t>(value), format, saturate, std::nullopt);
    out.codes.push_back(result.bits);
    out.flags = static_cast<uint8_t>(out.flags | result.flags);
  }
  return out;
}

Quantised quantise_stochastic(std::span<const float> values, Format format, bool saturate, uint32_t seed, int lane) {
  if (!is_operand_float(format)) throw std::invalid_argument("quantise_stochastic: format: bf16, fp16, e5m2, e4m3 or e4m3fn");
  Quantised out;
  out.codes.reserve(values.size());
  uint32_t state = seeded(seed, lane);
  for (const float value : values) {
    const FloatResult result = narrow(std::bit_cast<uint32_t>(value), format, saturate, random_of(state));
    state = xorshift(state);
    out.codes.push_back(result.bits);
    out.flags = static_cast<uint8_t>(out.flags | result.flags);
  }
  return out;
}

std::vector<float> dequantise(std::span<const uint32_t> codes, Format format) {
  std::vector<float> out;
  out.reserve(codes.size());
  for (const uint32_t code : codes) out.push_back(std::bit_cast<float>(widen(code, format).bits));
  return out;
}

}  // namespace assay
