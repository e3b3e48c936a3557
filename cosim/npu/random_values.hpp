// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "cosim/common/random.hpp"
#include "model/common/format.hpp"

// The classes of random operands (docs/vectors.md), drawn with integer arithmetic only: the same values on every machine.
namespace assay::npu {

enum class RandomClass : uint8_t { Uniform, Zeros, Ones, Extremes, Corners, Sparse, Small };
inline constexpr std::array<std::string_view, 7> kRandomClassNames{"uniform", "zeros", "ones", "extremes", "corners", "sparse", "small"};

/// Integers of a class in lo … hi.
std::vector<int32_t> random_values(RandomClass cls, size_t count, int64_t lo, int64_t hi, Random& random);

enum class FloatClass : uint8_t { Normal, Uniform, Corners, Subnormal, Specials, Cancel, Ties, Powers, Sparse, Zeros, Ones, Small };
inline constexpr std::array<std::string_view, 12> kFloatClassNames{"normal", "uniform", "corners", "subnormal", "specials", "cancel",
                                                                   "ties",   "powers",  "sparse",  "zeros",     "ones",     "small"};

/// Along which dimension an operand's elements meet in one sum: the columns of a (and of matmul data), the rows of b (and of load_weights data).
enum class KAxis : uint8_t { Columns, Rows };

/// Codes of a class of a floating-point format as a [rows][cols] matrix.
std::vector<int32_t> random_codes(FloatClass cls, Format format, int rows, int cols, KAxis axis, Random& random);

}  // namespace assay::npu
