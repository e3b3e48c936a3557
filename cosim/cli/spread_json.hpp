// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/common/json.hpp"
#include "cosim/engine/lockstep.hpp"
#include "cosim/engine/trace.hpp"

namespace assay::cli {

/// Key `spread` of a mismatch record: what differs from the first divergence to the end of the trace; bounded, and it says where it was cut.
Json spread_json(const Trace& trace, const Mismatch& first);

}  // namespace assay::cli
