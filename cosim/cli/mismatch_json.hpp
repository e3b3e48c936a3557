// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/common/json.hpp"
#include "cosim/engine/lockstep.hpp"

namespace assay::cli {

/// One entry of `mismatches`. `lane_format` is the number format of a result's element, for kinds `functional` and `expect` of a job.
Json mismatch_json(const Mismatch& mismatch, const std::string& lane_format);

}  // namespace assay::cli
