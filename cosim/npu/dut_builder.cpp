// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/dut_builder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <sstream>

#include "cosim/common/process.hpp"
#include "cosim/npu/adapter_source.hpp"
#include "cosim/npu/nets.hpp"
#include "cosim/npu/rtl_coverage.hpp"

namespace assay::npu {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Loops over columns stay rolled, because clang vectorises them, while generate loops must be expanded: Verilator 5.006 does that up to 16 times the
// unroll count (added per job). Single-use nets move into the clocked blocks (--gate-stmts). All state must lie in one class (--flatten).
const std::vector<std::string> kVerilatorFlags = {"--cc",
                                                  "-sv",
                                                  "-O3",
                                                  "--assert",
                                                  "--x-assign",
                                                  "fast",
                                                  "--x-initial",
                                                  "fast",
                                                  "--unroll-stmts",
                                                  "100000",
                                                  "--gate-stmts",
                                                  "100000",
                                                  "--max-num-width",
                                                  "1000000",
                                                  "--flatten",
                                                  "-Wno-fatal",
                                                  "--prefix",
                                                  "Vdut",
                                                  "-CFLAGS",
                                                  "-fPIC -fvisibility=hidden"};
const char* const kFastFlags = "-O2 -march=native -mprefer-vector-width=512";

/// Exclusive use of one build directory, across processes.
class BuildLock {
 public:
  explicit BuildLock(const fs::path& file) : fd_(open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644)) {
    if (fd_ < 0 || flock(fd_, LOCK_EX) != 0) throw BuildError(file.string() + ": cannot lock the build directory");
  }
  ~BuildLock() { close(fd_); }
  BuildLock(const BuildLock&) = delete;
  BuildLock& operator=(const BuildLock&) = delete;

 private:
  int fd_;
};

std::vector<fs::path> sources_under(const std::vector<const char*>& folders) {
  std::vector<fs::path> files;
  for (const char* folder : folders) {
    const fs::path root = project_root() / folder;
    if (!fs::exists(root)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      const auto ext = entry.path().extension();
      if (ext == ".sv" || ext == ".svh" || ext == ".vlt") files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

void must_run(const std::string& what, const std::vector<std::string>& argv, const fs::path& directory = {}) {
  const ProcessResult result = run_process(argv, directory);
  if (result.exit_code == 127) throw BuildError(argv[0] + ": cannot be started (" + what + "); `assay doctor` says what is missing");
  if (result.exit_code != 0) throw BuildError(what + " failed:\n" + result.output);
}

std::string tool_version(const std::string& tool) { return run_process({tool, "--version"}).output; }

/// The probes and their bind file: what of tb/ is part of every Verilated tile.
std::vector<fs::path> probe_sources() {
  std::vector<fs::path> files;
  const fs::path root = project_root() / "tb";
  if (!fs::exists(root)) return files;
  for (const auto& entry : fs::directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with("_probe.sv") || name == "npu_tile_bind.sv") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Packages before their users: *_pkg.sv first, in folder order of the dependency arrows.
std::vector<std::string> ordered_sources(bool with_bench) {
  std::vector<std::string> packages, rest;
  for (const char* folder : {"rtl/common", "rtl/pe", "rtl/array", "rtl/accumulators", "rtl/activation", "rtl/tile"}) {
    for (const fs::path& file : sources_under({folder})) {
      if (file.extension() != ".sv") continue;
      (file.stem().string().ends_with("_pkg") ? packages : rest).push_back(file.string());
    }
  }
  if (with_bench) {
    for (const fs::path& file : probe_sources()) rest.push_back(file.string());
  }
  packages.insert(packages.end(), rest.begin(), rest.end());
  return packages;
}

struct Job {
  std::string name, top, key, adapter;
  std::vector<std::string> parameters;
  bool with_bench = true;
  bool traced = false;   ///< with Verilator's own waves
  bool covered = false;  ///< with Verilator's own line and toggle coverage
};

std::string build_key(const Job& job) {
  uint64_t hash = fnv1a(rtl_source_hash());
  for (const std::string& flag : kVerilatorFlags) hash = fnv1a(flag, hash);
  for (const std::string& p : job.parameters) hash = fnv1a(p, hash);
  if (job.covered)
    for (const std::string& flag : rtl_coverage_flags()) hash = fnv1a(flag, hash);
  hash = fnv1a(kFastFlags, hash);
  hash = fnv1a(job.adapter, fnv1a(job.top, hash));
  return hex64(fnv1a(tool_versions_text(), hash));
}

void verilate(const Job& job, const fs::path& dir) {
  std::vector<std::string> argv = {"verilator"};
  argv.insert(argv.end(), kVerilatorFlags.begin(), kVerilatorFlags.end());
  argv.insert(argv.end(), {"--top-module", job.top, "--Mdir", (dir / "obj").string()});
  argv.insert(argv.end(), job.parameters.begin(), job.parameters.end());
  if (job.covered)
    for (const std::string& flag : rtl_coverage_flags()) argv.push_back(flag);
  for (const fs::path& waiver : sources_under({"rtl/lint"})) argv.push_back(waiver.string());
  for (const std::string& source : ordered_sources(job.with_bench)) argv.push_back(source);
  must_run("verilator on " + job.top, argv);
}

void compile(const Job& job, const fs::path& dir, const fs::path& library) {
  const std::string compiler = verilated_compiler();
  const std::string cxx = (find_program("ccache").empty() ? "" : "ccache ") + compiler;
  const std::string jobs = "-j" + std::to_string(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
  std::vector<std::string> make = {"make",
                                   "-s",
                                   jobs,
                                   "-C",
                                   (dir / "obj").string(),
                                   "-f",
                                   "Vdut.mk",
                                   "CXX=" + cxx,
                                   "OPT_FAST=" + std::string(kFastFlags),
                                   "OPT_SLOW=-O0",
                                   "OPT_GLOBAL=-O2",
                                   "VM_PARALLEL_BUILDS=1",
                                   "Vdut__ALL.a",
                                   "verilated.o",
                                   "verilated_dpi.o",
                                   "verilated_threads.o"};
  if (job.covered) make.emplace_back("verilated_cov.o");
  if (job.traced) make.emplace_back("verilated_fst_c.o");
  must_run("make", make);
  const fs::path adapter = dir / "adapter.cpp";
  if (!fs::exists(adapter) || read_file(adapter) != job.adapter) write_file(adapter, job.adapter);
  const std::string root = run_process({"verilator", "--getenv", "VERILATOR_ROOT"}).output;
  const std::string include = root.substr(0, root.find('\n')) + "/include";
  std::vector<std::string> argv;
  if (!find_program("ccache").empty()) argv.push_back("ccache");
  const std::string object = (dir / "adapter.o").string();
  argv.insert(argv.end(), {compiler, "-std=c++20", "-O2", "-march=native", "-fPIC", "-fvisibility=hidden", "-I" + (dir / "obj").string(), "-I" + include,
                           "-I" + include + "/vltstd", "-I" + project_root().string(), "-c", adapter.string(), "-o", object});
  must_run("compiling the adapter", argv);
  const std::string obj = (dir / "obj").string() + "/";
  std::vector<std::string> link = {compiler,
                                   "-shared",
                                   "-o",
                                   library.string(),
                                   object,
                                   "-Wl,--whole-archive",
                                   obj + "Vdut__ALL.a",
                                   "-Wl,--no-whole-archive",
                                   obj + "verilated.o",
                                   obj + "verilated_dpi.o",
                                   obj + "verilated_threads.o",
                                   "-Wl,-Bsymbolic",
                                   "-pthread",
                                   "-latomic"};
  if (job.covered) link.push_back(obj + "verilated_cov.o");
  if (job.traced) link.insert(link.end(), {obj + "verilated_fst_c.o", "-lz"});
  must_run("linking", link);
}

BuildInfo build(Job job) {
  job.key = build_key(job);
  return cached_build(job.name, job.key, ".so", [&job](const fs::path& dir, const fs::path& file, BuildInfo& info) {
    auto start = Clock::now();
    fs::remove_all(dir / "obj");
    verilate(job, dir);
    info.verilate_seconds = seconds_since(start);
    start = Clock::now();
    compile(job, dir, file);
    info.compile_seconds = seconds_since(start);
  });
}

}  // namespace

std::string verilated_compiler() {
  static const std::string kCompiler = find_program("clang++-19").empty() ? "g++" : "clang++-19";
  return kCompiler;
}

BuildInfo cached_build(const std::string& name, const std::string& key, const std::string& suffix, const MakeFile& make) {
  BuildInfo info;
  info.key = key;
  const fs::path cache = cache_directory();
  fs::create_directories(cache / "lib");
  info.library = cache / "lib" / (name + "-" + key + suffix);
  if (fs::exists(info.library)) {
    info.cached = true;
    return info;
  }
  const fs::path dir = cache / "build" / name;  // the same folder each time, so that ccache sees the same paths
  fs::create_directories(dir);
  const BuildLock lock(cache / "build" / (name + ".lock"));
  if (fs::exists(info.library)) {  // another builder was faster
    info.cached = true;
    return info;
  }
  setenv("CCACHE_SLOPPINESS", "include_file_ctime,include_file_mtime,pch_defines,time_macros", 0);
  const fs::path temporary = info.library.string() + ".tmp" + std::to_string(getpid());
  make(dir, temporary, info);
  fs::rename(temporary, info.library);
  return info;
}

std::vector<std::string> tile_sources() {
  std::vector<std::string> sources;
  for (const fs::path& waiver : sources_under({"rtl/lint"})) sources.push_back(waiver.string());
  for (std::string& source : ordered_sources(true)) sources.push_back(std::move(source));
  return sources;
}

std::string tool_versions_text() {
  static const std::string kVersions = tool_version("verilator") + tool_version(verilated_compiler());
  return kVersions;
}

std::vector<std::string> array_sources() {
  std::vector<std::string> sources;
  for (const std::string& file : ordered_sources(false)) {
    for (const char* folder : {"rtl/common/", "rtl/pe/", "rtl/array/"}) {
      if (file.find(folder) != std::string::npos) sources.push_back(file);
    }
  }
  return sources;
}

std::string rtl_source_hash() {
  uint64_t hash = kFnvStart;
  std::vector<fs::path> files = sources_under({"rtl"});
  for (fs::path& file : probe_sources()) files.push_back(std::move(file));
  for (const fs::path& file : files) {
    hash = fnv1a(file.lexically_relative(project_root()).string(), hash);
    hash = fnv1a(read_file(file), hash);
  }
  return hex64(hash);
}

namespace {

Job tile_job(const HwConfig& config, const std::vector<Field>& fields) {
  Job job;
  job.name = "tile-" + config.name + "-" + config_hash(config);
  job.top = "npu_tile";
  job.adapter = tile_adapter_source(fields, project_root() / "cosim/npu/rtl_map.yaml", config.floating());
  job.parameters = {"--unroll-count", unroll_count(config)};
  for (std::string& parameter : tile_parameters(config)) job.parameters.push_back(std::move(parameter));
  return job;
}

}  // namespace

BuildInfo build_tile(const HwConfig& config, const std::vector<Field>& fields) { return build(tile_job(config, fields)); }

BuildInfo build_covered_tile(const HwConfig& config, const std::vector<Field>& fields) {
  Job job = tile_job(config, fields);
  job.name = "covered-" + job.name;
  job.covered = true;
  job.adapter += rtl_coverage_adapter();
  return build(std::move(job));
}

BuildInfo build_traced_tile(const HwConfig& config, const std::vector<Field>& fields) {
  Job job = tile_job(config, fields);
  job.name = "nets-" + job.name;
  job.adapter += nets_adapter_source();
  const char* const kAll = "1048576";  // of an array's words and of a vector's bits
  job.parameters.insert(job.parameters.end(), {"--trace-fst", "--trace-structs", "--trace-max-array", kAll, "--trace-max-width", kAll});
  job.traced = true;
  return build(std::move(job));
}

std::vector<std::string> tile_parameters(const HwConfig& config) {
  std::vector<std::string> parameters;
  const auto parameter = [&parameters](const char* name, int value) { parameters.push_back("-G" + std::string(name) + "=" + std::to_string(value)); };
  parameter("Rows", config.rows);
  parameter("Cols", config.cols);
  parameter("AccBanks", config.acc_banks);
  parameter("AccDepth", config.acc_depth);
  parameter("CommandFifoDepth", config.command_fifo_depth);
  parameter("WeightFifoDepth", config.weight_fifo_depth);
  parameter("ActivationFifoDepth", config.activation_fifo_depth);
  parameter("QueueDepth", config.queue_depth);
  parameter("OutputFifoDepth", config.output_fifo_depth);
  parameter("ResponseFifoDepth", config.response_fifo_depth);
  parameter("Formats", format_mask(config));
  parameter("PeLatency", config.pe_latency);
  return parameters;
}

int format_mask(const HwConfig& config) {
  int mask = 0;
  for (int code = 0; code < kFormats; ++code) mask |= config.has(static_cast<Format>(code)) ? 1 << code : 0;
  return mask;
}

std::string unroll_count(const HwConfig& config) { return std::to_string((std::max(config.rows, config.cols) + 15) / 16); }

BuildInfo build_unit(const std::string& module, const UnitPorts& ports) {
  Job job;
  job.name = "unit-" + module;
  job.top = module;
  job.adapter = unit_adapter_source(ports.inputs, ports.outputs);
  job.with_bench = false;
  return build(std::move(job));
}

}  // namespace assay::npu
