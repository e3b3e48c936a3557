// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/common/json.hpp"
#include "cosim/engine/lockstep.hpp"
#include "cosim/engine/trace.hpp"

namespace assay::cli {

/// Key `skew` of a mismatch record: whether the first divergence is a right value at the wrong time or place.
Json skew_json(const Trace& trace, const Mismatch& first);

}  // namespace assay::cli
