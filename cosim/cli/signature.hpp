// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/common/json.hpp"
#include "cosim/engine/lockstep.hpp"
#include "cosim/engine/trace.hpp"
#include "cosim/npu/program.hpp"
#include "model/common/config.hpp"

namespace assay::cli {

/// What two failures of one bug have in common: text from target, block, field and kind of difference, never from seed, index, time or data.
/// `coarse` names the place that differs first; `fine` goes on with the operation and how it differs, and is empty where that cannot be told.
struct Signature {
  std::string coarse, fine;
  bool operator==(const Signature&) const = default;
};

/// npu/BLOCK.FIELD/KIND. Fields that stand once per row or stage (skew_3, ctl_0) count as one; outputs are known by their stream, not by their job.
std::string coarse_signature(const Mismatch& first);

/// Both; `trace` holds the window around the first difference (failure.hpp) of a run of `program`.
Signature signature_of(const HwConfig& config, const npu::Program& program, const Mismatch& first, const Trace& trace);

/// The record's key `signature`.
Json signature_json(const Signature& signature);

}  // namespace assay::cli
