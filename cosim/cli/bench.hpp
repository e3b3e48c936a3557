// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace assay::cli {

/// `assay bench`: bare RTL, cycle model and lockstep alternating in one run, printed as a table or as JSON (assay/bench/1).
/// `arguments` are the words after `bench`, in the order they were typed.
int bench_main(std::vector<std::string> arguments);

}  // namespace assay::cli
