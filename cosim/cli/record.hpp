// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/cli/run_options.hpp"
#include "cosim/common/json.hpp"
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
Json make_record(const RunFacts& facts);

/// The same without `host`: what two runs of the same bits have in common.
Json make_bits(const RunFacts& facts);

/// 16 hex digits over what the run itself gave, in a record or its bits: not over `host`, nor over what only explains a difference.
std::string record_hash(const Json& record);

/// The same record as it stands in a failure directory, schema assay/mismatch/1.
Json as_mismatch(Json record);

/// Two-space indentation and a final newline.
std::string json_text(const Json& json);

}  // namespace assay::cli
