// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/sweep_rtl_coverage.hpp"

#include <spdlog/spdlog.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <map>

#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/progress.hpp"
#include "cosim/cli/run_options.hpp"
#include "cosim/cli/sweep_vector.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/common/random.hpp"
#include "cosim/npu/npu_target.hpp"
#include "cosim/npu/rtl_coverage.hpp"
#include "cosim/sweep/run_folder.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

constexpr double kMostPart = 0.05;  // line and toggle coverage make the RTL many times slower
constexpr uint64_t kStream = 31;

/// Whether the vector is one of the part.
bool chosen(const sweep::Manifest& manifest, uint64_t index, double part) { return Random(manifest.seed + index, kStream).chance(part); }

/// Indices of a config's finished vectors that are of the part, rising; its first one where the part has none.
std::vector<uint64_t> vectors_of(const sweep::Manifest& manifest, const sweep::RunFolder& folder, const std::string& config, double part) {
  std::vector<uint64_t> out;
  std::optional<uint64_t> first;
  const sweep::Plan plan = manifest.plan();
  for (const sweep::Chunk chunk : folder.chunks().present(false)) {
    const auto lines = folder.chunks().read(chunk, plan, nullptr);
    if (!lines) continue;
    for (const auto& [index, line] : *lines) {
      if (manifest.cases[plan.at(index).which].config != config || line.find("\"verdict\":\"pass\"") == std::string::npos) continue;
      if (!first) first = index;
      if (chosen(manifest, index, part)) out.push_back(index);
    }
  }
  if (out.empty() && first) out.push_back(*first);
  return out;
}

void must(const std::vector<std::string>& argv) {
  const ProcessResult result = run_process(argv);
  if (result.exit_code != 0) throw BuildError(argv[0] + " failed:\n" + result.output);
}

}  // namespace

double parse_part(const std::string& text) {
  double part = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), part);
  if (error != std::errc{} || end != text.data() + text.size() || !(part > 0) || part > kMostPart) {
    throw InputError("command line:1: --rtl-coverage: is '" + text + "', expected a part of the vectors above 0 and at most 0.05");
  }
  return part;
}

double rtl_part(const sweep::Manifest& manifest) { return manifest.host.value("rtl_coverage", 0.0); }

bool rtl_is_covered(const fs::path& run) { return fs::exists(run / "rtl-coverage/rtl.info"); }

void cover_rtl(const sweep::Manifest& manifest, const SweepWork& work, double part) {
  const fs::path folder = work.directory / "rtl-coverage";
  fs::create_directories(folder);
  std::vector<std::string> merge{"verilator_coverage", "--write", (folder / "all.dat").string()};
  for (const sweep::Build& build : manifest.builds) {
    const Waiting waiting("assay: line and toggle coverage of " + build.config);
    const ProcessResult result = run_process({"/proc/self/exe", "sweep-rtl-coverage", work.directory.string(), build.config, std::to_string(part)});
    if (result.exit_code == kNothing) continue;  // none of its vectors has passed
    if (result.exit_code != kPass) throw BuildError("line and toggle coverage of " + build.config + " failed:\n" + result.output);
    merge.push_back((folder / (fs::path(build.config).stem().string() + ".dat")).string());
  }
  if (merge.size() == 3) return spdlog::warn("no vector has passed: there is no line and toggle coverage");
  must(merge);
  must({"verilator_coverage", "--write-info", (folder / "rtl.info").string(), (folder / "all.dat").string()});
  std::printf("line and toggle coverage: %s\n", (folder / "rtl.info").c_str());
}

int rtl_coverage_main(const std::vector<std::string>& arguments) {
  if (arguments.size() != 3) throw InputError("command line:1: sweep-rtl-coverage: is started by `assay sweep` alone");
  const sweep::Manifest manifest = sweep::Manifest::load(arguments[0]);
  const sweep::RunFolder folder(arguments[0], manifest.hash());
  const HwConfig config = load_config(config_file(arguments[1]));
  const std::vector<uint64_t> indices = vectors_of(manifest, folder, arguments[1], parse_part(arguments[2]));
  if (indices.empty()) return kNothing;
  const Tile model(config);
  const npu::BuildInfo build = npu::build_covered_tile(config, model.fields());
  auto dut = std::make_unique<npu::Dut>(build.library);
  npu::NpuTarget::require_same_hardware(*dut, config, model.fields());
  void* const instance = dut->instance();
  npu::NpuTarget target(config, std::move(dut));
  const sweep::Plan plan = manifest.plan();
  for (const uint64_t index : indices) {
    const sweep::PlannedVector vector = plan.at(index);
    RunInput input = prepare_run(run_options_of(manifest.cases[vector.which], vector.seed));
    target.load(input.program, vector.seed);
    const LockstepResult result = run_lockstep(target, input.lockstep);
    if (result.verdict != Verdict::Pass) {
      std::fprintf(stderr, "vector %llu passed and does not pass on the RTL with coverage: %s\n", static_cast<unsigned long long>(index),
                   result.reason.c_str());
      return kMismatch;
    }
  }
  const fs::path file = fs::path(arguments[0]) / "rtl-coverage" / (fs::path(arguments[1]).stem().string() + ".dat");
  npu::write_rtl_coverage(build.library, instance, file.string() + ".part");
  fs::rename(file.string() + ".part", file);
  std::printf("%zu vectors\n", indices.size());
  return kPass;
}

}  // namespace assay::cli
