// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <functional>

#include "cosim/cli/bench.hpp"
#include "cosim/cli/commands.hpp"
#include "cosim/cli/corpus.hpp"
#include "cosim/cli/coverage.hpp"
#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/help.hpp"
#include "cosim/cli/host.hpp"
#include "cosim/cli/interrupt.hpp"
#include "cosim/cli/log_book.hpp"
#include "cosim/cli/prove.hpp"
#include "cosim/cli/sweep.hpp"
#include "cosim/cli/sweep_command_line.hpp"
#include "cosim/cli/sweep_rtl_coverage.hpp"
#include "cosim/common/process.hpp"
#include "cosim/sweep/storage.hpp"

namespace assay::cli {
namespace {

constexpr size_t kErrorLines = 60;
constexpr const char* kWavesHelp = "auto: of a mismatch, around it (default); full: from the first cycle, with --out also of a pass; none";

/// Help that opens with examples, while the list of subcommands stays short.
class ExamplesFirst : public CLI::Formatter {
 public:
  std::string make_description(const CLI::App* app) const override {
    const std::string name = app->get_name();
    if (name == "assay") return std::string(kMainHelp) + "\n";
    const char* examples = name == "run"        ? kRunHelp
                           : name == "replay"   ? kReplayHelp
                           : name == "shrink"   ? kShrinkHelp
                           : name == "check"    ? kCheckHelp
                           : name == "report"   ? kReportHelp
                           : name == "list"     ? kListHelp
                           : name == "calc"     ? kCalcHelp
                           : name == "sweep"    ? kSweepHelp
                           : name == "corpus"   ? kCorpusHelp
                           : name == "coverage" ? kCoverageHelp
                                                : nullptr;
    return examples == nullptr ? CLI::Formatter::make_description(app) : std::string(examples) + "\n";
  }
};

/// Further forms of the report, for run, replay, check and report.
template <class Options>
void add_report_options(CLI::App& command, Options& o) {
  command.add_option("--html", o.html, "write the report as one HTML page that opens from disk")->type_name("FILE");
  command.add_option("--junit", o.junit, "write the verdict as JUnit XML")->type_name("FILE");
  command.add_option("--annotate", o.annotate, "github: say a failure on stderr as GitHub Actions shows it (default there), or none")->type_name("github|none");
}

void add_run(CLI::App& app, RunOptions& o, int& code) {
  CLI::App* run = app.add_subcommand("run", "run a vector or a test on RTL and model in lockstep");
  run->add_option("VECTOR", o.vector, "vector file (docs/vectors.md)")->type_name("FILE");
  run->add_option("--test", o.test, "named test instead of a file; `assay list` names them")->type_name("NAME");
  run->add_option("--config", o.config, "hardware variant: name under rtl/configs/, or a file (default int8_8x8)")->type_name("NAME|FILE");
  run->add_option("--seed", o.seed, "decimal or 0x hex (default 1)")->type_name("S");
  run->add_option("--stall", o.stall, "none, light, heavy, burst, random, or stream=profile,… (default: as the vector says)")->type_name("PROFILE");
  run->add_option("--max-mismatches", o.max_mismatches, "differing elements listed before the run stops (default 16)")->type_name("N");
  run->add_option("--cycles", o.cycles, "stop after N cycles, compare every memory and judge as usual")->type_name("N");
  run->add_option("--timeout", o.timeout, "give up after so many seconds (exit 4)")->type_name("S");
  run->add_option("--fault", o.faults, "flip one bit of the RTL: BLOCK.NAME[i][j]:BIT@CYCLE; may be repeated")->type_name("FAULT")->allow_extra_args(false);
  run->add_option("--path", o.path, "inplace (default), or dpi: tb/npu_tile_tb.sv with the bound checker; the record is the same")->type_name("P");
  run->add_flag("--no-rtl", o.no_rtl, "the model alone; its outputs are judged, nothing is built");
  run->add_flag("--resync", o.resync, "after a mismatch take over each of the RTL's values and list where it leaves the rules by itself");
  run->add_option("--record", o.record, "write what goes into the RTL and what is observed of it into this file, for `assay check`")->type_name("FILE");
  run->add_option("--coverage", o.coverage, "write which functional coverage bins the run hit (docs/coverage.md)")->type_name("FILE");
  run->add_option("--waves", o.waves, kWavesHelp)->type_name("W");
  run->add_option("--out", o.out, "leave record and report in this directory, also of a pass")->type_name("DIR");
  run->add_option("--json", o.json, "write the record to a file, or with - to stdout (the report then goes to stderr)")->type_name("FILE|-");
  add_report_options(*run, o);
  run->callback([&o, &code] { code = run_command(o); });
}

void add_replay(CLI::App& app, ReplayOptions& o, int& code) {
  CLI::App* replay = app.add_subcommand("replay", "run a recorded failure again: same bits, or what differs");
  replay->add_option("DIR|TOKEN", o.what, "directory that a run left, or the token of its record")->required();
  replay->add_option("--timeout", o.timeout, "give up after so many seconds (exit 4)")->type_name("S");
  replay->add_option("--record", o.record, "write what goes into the RTL and what is observed of it into this file, for `assay check`")->type_name("FILE");
  replay->add_option("--waves", o.waves, kWavesHelp)->type_name("W");
  replay->add_option("--out", o.out, "leave record, report and vector in this directory")->type_name("DIR");
  replay->add_option("--json", o.json, "write the record to a file, or with - to stdout (the report then goes to stderr)")->type_name("FILE|-");
  add_report_options(*replay, o);
  replay->callback([&o, &code] { code = replay_command(o); });
}

void add_shrink(CLI::App& app, ShrinkOptions& o, int& code) {
  CLI::App* shrink = app.add_subcommand("shrink", "the smallest vector that fails like a recorded one");
  shrink->add_option("DIR", o.directory, "directory that a failed run left")->required();
  shrink->add_option("--out", o.out, "leave the smaller failure in this directory (default DIR-shrunk)")->type_name("DIR");
  shrink->add_option("--json", o.json, "write the record to a file, or with - to stdout (the report then goes to stderr)")->type_name("FILE|-");
  shrink->add_option("--timeout", o.timeout, "stop after so many seconds and keep the best so far")->type_name("S");
  shrink->callback([&o, &code] { code = shrink_command(o); });
}

void add_check(CLI::App& app, CheckOptions& o, int& code) {
  CLI::App* check = app.add_subcommand("check", "model and compare on a recorded stream, no RTL");
  check->add_option("FILE", o.file, "what --record wrote")->required();
  check->add_option("--timeout", o.timeout, "give up after so many seconds (exit 4)")->type_name("S");
  check->add_option("--waves", o.waves, kWavesHelp)->type_name("W");
  check->add_option("--out", o.out, "leave record, report and vector in this directory")->type_name("DIR");
  check->add_option("--json", o.json, "write the record to a file, or with - to stdout (the report then goes to stderr)")->type_name("FILE|-");
  add_report_options(*check, o);
  check->callback([&o, &code] { code = check_command(o); });
}

void add_report(CLI::App& app, ReportOptions& o, int& code) {
  CLI::App* report = app.add_subcommand("report", "a run's or a sweep's report again, from its record or results");
  report->add_option("DIR|FILE", o.what, "directory that a run or a sweep left, or a record that --json wrote")->required();
  report->add_option("--json", o.json, "write the record, or a sweep's report, to a file, or with - to stdout")->type_name("FILE|-");
  add_report_options(*report, o);
  report->callback([&o, &code] { code = report_command(o); });
}

void add_list(CLI::App& app, ListOptions& o, int& code) {
  CLI::App* list = app.add_subcommand("list", "tests, configs, or the observed fields of a config");
  list->add_flag("--configs", o.configs, "the shipped hardware variants");
  list->add_flag("--fields", o.fields, "every observed field of --config");
  list->add_option("--config", o.config, "name or file (default int8_8x8)")->type_name("NAME|FILE");
  list->add_flag("--json", o.json, "as JSON");
  list->add_flag("--sv", o.sv, "with --fields: npu_observation.svh for the SystemVerilog checker of --config NAME,… (docs/dpi.md)");
  list->callback([&o, &code] { code = list_command(o); });
}

void add_calc(CLI::App& app, CalcOptions& o, int& code) {
  CLI::App* calc = app.add_subcommand("calc", "one arithmetic primitive on operands from stdin");
  calc->add_option("OP", o.op, "mac, decode, cast or requant")->required();
  calc->add_option("--format", o.format, "mac: of a and, without --format-b, of b (default int8); decode: of the code")->type_name("F");
  calc->add_option("--format-b", o.format_b, "mac: format of b")->type_name("F");
  calc->add_option("--from", o.from, "cast: format of the operand")->type_name("F");
  calc->add_option("--to", o.to, "cast: format of the result")->type_name("F");
  calc->add_flag("--saturate", o.saturate, "cast: overflow and infinity give the largest finite value");
  calc->add_option("--round", o.round, "cast: rne, or stochastic:SEED with the generator of lane 0 (default rne)")->type_name("R");
  calc->add_option("--mode", o.mode, "requant: double or single (default double)")->type_name("M");
  calc->add_flag("--rtl", o.rtl, "the Verilated unit answers instead of the model");
  calc->add_flag("--explain", o.explain, "print the steps as # lines before each result");
  calc->callback([&o, &code] { code = calc_command(o); });
}

void add_corpus(CLI::App& app, CorpusOptions& o, int& code) {
  CLI::App* corpus = app.add_subcommand("corpus", "programs chosen by the cover bins they reach, as a suite");
  corpus->add_option("--config", o.configs, "hardware variant, name or file; may be repeated (default: all shipped)")
      ->type_name("NAME|FILE")
      ->allow_extra_args(false);
  corpus->add_option("--commands", o.commands, "commands given to the model for each config (default 200000)")->type_name("N");
  corpus->add_option("--seed", o.seed, "decimal or 0x hex (default 1)")->type_name("S");
  corpus->add_option("--out", o.out, "write CONFIG.yaml, a suite, into this directory")->type_name("DIR");
  corpus->add_flag("--compare", o.compare, "the same number of commands drawn without feedback, too");
  corpus->add_option("--json", o.json, "write what was reached to a file, or with - to stdout")->type_name("FILE|-");
  corpus->callback([&o, &code] { code = corpus_command(o); });
}

void add_small(CLI::App& app, bool& json, int& code) {
  CLI::App* targets = app.add_subcommand("targets", "what can be run");
  targets->add_flag("--json", json, "as JSON");
  targets->callback([&json, &code] { code = targets_command(json); });
  CLI::App* doctor = app.add_subcommand("doctor", "whether tools, cache and data are there (exit 0, or 3 when something is missing)");
  doctor->add_flag("--json", json, "as JSON");
  doctor->callback([&json, &code] { code = doctor_command(json); });
}

void add_bench(CLI::App& app, int& code) {
  CLI::App* bench = app.add_subcommand("bench", "speed of bare RTL, model and lockstep; --help for its options");
  bench->set_help_flag();
  bench->prefix_command();
  bench->callback([bench, &code] { code = bench_main(bench->remaining()); });
}

void add_prove(CLI::App& app, int& code) {
  CLI::App* prove = app.add_subcommand("prove", "RTL and model of the datapath equal the specification for all inputs; --help for its options");
  prove->set_help_flag();
  prove->prefix_command();
  prove->callback([prove, &code] { code = prove_main(prove->remaining()); });
}

/// The first word when it is no subcommand: CLI11 would only say that one is required.
std::string unknown_subcommand(const CLI::App& app, int argc, char** argv) {
  std::string names;
  for (const CLI::App* sub : app.get_subcommands({})) {
    if (argc > 1 && sub->get_name() == argv[1]) return {};
    names += (names.empty() ? "" : ", ") + sub->get_name();
  }
  if (argc < 2) return "command line:1: SUBCOMMAND: missing, expected one of " + names;
  return argv[1][0] == '-' ? "" : "command line:1: SUBCOMMAND: is '" + std::string(argv[1]) + "', expected one of " + names;
}

/// Parses and runs. A parse error prints what is wrong and where help is.
int run_app(int argc, char** argv) {
  CLI::App app("", "assay");
  const auto formatter = std::make_shared<ExamplesFirst>();
  formatter->column_width(30);
  app.formatter(formatter);
  app.set_version_flag("--version", std::string("assay ") + assay_version());
  app.require_subcommand(1);
  int code = kPass;
  RunOptions run;
  run.command_line.assign(argv, argv + argc);
  ReplayOptions replay;
  replay.command_line = run.command_line;
  ShrinkOptions shrink;
  shrink.command_line = run.command_line;
  CheckOptions check;
  check.command_line = run.command_line;
  ReportOptions report;
  ListOptions list;
  CalcOptions calc;
  SweepOptions sweep;
  sweep.command_line = run.command_line;
  ResumeOptions resume;
  CorpusOptions corpus;
  CoverageOptions coverage;
  bool json = false;
  add_run(app, run, code);
  add_replay(app, replay, code);
  add_shrink(app, shrink, code);
  add_check(app, check, code);
  add_report(app, report, code);
  add_list(app, list, code);
  add_calc(app, calc, code);
  add_small(app, json, code);
  add_bench(app, code);
  add_sweep(app, sweep, code);
  add_resume(app, resume, code);
  add_corpus(app, corpus, code);
  add_prove(app, code);
  add_coverage(app, coverage, code);
  if (const std::string unknown = unknown_subcommand(app, argc, argv); !unknown.empty()) throw InputError(unknown + "; `assay --help` shows examples");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    const auto chosen = app.get_subcommands();
    std::fprintf(stderr, "command line:1: %s; `assay %s--help` says what is expected\n", error.what(),
                 chosen.empty() ? "" : (chosen[0]->get_name() + " ").c_str());
    return kUsage;
  }
  return code;
}

/// Messages about the command line come without a place from the libraries that know no command line.
void print_error(const std::string& message) { std::fprintf(stderr, "%s%s\n", message.starts_with("--") ? "command line:1: " : "", message.c_str()); }

/// A compiler can write pages: its first lines say it.
std::string first_lines(const std::string& text, size_t count) {
  size_t at = 0;
  for (size_t i = 0; i < count && at != std::string::npos; ++i) at = text.find('\n', at + (i > 0));
  if (at == std::string::npos || text.find_first_not_of('\n', at) == std::string::npos) return text;
  return text.substr(0, at) + "\n… and " + std::to_string(std::count(text.begin() + static_cast<ptrdiff_t>(at), text.end(), '\n')) + " more lines";
}

int guarded(const std::function<int()>& body) {
  try {
    return body();
  } catch (const npu::DataMissing& missing) {
    std::fprintf(stderr, "skipped: %s\n", missing.what());
    return kNothing;
  } catch (const InputError& error) {
    print_error(error.what());
    return kUsage;
  } catch (const sweep::StorageError& error) {
    std::fprintf(stderr, "assay: %s\n", error.what());
    return kRetry;
  } catch (const BuildError& error) {
    std::fprintf(stderr, "assay: build: %s\n", first_lines(error.what(), kErrorLines).c_str());
    return kBuild;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "assay: internal error: %s\n", error.what());
    return kBuild;
  }
}

}  // namespace
}  // namespace assay::cli

int main(int argc, char** argv) {
  using namespace assay::cli;
  start_log();
  if (argc > 1 && std::string(argv[1]) == "sweep-worker") return guarded([&] { return sweep_worker_main({argv + 2, argv + argc}); });
  if (argc > 1 && std::string(argv[1]) == "sweep-rtl-coverage") return guarded([&] { return rtl_coverage_main({argv + 2, argv + argc}); });
  const int code = guarded([&] { return run_app(argc, argv); });
  return interrupted() ? kInterrupted : code;
}
