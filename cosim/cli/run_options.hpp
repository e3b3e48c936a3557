// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cosim/engine/lockstep.hpp"
#include "cosim/engine/recording.hpp"
#include "cosim/npu/vector.hpp"

namespace assay::cli {

/// `assay run` as it was typed.
struct RunOptions {
  std::string vector;  ///< file, or empty
  std::string test;    ///< name, or empty
  std::string config = "int8_8x8";
  std::string seed = "1";
  std::string stall;  ///< empty: as the vector says
  std::string max_mismatches = "16";
  std::string cycles;   ///< empty: to the end
  std::string timeout;  ///< seconds, empty: none
  std::vector<std::string> faults;
  std::string path = "inplace";  ///< where the lockstep runs: inplace, or dpi: in a SystemVerilog simulation
  bool no_rtl = false;
  bool resync = false;            ///< list the causes apart from what follows from them
  std::string out;                ///< directory, or empty
  std::string json;               ///< file, "-" or empty
  std::string html;               ///< file for the page, or empty
  std::string junit;              ///< file for JUnit XML, or empty
  std::string annotate;           ///< github, none or empty: as the environment says
  std::string record;             ///< file to record into, or empty
  std::string coverage;           ///< file for functional coverage, or empty
  std::string waves = "auto";     ///< auto, full or none
  bool default_directory = true;  ///< a mismatch without --out leaves ./assay-out/TEST-SEED-CONFIG/
  std::vector<std::string> command_line;
};

/// What a record says about itself, when the run is one that was recorded before: it stays the same wherever it runs again.
struct Identity {
  std::string token, reproduce;
};

/// Everything a run needs, checked and loaded, before anything is built.
struct RunInput {
  HwConfig config;
  npu::Program program;
  LockstepOptions lockstep;
  uint64_t seed = 1;
  std::string test;                            ///< name of the test or vector
  std::string config_argument;                 ///< for --config of a reproduce line
  std::filesystem::path vector_file;           ///< empty for a generated test
  std::string vector_hash;                     ///< empty for a generated test
  bool by_file = false;                        ///< given as a file, not by name
  std::filesystem::path config_path;           ///< where the config was read
  std::string vector_head;                     ///< comment above repro.yaml; empty: what the run gave
  std::optional<Identity> identity;            ///< of the run that this one repeats
  std::shared_ptr<RecordingReader> recording;  ///< stands for the RTL when there is one
};

/// Throws InputError or npu::DataMissing.
RunInput prepare_run(const RunOptions& options);

/// Makes an input that prepare_run() gave for the same options, but for another seed, that of this one: only the program is made anew. Same errors.
void reseed(const RunOptions& options, uint64_t seed, RunInput& input);

/// The value of --timeout. Throws InputError.
double parse_seconds(const std::string& text);

/// Name under rtl/configs/ or file. Throws InputError, naming the known configs.
std::filesystem::path config_file(const std::string& name_or_file);
/// Names of the shipped configs, sorted.
std::vector<std::string> config_names();

/// The file relative to the project's root where it lies below it: how records name it, whatever the caller's directory is.
std::string canonical_path(const std::filesystem::path& file);

/// Names of a config's operand formats, in the order of their codes.
std::vector<std::string> operand_formats(const HwConfig& config);

}  // namespace assay::cli
