// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace assay {

/// The number formats and their codes in commands and in the `Formats` mask (spec section 17.1).
enum class Format : uint8_t { Int8, Uint8, Int32, Fp32, Bf16, Fp16, E5m2, E4m3, E4m3fn };

constexpr int kFormats = 9;
constexpr std::array<std::string_view, kFormats> kFormatNames{"int8", "uint8", "int32", "fp32", "bf16", "fp16", "e5m2", "e4m3", "e4m3fn"};
constexpr std::array<int, kFormats> kFormatBits{8, 8, 32, 32, 16, 16, 8, 8, 8};

constexpr std::string_view format_name(Format f) { return kFormatNames[static_cast<size_t>(f)]; }
/// Bits of one code.
constexpr int format_bits(Format f) { return kFormatBits[static_cast<size_t>(f)]; }
constexpr bool is_integer(Format f) { return f <= Format::Int32; }
constexpr uint16_t format_mask(Format f) { return static_cast<uint16_t>(1u << static_cast<unsigned>(f)); }

/// A format a PE takes as operand in a floating-point tile: bf16, fp16, e5m2, e4m3, e4m3fn.
constexpr bool is_operand_float(Format f) { return f >= Format::Bf16; }

constexpr std::optional<Format> parse_format(std::string_view name) {
  for (int i = 0; i < kFormats; ++i)
    if (kFormatNames[static_cast<size_t>(i)] == name) return static_cast<Format>(i);
  return std::nullopt;
}

/// The integer tile's mask: int8 and uint8.
constexpr uint16_t kIntegerFormats = 3;

}  // namespace assay
