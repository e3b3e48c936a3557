// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cosim/engine/trace.hpp"

namespace assay::waves {

/// How signals are called in a wave file. Everything lies in one scope; in it a scope per block, in that one per field.
inline constexpr const char* kRoot = "assay";
inline constexpr const char* kPins = "pins";  ///< scope of the input pins

/// Nanoseconds of a cycle, which shows its values from 1000·cycle on, where clk rises: a viewer that counts in microseconds shows the cycle number.
inline constexpr uint64_t kCycleTime = 1000;

/// Leaf name of an element on one side: psum[3][2]_rtl.
std::string element_name(const Field& field, const std::vector<int64_t>& index, Side side);
/// Full path of it: assay.pe.psum.psum[3][2]_rtl.
std::string element_path(const Field& field, const std::vector<int64_t>& index, Side side);
/// The number that a float's code means: psum[3][2]_rtl_value.
std::string value_path(const Field& field, const std::vector<int64_t>& index, Side side);
/// 1 while a defined element of the field differs: assay.pe.psum.psum_differs.
std::string field_differs_path(const Field& field);
/// The same of a block: assay.pe.differs.
std::string block_differs_path(const std::string& block);
std::string pin_path(const std::string& pin);

/// The field's codes are floats whose value stands beside them: fp32 and bf16.
bool has_value(const Field& field);
/// The value of a code of such a field in nine digits, which tell every fp32 number from the next: a viewer shows doubles with all of theirs.
double value_of(const Field& field, uint64_t code);

}  // namespace assay::waves
