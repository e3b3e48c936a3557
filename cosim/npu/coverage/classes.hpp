// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "cosim/coverage/space.hpp"
#include "model/common/float_format.hpp"

namespace assay::npu {

// The classes into which numbers fall: an axis, and the number's place on it.

/// A size against its limit: 1, 2, some, limit−1, limit; the first that applies from the ends.
coverage::Axis size_axis(const char* name);
uint32_t size_class(int value, int limit);
/// Whether a class has a value at all below this limit.
bool size_class_exists(size_t label, int limit);

/// An 8-bit operand's value, −128 … 255.
coverage::Axis integer_operand_axis(const char* name);
uint32_t integer_operand_class(int value);
bool integer_operand_exists(size_t label, bool is_unsigned);

/// An INT32's sign and size.
coverage::Axis sum_axis(const char* name);
uint32_t sum_class(int32_t value);

/// A floating-point code.
coverage::Axis float_axis(const char* name);
uint32_t float_number_class(uint32_t code, Format format);
bool float_class_exists(size_t label, Format format);

/// The format axis: labels of all nine.
coverage::Axis format_axis(const char* name);

/// What a rounding did: exact, tie down, tie up, down, up; in magnitude.
enum class Rounding : uint8_t { Exact, TieDown, TieUp, Down, Up };
coverage::Axis rounding_axis();
/// Of a magnitude of which `lost` out of 2^shift was dropped and `up` says whether one was added.
constexpr Rounding rounding_of(uint64_t lost, int shift, bool up) {
  if (lost == 0) return Rounding::Exact;
  const bool tie = shift > 0 && lost == uint64_t{1} << (shift - 1);
  return tie ? (up ? Rounding::TieUp : Rounding::TieDown) : up ? Rounding::Up : Rounding::Down;
}

}  // namespace assay::npu
