// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include "cosim/cli/sweep.hpp"

namespace assay::cli {

void add_sweep(CLI::App& app, SweepOptions& options, int& code);
void add_resume(CLI::App& app, ResumeOptions& options, int& code);

}  // namespace assay::cli
