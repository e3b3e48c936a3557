// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "cosim/cli/run_options.hpp"
#include "cosim/npu/npu_target.hpp"

namespace assay::cli {

/// A finished run.
struct RunFacts {
  const RunOptions& options;
  const RunInput& input;
  const npu::NpuTarget& target;
  const LockstepResult& result;
  double seconds = 0;  ///< of the run alone, without building
  int exit_code = 0;
};

/// The record of a run, schema assay/result/1 (docs/schemas/result.schema.json). Whatever may differ between two runs of the same
/// bits stands under `host`.
nlohmann::ordered_json make_record(const RunFacts& facts);

/// The same without `host`: what two runs of the same bits have in common.
nlohmann::ordered_json make_bits(const RunFacts& facts);

/// 16 hex digits over what the run itself gave, in a record or its bits: not over `host`, nor over what only explains a difference.
std::string record_hash(const nlohmann::ordered_json& record);

/// The same record as it stands in a failure directory, schema assay/mismatch/1.
nlohmann::ordered_json as_mismatch(nlohmann::ordered_json record);

/// Two-space indentation and a final newline.
std::string json_text(const nlohmann::ordered_json& json);

}  // namespace assay::cli
