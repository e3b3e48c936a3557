// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/common/json.hpp"
#include "cosim/npu/shrink.hpp"

namespace assay::cli {

/// A vector's size and the cycle of its first difference.
struct FailureSize {
  npu::VectorSize vector;
  uint64_t cycle = 0;
};

/// The record's key `shrunk_from`: what the vector was made smaller from. `recorded`: the record of that failure. `complete`: nothing more can be left out.
Json shrunk_json(const Json& recorded, const FailureSize& before, const FailureSize& after, bool complete);

/// Sizes before and after in words, `beats 512 to 2, …`.
std::string shrunk_text(const Json& shrunk);

}  // namespace assay::cli
