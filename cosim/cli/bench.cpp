// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/bench.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <sstream>

#include "cosim/cli/bench_calc.hpp"
#include "cosim/cli/bench_dpi.hpp"
#include "cosim/cli/bench_library.hpp"
#include "cosim/common/json.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/bench.hpp"
#include "cosim/npu/dut_builder.hpp"

namespace assay::cli {
namespace {

using nlohmann::json;

json speed_json(const npu::Speed& speed) { return {{"median", speed.median}, {"low", speed.low}, {"high", speed.high}}; }

json row_json(const npu::BenchRow& row) {
  json j = {{"config", row.config.name},
            {"rows", row.config.rows},
            {"cols", row.config.cols},
            {"cycles_per_pass", row.cycles},
            {"utilisation", row.utilisation},
            {"bare", speed_json(row.bare)},
            {"model", speed_json(row.model)},
            {"lockstep", speed_json(row.lockstep)},
            {"lockstep_overhead", row.lockstep_overhead},
            {"model_over_bare", row.model_over_bare},
            {"startup_ms", row.startup_ms},
            {"peak_kb", row.peak_kb}};
  if (row.yardstick_row) {
    j["yardstick"] = {{"row_style", speed_json(*row.yardstick_row)},
                      {"module_per_pe", speed_json(*row.yardstick_pe)},
                      {"array_alone", speed_json(*row.array_alone)},
                      {"array_over_row_style", row.array_over_row_style},
                      {"lockstep_over_module_per_pe", row.lockstep_over_module_per_pe}};
  } else {
    j["yardstick"] = "not run";
  }
  if (row.integer_array) {
    j["arrays"] = {{"alone", speed_json(*row.array_alone)}, {"integer", speed_json(*row.integer_array)}, {"slower_than_integer", row.integer_array_over_array}};
  }
  if (row.build_seconds) j["cold_build"] = {{"seconds", *row.build_seconds}, {"peak_kb", *row.build_peak_kb}};
  return j;
}

std::string number(double value, const char* format) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

/// Thousands of cycles a second, with the extremes of the rounds.
std::string speed_text(const json& speed) {
  return number(speed["median"].get<double>() / 1e3, "%8.0f k") + number(speed["low"].get<double>() / 1e3, " (%.0f") +
         number(speed["high"].get<double>() / 1e3, "-%.0f)");
}

std::string row_text(const json& j) {
  std::ostringstream out;
  const double pes = j["rows"].get<double>() * j["cols"].get<double>();
  out << j["config"].get<std::string>() << ": " << j["cycles_per_pass"] << " cycles a pass, utilisation "
      << number(100 * j["utilisation"].get<double>(), "%.1f %%\n");
  out << "  bare RTL          " << speed_text(j["bare"]) << " cycles/s" << number(j["bare"]["median"].get<double>() * pes / 1e6, ", %.0f M MAC/s\n");
  out << "  cycle model alone " << speed_text(j["model"]) << " cycles/s" << number(j["model_over_bare"].get<double>(), ", %.1f x bare\n");
  out << "  lockstep          " << speed_text(j["lockstep"]) << " cycles/s" << number(100 * j["lockstep_overhead"].get<double>(), ", +%.0f %% over bare\n");
  if (j.contains("dpi")) {
    out << "  DPI path          " << speed_text(j["dpi"]["speed"]) << " cycles/s" << number(100 * j["dpi"]["overhead"].get<double>(), ", +%.0f %% over bare\n");
  }
  const json& y = j["yardstick"];
  if (j.contains("arrays")) {
    const json& a = j["arrays"];
    out << "  its array alone   " << speed_text(a["alone"]) << " cycles/s" << number(a["slower_than_integer"].get<double>(), ", %.1f x slower than\n");
    out << "  the int8 array    " << speed_text(a["integer"]) << " cycles/s\n";
  } else if (y.is_string()) {
    out << "  yardstick         not run\n";
  } else {
    out << "  yardstick, row style      " << speed_text(y["row_style"]) << " cycles/s\n";
    out << "  yardstick, module per PE  " << speed_text(y["module_per_pe"]) << " cycles/s"
        << number(y["lockstep_over_module_per_pe"].get<double>(), ", lockstep of the tile is %.2f of it\n");
    out << "  our array alone           " << speed_text(y["array_alone"]) << " cycles/s"
        << number(y["array_over_row_style"].get<double>(), ", %.2f of row style\n");
  }
  out << "  one more vector   " << number(j["startup_ms"].get<double>(), "%.3f ms") << ", peak memory " << j["peak_kb"].get<long>() / 1024 << " MB";
  if (j.contains("cold_build")) {
    out << ", cold build " << number(j["cold_build"]["seconds"].get<double>(), "%.1f s") << " (peak " << j["cold_build"]["peak_kb"].get<long>() / 1024
        << " MB)";
  }
  out << "\n";
  return out.str();
}

json calc_json(const CalcSpeed& speed) {
  return {{"operation", speed.operation}, {"model", speed_json(speed.model)}, {"rtl", speed_json(speed.rtl)}, {"rtl_over_model", speed.rtl_over_model}};
}

std::string calc_text(const json& all) {
  std::ostringstream out;
  out << "calc: lines answered\n";
  for (const json& j : all) {
    const std::string name = j["operation"].get<std::string>();
    out << "  " << name << std::string(name.size() < 18 ? 18 - name.size() : 0, ' ') << "model " << speed_text(j["model"]) << " lines/s, Verilated unit "
        << speed_text(j["rtl"]) << number(j["rtl_over_model"].get<double>(), " lines/s, %.2f of the model\n");
  }
  return out.str();
}

json library_json(const LibrarySpeed& speed) { return {{"operation", speed.operation}, {"macs", speed_json(speed.macs)}}; }

std::string library_text(const json& all) {
  std::ostringstream out;
  out << "library: sums of 4,096 products by dot(), one core\n";
  for (const json& j : all) {
    const std::string name = j["operation"].get<std::string>();
    out << "  " << name << std::string(name.size() < 28 ? 28 - name.size() : 0, ' ') << speed_text(j["macs"]) << " MAC/s\n";
  }
  return out.str();
}

struct Options {
  std::vector<std::string> configs = {"int8_8x8", "int8_16x16", "int8_32x32", "bf16_16x16"};
  uint64_t cycles = 1000000;
  int rounds = 5;
  std::string yardstick, json;
  bool no_yardstick = false, no_calc = false, no_library = false, cold_build = false, dpi = false;
};

int run(const Options& options) {
  npu::BenchOptions bench;
  bench.cycles = options.cycles;
  bench.rounds = options.rounds;
  bench.cold_build = options.cold_build;
  bench.progress = [](const std::string& what) { std::fprintf(stderr, "bench: %s\n", what.c_str()); };
  const auto yardstick = options.yardstick.empty() ? project_root() / "../shared/reference/yardstick" : std::filesystem::path(options.yardstick);
  if (!options.no_yardstick && std::filesystem::exists(yardstick / "yardstick.cpp")) bench.yardstick = std::filesystem::absolute(yardstick);
  json document = {{"schema", "assay/bench/1"},
                   {"unit", "cycles per CPU second, median of the rounds"},
                   {"rounds", options.rounds},
                   {"compiler", npu::verilated_compiler()},
                   {"rows", json::array()}};
  std::FILE* const text = options.json == "-" ? stderr : stdout;
  for (const std::string& name : options.configs) {
    const HwConfig config = load_config(project_root() / "rtl/configs" / (name + ".yaml"));
    document["rows"].push_back(row_json(npu::bench_config(config, bench)));
    if (options.dpi) {
      bench.progress(name + ": DPI path");
      const npu::Speed speed = bench_dpi(name, options.cycles, options.rounds);
      json& row = document["rows"].back();
      row["dpi"] = {{"speed", speed_json(speed)}, {"overhead", row["bare"]["median"].get<double>() / speed.median - 1}};
    }
    std::fputs(row_text(document["rows"].back()).c_str(), text);
    std::fflush(text);
  }
  if (!options.no_calc) {
    bench.progress("calc");
    document["calc"] = json::array();
    for (const CalcSpeed& speed : bench_calc(options.rounds)) document["calc"].push_back(calc_json(speed));
    std::fputs(calc_text(document["calc"]).c_str(), text);
  }
  if (!options.no_library) {
    bench.progress("library");
    document["library"] = json::array();
    for (const LibrarySpeed& speed : bench_library(options.rounds)) document["library"].push_back(library_json(speed));
    std::fputs(library_text(document["library"]).c_str(), text);
  }
  if (options.json == "-") {
    std::puts(document.dump(2).c_str());
  } else if (!options.json.empty()) {
    write_file(options.json, document.dump(2) + "\n");
  }
  return 0;
}

}  // namespace

int bench_main(std::vector<std::string> arguments) {
  CLI::App app("Bare RTL, cycle model and lockstep on a dense program, alternating in one run.", "assay bench");
  Options options;
  app.add_option("--config", options.configs, "hardware variants (default int8_8x8 int8_16x16 int8_32x32 bf16_16x16)")->type_name("NAME…");
  app.add_option("--cycles", options.cycles, "cycles per variant and round, at least (default 1000000)")->type_name("N");
  app.add_option("--rounds", options.rounds, "rounds; medians are printed (default 5)")->check(CLI::Range(1, 101))->type_name("N");
  app.add_option("--yardstick", options.yardstick, "folder of the yardstick arrays (default ../shared/reference/yardstick)")->type_name("DIR");
  app.add_flag("--no-yardstick", options.no_yardstick, "leave the yardstick out");
  app.add_flag("--no-calc", options.no_calc, "leave the lines per second of `assay calc` out");
  app.add_flag("--no-library", options.no_library, "leave the library's sums out");
  app.add_flag("--dpi", options.dpi, "also the SystemVerilog bench with the bound checker (docs/dpi.md)");
  app.add_flag("--build", options.cold_build, "also build each config anew without any cache, and time it");
  app.add_option("--json", options.json, "write the figures to a file, or with - to stdout")->type_name("FILE|-");
  try {
    std::reverse(arguments.begin(), arguments.end());
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    throw InputError(std::string(error.what()) + "; `assay bench --help` says what is expected");
  }
  return run(options);
}

}  // namespace assay::cli
