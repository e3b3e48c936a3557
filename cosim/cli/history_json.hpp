// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/common/json.hpp"
#include "cosim/engine/lockstep.hpp"
#include "cosim/engine/trace.hpp"
#include "model/common/config.hpp"

namespace assay::cli {

/// Key `history` of a mismatch record: the cycles that led to the first divergence, of the element and of what it takes its value from, on both sides.
Json history_json(const HwConfig& config, const Trace& trace, const Mismatch& first);

}  // namespace assay::cli
