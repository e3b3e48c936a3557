// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/host.hpp"

#include <sys/resource.h>

#include <ctime>
#include <fstream>

#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/dut_builder.hpp"

#ifndef ASSAY_VERSION
#define ASSAY_VERSION "unknown"
#endif

namespace assay::cli {

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::string cpu_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string tool_version(const std::string& program, const std::string& option) {
  if (find_program(program).empty()) return {};
  return first_line(run_process({program, option}).output);
}

Json tool_versions() { return {{"verilator", tool_version("verilator")}, {"compiler", tool_version(npu::verilated_compiler())}}; }

uint64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

const char* assay_version() { return ASSAY_VERSION; }

}  // namespace assay::cli
