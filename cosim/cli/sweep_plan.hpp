// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "cosim/sweep/manifest.hpp"

namespace assay::cli {

/// vectors/suites/NAME.yaml or the file. Throws InputError, naming the shipped suites.
std::filesystem::path suite_file(const std::string& name_or_file);

/// The suite's entries as cases of the npu target: folders opened, configs chosen, names and stall profiles checked. `count`, `endless` and
/// `shards` are left to the caller. Throws InputError as file:line: key.
sweep::Manifest make_manifest(const std::filesystem::path& suite);

/// Hash of the program that runs: other bits of it may give other bits of a record.
std::string program_file_hash();

}  // namespace assay::cli
