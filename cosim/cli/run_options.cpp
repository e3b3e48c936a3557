// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/run_options.hpp"

#include <algorithm>
#include <charconv>

#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "model/tile/tile.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

/// The file of a test that is a vector under vectors/, or nothing for a generated one.
fs::path file_of_test(const std::string& test) {
  const fs::path root = project_root() / "vectors";
  fs::path found;
  if (!fs::is_directory(root)) return found;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".yaml" || entry.path().parent_path() == root / "suites") continue;
    const std::string path = fs::path(entry.path().lexically_relative(root)).replace_extension().generic_string();
    if (path == test || entry.path().stem() == test) found = entry.path();
  }
  return found;
}

void load_program(const RunOptions& options, const npu::LoadOptions& load, RunInput& input) {
  if (options.vector.empty() == options.test.empty()) {
    throw InputError(std::string("command line:1: --test: ") + (options.test.empty() ? "missing" : "given beside a vector file") +
                     ", expected either a vector file or --test NAME; `assay list` names the tests");
  }
  input.by_file = options.test.empty();
  if (input.by_file) {
    input.vector_file = options.vector;
    input.program = npu::load_vector(options.vector, input.config, load);
    input.test = input.program.name.empty() ? fs::path(options.vector).stem().string() : input.program.name;
  } else {
    input.program = npu::make_test(options.test, input.config, load);
    input.test = options.test;
    input.vector_file = file_of_test(options.test);
  }
  if (!input.vector_file.empty()) input.vector_hash = npu::vector_hash(input.vector_file, load);
  if (!options.stall.empty()) input.program.stall = npu::parse_stall(options.stall, load.seed);
}

}  // namespace

double parse_seconds(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value > 0) || value > 1e9) {
    throw InputError("command line:1: --timeout: is '" + text + "', expected seconds greater than 0");
  }
  return value;
}

std::vector<std::string> config_names() {
  std::vector<std::string> names;
  const fs::path folder = project_root() / "rtl/configs";
  if (!fs::is_directory(folder)) return names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

fs::path config_file(const std::string& text) {
  const bool is_file = text.find('/') != std::string::npos || text.ends_with(".yaml") || text.ends_with(".yml");
  const fs::path file = is_file ? fs::path(text) : project_root() / "rtl/configs" / (text + ".yaml");
  if (fs::is_regular_file(file)) return file;
  if (is_file) throw InputError("command line:1: --config: '" + text + "' cannot be read, expected a config file");
  throw InputError("command line:1: --config: no config '" + text + "', expected a file or one of " + joined(config_names()));
}

std::string canonical_path(const fs::path& file) {
  const fs::path full = fs::weakly_canonical(fs::absolute(file));
  const fs::path inside = full.lexically_relative(fs::weakly_canonical(fs::absolute(project_root())));
  return inside.empty() || *inside.begin() == ".." ? full.string() : inside.generic_string();
}

RunInput prepare_run(const RunOptions& options) {
  RunInput input;
  input.seed = parse_count("--seed", options.seed, 0);
  LockstepOptions& lockstep = input.lockstep;
  lockstep.max_mismatches = parse_count("--max-mismatches", options.max_mismatches, 1, 1000000);
  if (!options.cycles.empty()) lockstep.max_cycles = parse_count("--cycles", options.cycles, 1);
  if (!options.timeout.empty()) lockstep.timeout_seconds = parse_seconds(options.timeout);
  const fs::path config = config_file(options.config);
  input.config = load_config(config);
  input.config_path = config;
  const bool shipped = fs::weakly_canonical(config) == fs::weakly_canonical(project_root() / "rtl/configs" / (input.config.name + ".yaml"));
  input.config_argument = shipped ? input.config.name : canonical_path(config);
  if (!options.faults.empty()) {
    const Tile model(input.config);
    for (const std::string& fault : options.faults) lockstep.faults.push_back(parse_fault(fault, model.fields()));
  }
  npu::LoadOptions load;
  load.seed = input.seed;
  load.project_root = project_root();
  load_program(options, load, input);
  return input;
}

void reseed(const RunOptions& options, uint64_t seed, RunInput& input) {
  input.seed = seed;
  npu::LoadOptions load;
  load.seed = seed;
  load.project_root = project_root();
  input.program = input.vector_file.empty() ? npu::make_test(input.test, input.config, load) : npu::load_vector(input.vector_file, input.config, load);
  if (!options.stall.empty()) input.program.stall = npu::parse_stall(options.stall, seed);
}

std::vector<std::string> operand_formats(const HwConfig& config) {
  std::vector<std::string> names;
  for (int i = 0; i < kFormats; ++i)
    if (config.has(static_cast<Format>(i))) names.emplace_back(kFormatNames[static_cast<size_t>(i)]);
  return names;
}

}  // namespace assay::cli
