// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdio>
#include <vector>

#include "cosim/cli/commands.hpp"
#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/host.hpp"
#include "cosim/cli/record.hpp"
#include "cosim/cli/report.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/operand.hpp"
#include "cosim/waves/wave_file.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

/// ok; note: works without, or slower; missing: lockstep cannot run.
struct Check {
  std::string name, status, detail;
};

Check required_tool(const std::string& program, const std::string& why) {
  const std::string version = tool_version(program);
  return version.empty() ? Check{program, "missing", why} : Check{program, "ok", version};
}

Check optional_tool(const std::string& program, const std::string& without, const std::string& option = "--version") {
  const std::string version = tool_version(program, option);
  return version.empty() ? Check{program, "note", "not found: " + without} : Check{program, "ok", version};
}

/// Debian 12's 5.006 is the oldest that is tried.
Check verilator() {
  const Check check = required_tool("verilator", "not found: builds the RTL; install the package verilator");
  int major = 0, minor = 0;
  if (check.status != "ok") return check;
  if (std::sscanf(check.detail.c_str(), "Verilator %d.%d", &major, &minor) == 2 && (major < 5 || (major == 5 && minor < 6))) {
    return {"verilator", "missing", check.detail + ": too old, 5.006 or newer is needed"};
  }
  return check;
}

Check cxx() {
  const Check fast = optional_tool("clang++-19", "Verilated code is built with g++ and runs 1.8 to 2.7 times slower");
  if (fast.status == "ok" || !tool_version("g++").empty()) return fast;
  return {"clang++-19", "missing", "neither clang++-19 nor g++ found: one of them compiles the Verilated code"};
}

/// The Python of the distribution's packages, where `assay prove` looks, too.
Check z3() {
  const ProcessResult found = run_process({"/usr/bin/python3", "-c", "import z3; print('Z3', z3.get_version_string())"});
  if (found.exit_code == 0) return {"z3", "ok", found.output.substr(0, found.output.find('\n'))};
  return {"z3", "note", "not found: assay prove cannot run; install the package python3-z3"};
}

Check cache() {
  const fs::path dir = cache_directory();
  std::error_code error;
  fs::create_directories(dir, error);
  if (error || access(dir.c_str(), W_OK) != 0) return {"cache", "missing", dir.string() + " is not writable; ASSAY_CACHE_DIR names another place"};
  return {"cache", "ok", dir.string()};
}

Check configs() {
  try {
    std::vector<std::string> shown;
    for (const std::string& name : config_names()) {
      const HwConfig config = load_config(config_file(name));
      shown.push_back(name + " (" + joined(operand_formats(config)) + "; latency " + std::to_string(config.pe_latency) + ")");
    }
    if (shown.empty()) return {"configs", "missing", "none under " + (project_root() / "rtl/configs").string() + "; ASSAY_ROOT names the project"};
    return {"configs", "ok", joined(shown)};
  } catch (const InputError& error) {
    return {"configs", "missing", error.what()};
  }
}

Check data() {
  npu::LoadOptions load;
  load.project_root = project_root();
  const fs::path folder = npu::data_folder(load) / "mlperf_tiny_ad";
  if (fs::is_directory(folder)) return {"data", "ok", folder.lexically_normal().string()};
  return {"data", "note", folder.lexically_normal().string() + " not found: the autoencoder vectors skip; ASSAY_DATA names its parent"};
}

Check wave_format() {
  if (waves::has_fst()) return {"waves", "ok", "FST"};
  return {"waves", "note", "VCD: Verilator's FST writer or zlib's headers were not there when assay was built; GTKWave opens both"};
}

std::vector<Check> all_checks() {
  return {verilator(),
          cxx(),
          optional_tool("g++", "only needed where clang++-19 is missing, and to build assay itself"),
          required_tool("make", "not found: builds the Verilated code; install the package make"),
          optional_tool("ccache", "every change of the RTL compiles everything again"),
          optional_tool("yosys", "no synthesis check, no list of flip-flops and no assay prove", "-V"),
          optional_tool("cadical", "assay prove cannot run; install the package cadical"),
          z3(),
          wave_format(),
          optional_tool("gtkwave", "nothing here shows a failure's waves"),
          cache(),
          configs(),
          data()};
}

}  // namespace

int doctor_command(bool json) {
  const std::vector<Check> checks = all_checks();
  int code = kPass;
  Json list = Json::array();
  for (const Check& check : checks) {
    if (check.status == "missing") code = kBuild;
    list.push_back({{"name", check.name}, {"status", check.status}, {"detail", check.detail}});
  }
  if (json) {
    const Json document = {{"assay", assay_version()}, {"cpu", cpu_name()}, {"checks", list}, {"exit", code}};
    std::fputs(json_text(document).c_str(), stdout);
    return code;
  }
  const Style style = style_for(STDOUT_FILENO);
  for (const Check& c : checks) {
    const std::string status = pad_right(c.status, 9);
    const std::string shown = c.status == "ok" ? style.good(status) : c.status == "note" ? style.warn(status) : style.bad(status);
    std::fputs((pad_right(c.name, 12) + shown + wrapped(c.detail, 100, 21) + "\n").c_str(), stdout);
  }
  std::puts(code == kPass ? "assay can run." : "assay cannot run the RTL until what is missing is there; --no-rtl works all the same.");
  return code;
}

}  // namespace assay::cli
