// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cosim/cli/sweep_run.hpp"
#include "cosim/sweep/manifest.hpp"

namespace assay::cli {

/// Runs a part of the sweep's finished vectors again on RTL built with line and toggle coverage, a process for each config, and leaves
/// RUN/rtl-coverage/CONFIG.dat, their merge all.dat and rtl.info (lcov). Which vectors, their index says, so the part is the same on every machine. Changes no
/// result of the sweep. Throws BuildError.
void cover_rtl(const sweep::Manifest& manifest, const SweepWork& work, double part);

/// The part that the run was begun with, 0 without; and whether its files are there.
double rtl_part(const sweep::Manifest& manifest);
bool rtl_is_covered(const std::filesystem::path& run);

/// One config of it: directory, config's name, part.
int rtl_coverage_main(const std::vector<std::string>& arguments);

/// The value of --rtl-coverage, above 0 and at most 0.05. Throws InputError.
double parse_part(const std::string& text);

}  // namespace assay::cli
