// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/coverage.hpp"

#include <cstdio>
#include <filesystem>
#include <map>

#include "cosim/cli/coverage_export.hpp"
#include "cosim/cli/coverage_summary.hpp"
#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/record.hpp"
#include "cosim/cli/run.hpp"
#include "cosim/cli/run_options.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/coverage/rank.hpp"
#include "cosim/sweep/run_folder.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

/// RUN/coverage.json for a directory of a sweep.
fs::path file_of(const std::string& input) {
  if (!fs::is_directory(input)) {
    if (!fs::is_regular_file(input)) throw InputError("command line:1: FILE: '" + input + "' cannot be read, expected a coverage file or a sweep's directory");
    return input;
  }
  const fs::path file = fs::path(input) / "coverage.json";
  if (fs::is_regular_file(file)) return file;
  throw InputError("command line:1: FILE: '" + input + "' holds no coverage.json, expected a directory of a sweep that sampled coverage and was reported");
}

coverage::Results merged(const CoverageOptions& options) {
  coverage::Results all;
  for (const std::string& input : options.inputs) all.merge(coverage::Results::load(file_of(input)));
  return all;
}

std::vector<coverage::Waiver> waivers(const CoverageOptions& options) {
  if (options.waivers == "none") return {};
  return waivers_of(options.waivers.empty() ? default_waivers() : fs::path(options.waivers));
}

void check_files(const CoverageOptions& options) {
  for (const std::string& file : {options.json, options.html, options.lcov, options.verilator, options.out}) {
    RunOptions destination;
    destination.json = file;
    check_destinations(destination);
  }
}

/// The vectors of a sweep, or a file as one vector; bins are numbered over all builds by name.
class Candidates {
 public:
  void add_file(const std::string& input) {
    const coverage::Results results = coverage::Results::load(file_of(input));
    std::vector<uint32_t> bins;
    for (const auto& [name, point] : results.points())
      for (const auto& [label, cell] : point.bins)
        if (cell.kind == coverage::BinKind::Normal && cell.hits > 0) bins.push_back(number(name + "/" + label));
    add(input, std::move(bins));
  }

  void add_sweep(const std::string& directory) {
    const sweep::Manifest manifest = sweep::Manifest::load(directory);
    const CoverageSpaces spaces = coverage_spaces(manifest);
    if (spaces.empty()) throw InputError("command line:1: FILE: '" + directory + "' is a sweep without coverage, expected one with it");
    std::map<std::string, std::vector<int64_t>> numbers;  // of each build's bins; -1: not wanted
    for (const auto& [config, space] : spaces)
      for (uint32_t bin = 0; bin < space->size(); ++bin)
        numbers[config].push_back(space->kind(bin) == coverage::BinKind::Normal ? int64_t{number(space->name(bin))} : -1);
    const sweep::Plan plan = manifest.plan();
    const sweep::CoverageTally tally(manifest);
    const sweep::RunFolder folder(directory, manifest.hash());
    for (const sweep::Chunk chunk : folder.chunks().present(false)) {
      const auto lines = folder.chunks().read(chunk, plan, nullptr);
      if (!lines) continue;
      for (const auto& [at, line] : *lines) {
        uint64_t index = 0;
        uint32_t which = 0;
        const auto hits = tally.hits_of(line, &index, &which);
        if (!hits) continue;
        const sweep::Case& one = manifest.cases[which];
        std::vector<uint32_t> bins;
        hits->each([&](uint32_t bin) {
          if (const int64_t n = numbers.at(one.config)[bin]; n >= 0) bins.push_back(static_cast<uint32_t>(n));
        });
        const std::string stall = one.stall.empty() ? "" : " --stall " + one.stall;
        add((one.file.empty() ? "--test " + one.test : one.file) + " --config " + one.config + " --seed " + seed_text(plan.at(index).seed) + stall,
            std::move(bins));
      }
    }
  }

  const std::vector<coverage::Candidate>& list() const { return list_; }
  uint32_t bins() const { return static_cast<uint32_t>(numbers_.size()); }

 private:
  uint32_t number(const std::string& name) { return numbers_.emplace(name, bins()).first->second; }
  void add(const std::string& name, std::vector<uint32_t> bins) { list_.push_back({name, std::move(bins)}); }

  std::map<std::string, uint32_t> numbers_;
  std::vector<coverage::Candidate> list_;
};

int code_of(const CoverageOptions& options, const coverage::Judged& judged) {
  if (!judged.illegal.empty()) return kBuild;
  if (options.gate.empty()) return kPass;
  const auto gate = static_cast<double>(parse_count("--gate", options.gate, 0, 100));
  if (judged.percent() >= gate) return kPass;
  std::fprintf(stderr, "assay: gate not met: coverage is %s %%, at least %s wanted\n", fixed(judged.percent(), 2).c_str(), options.gate.c_str());
  return kGate;
}

void print(const CoverageOptions& options, const Json& json, const std::string& text) {
  if (options.json == "-") std::fputs(json_text(json).c_str(), stdout);
  if (!options.json.empty() && options.json != "-") write_file(options.json, json_text(json));
  std::fputs(text.c_str(), options.json == "-" ? stderr : stdout);
}

}  // namespace

int coverage_merge(const CoverageOptions& options) {
  if (options.out.empty()) throw InputError("command line:1: --out: missing, expected the file to write");
  check_files(options);
  const coverage::Results all = merged(options);
  write_file(options.out, json_text(all.json()));
  const coverage::Totals totals = all.totals();
  std::printf("%s: %s of %s bins hit, %s vectors\n", options.out.c_str(), grouped(totals.hit).c_str(), grouped(totals.bins).c_str(),
              grouped(all.vectors()).c_str());
  return kPass;
}

int coverage_report(const CoverageOptions& options) {
  check_files(options);
  if (!options.gate.empty()) parse_count("--gate", options.gate, 0, 100);
  const coverage::Results all = merged(options);
  const auto list = waivers(options);
  const coverage::Judged judged = coverage::judge(all, list, today());
  const Json summary = coverage_summary(all, judged);
  if (!options.html.empty()) write_file(options.html, render_coverage_html(all, summary));
  if (!options.lcov.empty()) write_file(options.lcov, render_lcov(all));
  if (!options.verilator.empty()) write_file(options.verilator, render_verilator(all));
  std::string text = render_coverage(summary, 0) + "\nsection    bins     hit  waived\n";
  for (const Json& section : summary.at("sections")) {
    text += pad_right(section.at("section"), 8);
    for (const char* key : {"bins", "hit", "waived"}) text += pad_left(grouped(section.at(key).get<uint64_t>()), key[0] == 'b' ? 7 : 8);
    text += "\n";
  }
  print(options, summary, text);
  return code_of(options, judged);
}

int coverage_holes(const CoverageOptions& options) {
  check_files(options);
  const coverage::Results all = merged(options);
  const auto list = waivers(options);
  const Json summary = coverage_summary(all, coverage::judge(all, list, today()));
  std::string text;
  for (const Json& hole : summary.at("holes")) {
    text +=
        hole.at("bin").get<std::string>() + "\n    section " + hole.at("section").get<std::string>() + "; reach: " + hole.at("reach").get<std::string>() + "\n";
    if (!hole.at("waiver").is_null()) text += "    waived: " + hole.at("waiver").get<std::string>() + "\n";
  }
  print(options, summary.at("holes"), text.empty() ? "no holes\n" : text);
  return kPass;
}

int coverage_rank(const CoverageOptions& options) {
  check_files(options);
  const uint64_t most = options.most.empty() ? ~uint64_t{0} : parse_count("--most", options.most, 1);
  Candidates candidates;
  for (const std::string& input : options.inputs) fs::exists(fs::path(input) / sweep::kManifestName) ? candidates.add_sweep(input) : candidates.add_file(input);
  Json places = Json::array();
  std::string text = "   adds   alone   total  vector\n";
  for (const coverage::Ranked& one : coverage::rank(candidates.list(), candidates.bins())) {
    if (places.size() >= most) break;
    const std::string& name = candidates.list()[one.candidate].name;
    places.push_back({{"vector", name}, {"adds", one.adds}, {"alone", one.alone}, {"total", one.total}});
    text += pad_left(grouped(one.adds), 7) + pad_left(grouped(one.alone), 8) + pad_left(grouped(one.total), 8) + "  " + name + "\n";
  }
  print(options, places, text);
  return kPass;
}

void add_coverage(CLI::App& app, CoverageOptions& o, int& code) {
  CLI::App* all = app.add_subcommand("coverage", "functional coverage: merge, report, holes, rank");
  all->require_subcommand(1);
  const auto sub = [&](const char* name, const char* about, int (*run)(const CoverageOptions&)) {
    CLI::App* command = all->add_subcommand(name, about);
    command->add_option("FILE|DIR", o.inputs, "files that `assay run --coverage` or merge wrote, directories of sweeps")->required();
    command->callback([&o, &code, run] { code = run(o); });
    return command;
  };
  const auto json = [&](CLI::App* command) { command->add_option("--json", o.json, "write it as JSON to a file, or with - to stdout")->type_name("FILE|-"); };
  const auto waivers = [&](CLI::App* command) {
    command->add_option("--waivers", o.waivers, "file of waivers, or none (default: vectors/suites/waivers.yaml)")->type_name("FILE|none");
  };
  sub("merge", "several files into one", coverage_merge)->add_option("--out", o.out, "file to write")->type_name("FILE");
  CLI::App* report = sub("report", "per cent, by section of the specification", coverage_report);
  json(report), waivers(report);
  report->add_option("--html", o.html, "write a page that goes from bin to section to RTL line")->type_name("FILE");
  report->add_option("--lcov", o.lcov, "write an lcov tracefile: bins as lines and branches of specification and RTL")->type_name("FILE");
  report->add_option("--verilator", o.verilator, "write a database that verilator_coverage reads")->type_name("FILE");
  report->add_option("--gate", o.gate, "least per cent (exit 5 when it is less)")->type_name("P");
  CLI::App* holes = sub("holes", "every bin that nothing hit, with the stimulus that reaches it", coverage_holes);
  json(holes), waivers(holes);
  CLI::App* rank = sub("rank", "vectors in the order in which they give most", coverage_rank);
  json(rank);
  rank->add_option("--most", o.most, "list so many at most")->type_name("N");
}

}  // namespace assay::cli
