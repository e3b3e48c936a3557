// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/common/json.hpp"
#include "cosim/engine/trace.hpp"
#include "model/common/config.hpp"

namespace assay::cli {

/// The record's `diagnosis`: which single change of the golden model behaves as the RTL did (docs/diagnosis.md). Takes at most ASSAY_DIAGNOSIS_SECONDS
/// (default 30); what could not be tried in that time is named.
Json diagnosis_json(const HwConfig& config, const Trace& trace);

}  // namespace assay::cli
