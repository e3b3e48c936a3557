// SPDX-License-Identifier: Apache-2.0
#include "cosim/dpi/bench_builder.hpp"

#include <chrono>

#include "cosim/common/process.hpp"
#include "cosim/dpi/observation_source.hpp"

namespace assay::dpi {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// As for tiles without a bench, and what a bench needs: delays, VPI for faults.
const std::vector<std::string> kVerilatorFlags = {
    "--cc",      "--exe",       "--main",   "--timing",       "--vpi",        "-sv",          "-O3",    "--assert",        "--x-assign",
    "fast",      "--x-initial", "fast",     "--unroll-stmts", "100000",       "--gate-stmts", "100000", "--max-num-width", "1000000",
    "--flatten", "-Wno-fatal",  "--prefix", "Vbench",         "--top-module", "npu_tile_tb"};
const char* const kFastFlags = "-O2 -march=native -mprefer-vector-width=512";
// Faults read whole variables: up to 128 × 128 words of 32 bits.
const char* const kDefines = "-DVL_VALUE_STRING_MAX_WORDS=16384";

std::vector<std::string> bench_sources() {
  std::vector<std::string> sources;
  for (const char* file : {"cosim/dpi/assay_dpi_pkg.sv", "tb/npu_lockstep_checker.sv", "tb/npu_lockstep_bind.sv", "tb/npu_tile_tb.sv"}) {
    sources.push_back((project_root() / file).string());
  }
  return sources;
}

void must_run(const std::string& what, const std::vector<std::string>& argv) {
  const ProcessResult result = run_process(argv);
  if (result.exit_code == 127) throw BuildError(argv[0] + ": cannot be started (" + what + "); `assay doctor` says what is missing");
  if (result.exit_code != 0) throw BuildError(what + " failed:\n" + result.output);
}

std::string bench_key(const HwConfig& config, const std::string& observation, const fs::path& library) {
  uint64_t hash = fnv1a(npu::rtl_source_hash());
  for (const std::string& flag : kVerilatorFlags) hash = fnv1a(flag, hash);
  for (const std::string& file : bench_sources()) hash = fnv1a(read_file(file), hash);
  for (const std::string& parameter : npu::tile_parameters(config)) hash = fnv1a(parameter, hash);
  hash = fnv1a(std::string(kFastFlags) + kDefines + observation, hash);
  return hex64(fnv1a(npu::tool_versions_text() + library.string(), hash));
}

void verilate(const HwConfig& config, const fs::path& dir) {
  std::vector<std::string> argv = {"verilator"};
  argv.insert(argv.end(), kVerilatorFlags.begin(), kVerilatorFlags.end());
  argv.insert(argv.end(), {"--Mdir", (dir / "obj").string(), "+incdir+" + dir.string(), "--unroll-count", npu::unroll_count(config)});
  for (const auto& list : {npu::tile_parameters(config), npu::tile_sources(), bench_sources()}) argv.insert(argv.end(), list.begin(), list.end());
  must_run("verilator on npu_tile_tb", argv);
}

void compile(const fs::path& dir, const fs::path& library, const fs::path& program) {
  const std::string compiler = npu::verilated_compiler();
  std::vector<std::string> argv = {"make", "-s", "-j2", "-C", (dir / "obj").string(), "-f", "Vbench.mk", "VM_PARALLEL_BUILDS=1"};
  argv.push_back("CXX=" + (find_program("ccache").empty() ? compiler : "ccache " + compiler));
  if (compiler.starts_with("clang")) {  // Verilator was configured with g++, whose option for coroutines clang does not know
    argv.insert(argv.end(), {"CFG_CXXFLAGS_STD=-std=c++20", "CFG_CXXFLAGS_STD_NEWEST=-std=c++20", "CFG_CXXFLAGS_COROUTINES="});
  }
  argv.insert(argv.end(), {"OPT_FAST=" + std::string(kFastFlags), "OPT_SLOW=-O0", "OPT_GLOBAL=-O2", "USER_CPPFLAGS=" + std::string(kDefines),
                           "USER_LDLIBS=" + library.string() + " -Wl,-rpath," + library.parent_path().string(), "Vbench"});
  must_run("make", argv);
  fs::copy_file(dir / "obj" / "Vbench", program, fs::copy_options::overwrite_existing);
}

}  // namespace

fs::path dpi_library() {
  const fs::path program = fs::read_symlink("/proc/self/exe");
  const fs::path lib = program.parent_path().parent_path() / "lib";
  std::vector<fs::path> folders = {lib};
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(lib, error)) folders.push_back(entry.path());  // lib/TRIPLET on Debian
  for (const fs::path& folder : folders) {
    if (fs::exists(folder / "libassay_dpi.so", error)) return folder / "libassay_dpi.so";
  }
  throw BuildError("libassay_dpi.so is not beside " + program.string() + ", expected it in " + lib.string());
}

npu::BuildInfo build_bench(const HwConfig& config) {
  const fs::path library = dpi_library();
  const std::string observation = observation_source({config}, project_root() / "cosim/npu/rtl_map.yaml");
  return npu::cached_build("bench-" + config.name + "-" + config_hash(config), bench_key(config, observation, library), "",
                           [&](const fs::path& dir, const fs::path& file, npu::BuildInfo& info) {
                             auto start = Clock::now();
                             fs::remove_all(dir / "obj");
                             write_file(dir / "npu_observation.svh", observation);
                             verilate(config, dir);
                             info.verilate_seconds = seconds_since(start);
                             start = Clock::now();
                             compile(dir, library, file);
                             info.compile_seconds = seconds_since(start);
                           });
}

}  // namespace assay::dpi
