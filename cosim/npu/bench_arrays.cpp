// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/bench_arrays.hpp"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdio>

#include "cosim/common/process.hpp"
#include "cosim/npu/dut_builder.hpp"

namespace assay::npu {
namespace fs = std::filesystem;
namespace {

// Our arrays under the yardstick's stimulus: random activations (bytes, or codes of FORMAT) every cycle, weights reloaded every 1,024 cycles. Prints what the
// yardstick prints.
constexpr const char* kDriver = R"(
#include "Vyard.h"
#include "verilated.h"
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
int main(int, char** argv) {
  const uint64_t cycles = strtoull(argv[1], nullptr, 0);
  VerilatedContext context;
  Vyard dut{&context};
  uint64_t x = 0x9E3779B97F4A7C15ull, sum = 0;
  auto fill = [&x](void* p, size_t n) {
    for (size_t i = 0; i < n; i += 4) {
      x ^= x << 13, x ^= x >> 7, x ^= x << 17;
      memcpy(static_cast<char*>(p) + i, &x, n - i < 4 ? n - i : 4);
    }
  };
  auto edge = [&] { dut.clk_i = 1, dut.eval(), dut.clk_i = 0, dut.eval(); };
  dut.rst_ni = 0, edge(), edge(), dut.rst_ni = 1;
  dut.issue_i = 1, dut.k_i = ROWS, dut.columns_i = COLS;
#ifdef FORMAT
  dut.act_format_i = FORMAT, dut.weight_format_i = FORMAT;
#endif
  const clock_t start = clock();
  for (uint64_t n = 0; n < cycles; ++n) {
    const uint64_t phase = n & 1023;
    fill(&dut.act_i, sizeof dut.act_i);
    dut.load_i = phase < ROWS;
    dut.load_row_i = phase < ROWS ? phase : 0;
    if (dut.load_i) fill(&dut.weight_i, sizeof dut.weight_i);
    dut.switch_first_i = phase == ROWS;
    edge();
    uint32_t word;
    memcpy(&word, &dut.psum_o, 4);
    sum = sum * 31 + word;
  }
  const double seconds = double(clock() - start) / CLOCKS_PER_SEC;
  printf("%llu cycles %.3f s %.0f cycles/s checksum %016llx\n", (unsigned long long)cycles, seconds, double(cycles) / seconds, (unsigned long long)sum);
}
)";

void must(const std::vector<std::string>& argv) {
  const ProcessResult result = run_process(argv);
  if (result.exit_code != 0) throw BuildError("bench: " + argv[0] + " failed:\n" + result.output);
}

}  // namespace

ArrayBench::ArrayBench(const HwConfig& config, const fs::path& yardstick, const std::function<void(const std::string&)>& say)
    : work_(fs::temp_directory_path() / ("assay-arrays-" + std::to_string(getpid()))),
      cycles_(std::to_string(400000000LL / (config.rows * config.cols) / (config.floating() ? 4 : 1))),
      floating_(config.floating()) {
  fs::create_directories(work_);
  const std::vector<const char*> styles =
      floating_ ? std::vector<const char*>{"npu_fp_array", "npu_array"} : std::vector<const char*>{"row_style", "module_per_pe", "npu_array"};
  for (const char* style : styles) {
    say(std::string("building ") + style);
    build(style, config, yardstick);
  }
}

ArrayBench::~ArrayBench() {
  std::error_code ignored;
  fs::remove_all(work_, ignored);
}

std::vector<std::string> ArrayBench::own_array(const std::string& style, const HwConfig& config) const {
  const bool floating = style == "npu_fp_array";
  std::string defines = "#define ROWS " + std::to_string(config.rows) + "\n#define COLS " + std::to_string(config.cols) + "\n";
  std::vector<std::string> argv = {"--top-module",
                                   style,
                                   "--flatten",
                                   "--unroll-count",
                                   unroll_count(config),
                                   "--unroll-stmts",
                                   "100000",
                                   "--gate-stmts",
                                   "100000",
                                   "-GRowWidth=" + std::to_string(clog2(config.rows)),
                                   "-GColumnsWidth=" + std::to_string(clog2(config.cols + 1)),
                                   "-GEntryWidth=" + std::to_string(clog2(config.entries()))};
  if (floating) {
    const int format = std::countr_zero(static_cast<unsigned>(config.formats));
    defines += "#define FORMAT " + std::to_string(format) + "\n";
    argv.insert(argv.end(), {"-GFormats=" + std::to_string(config.formats), "-GPeLatency=" + std::to_string(config.pe_latency)});
  }
  const fs::path driver = work_ / (style + ".cpp");
  write_file(driver, defines + kDriver);
  for (const std::string& file : array_sources()) argv.push_back(file);
  argv.push_back(driver.string());
  return argv;
}

void ArrayBench::build(const std::string& style, const HwConfig& config, const fs::path& yardstick) const {
  const fs::path dir = work_ / style;
  std::vector<std::string> argv = {"verilator",
                                   "--cc",
                                   "--exe",
                                   "-sv",
                                   "-O3",
                                   "--x-assign",
                                   "fast",
                                   "--x-initial",
                                   "fast",
                                   "--max-num-width",
                                   "1000000",
                                   "-Wno-fatal",
                                   "--prefix",
                                   "Vyard",
                                   "--Mdir",
                                   dir.string(),
                                   "-GRows=" + std::to_string(config.rows),
                                   "-GCols=" + std::to_string(config.cols)};
  const std::vector<std::string> rest = style.starts_with("npu_") ? own_array(style, config)
                                                                  : std::vector<std::string>{"--unroll-count",
                                                                                             "64",
                                                                                             "--unroll-stmts",
                                                                                             "100000",
                                                                                             "--top-module",
                                                                                             "yard",
                                                                                             (yardstick / (style + "_example.sv")).string(),
                                                                                             (yardstick / "yardstick.cpp").string()};
  argv.insert(argv.end(), rest.begin(), rest.end());
  must(argv);
  must({"make", "-s", "-C", dir.string(), "-f", "Vyard.mk", "CXX=" + verilated_compiler(), "LINK=" + verilated_compiler(),
        "OPT_FAST=-O2 -march=native -mprefer-vector-width=512", "OPT_SLOW=-O1", "OPT_GLOBAL=-O2", "Vyard"});
}

double ArrayBench::run(const std::string& style) const {
  const ProcessResult result = run_process({(work_ / style / "Vyard").string(), cycles_});
  unsigned long long cycles = 0;
  double seconds = 0, speed = 0;
  if (result.exit_code != 0 || std::sscanf(result.output.c_str(), "%llu cycles %lf s %lf", &cycles, &seconds, &speed) != 3) {
    throw BuildError("bench: " + style + " did not run:\n" + result.output);
  }
  return speed;
}

}  // namespace assay::npu
