// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/sweep_plan.hpp"

#include <algorithm>
#include <map>

#include "cosim/cli/run_options.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/dut_builder.hpp"
#include "cosim/npu/stimulus/corpus.hpp"
#include "cosim/npu/vector.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> suite_names() {
  std::vector<std::string> names;
  const fs::path folder = project_root() / "vectors/suites";
  if (!fs::is_directory(folder)) return names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".yaml" && entry.path().stem() != "waivers") names.push_back(entry.path().stem().string());  // those of coverage
  std::sort(names.begin(), names.end());
  return names;
}

/// Makes cases out of a suite's entries.
class Expansion {
 public:
  explicit Expansion(sweep::Manifest& manifest) : manifest_(manifest) {
    npu::LoadOptions load;
    load.project_root = project_root();
    tests_ = npu::list_tests(load);
  }

  void add(const sweep::SuiteEntry& entry) {
    using Kind = sweep::SuiteEntry::Kind;
    for (const std::string& stall : entry.stalls) check_stall(entry, stall);
    for (const std::string& name : entry.names) {
      if (entry.kind == Kind::Test) add_test(entry, named(entry, name));
      if (entry.kind == Kind::Folder) add_folder(entry, name);
      if (entry.kind == Kind::File) add_file(entry, name);
      if (entry.kind == Kind::Corpus) add_corpus(entry);
    }
  }

 private:
  static void check_stall(const sweep::SuiteEntry& entry, const std::string& stall) {
    try {
      if (!stall.empty()) npu::parse_stall(stall, 1);
    } catch (const InputError&) {
      entry.where.fail("has stall '" + stall + "', expected none, light, heavy, burst, random, or stream=profile,…");
    }
  }

  npu::TestInfo named(const sweep::SuiteEntry& entry, const std::string& name) const {
    try {
      if (auto test = npu::find_test(name, tests_)) return *test;
    } catch (const InputError& error) {
      entry.where.fail(std::string("names ") + error.what());
    }
    std::vector<std::string> known;
    for (const npu::TestInfo& test : tests_) known.push_back(test.name);
    entry.where.fail("names '" + name + "', expected one of " + joined(known));
  }

  void add_test(const sweep::SuiteEntry& entry, const npu::TestInfo& test) { add_configs(entry, test.name, "", test.needs); }

  void add_folder(const sweep::SuiteEntry& entry, const std::string& folder) {
    bool any = false;
    for (const npu::TestInfo& test : tests_) {
      if (test.folder != folder) continue;
      any = true;
      add_configs(entry, test.name, "", test.needs, true);
    }
    if (!any) entry.where.fail("names '" + folder + "', expected a folder below vectors/ with vectors in it");
  }

  void add_file(const sweep::SuiteEntry& entry, const std::string& name) {
    const fs::path file = entry.folder / name;
    if (!fs::is_regular_file(file)) entry.where.fail("names '" + name + "', expected a vector file beside the suite");
    add_configs(entry, file.stem().string(), fs::weakly_canonical(fs::absolute(file)).string(), npu::vector_needs(file));
  }

  /// The programs that coverage chooses for each config, of the suite's seed, as listed seeds.
  void add_corpus(const sweep::SuiteEntry& entry) {
    for (const std::string& name : entry.configs.empty() ? config_names() : entry.configs) {
      const npu::Corpus corpus = npu::grow_corpus(config(entry, name), npu::Guidance::Feedback, manifest_.seed, entry.commands);
      for (const npu::CorpusEntry& program : corpus.entries) {
        sweep::SuiteEntry one = entry;
        one.listed = {{program.seed, program.seed}};
        add_cases(one, program.test, "", name);
      }
    }
  }

  const HwConfig& config(const sweep::SuiteEntry& entry, const std::string& name) {
    if (const auto found = configs_.find(name); found != configs_.end()) return found->second;
    try {
      return configs_.emplace(name, load_config(config_file(name))).first->second;
    } catch (const InputError& error) {
      entry.where.fail("has config '" + name + "': " + error.what());
    }
  }

  /// Of a folder, vectors that do not fit a config named by the entry are left out; a test named with it must fit.
  void add_configs(const sweep::SuiteEntry& entry, const std::string& test, const std::string& file, const npu::Needs& needs, bool choose = false) {
    const bool all = entry.configs.empty();
    for (const std::string& name : all ? config_names() : entry.configs) {
      if (needs.fit(config(entry, name))) {
        add_cases(entry, test, file, name);
      } else if (!all && !choose) {
        entry.where.fail("runs '" + test + "' on " + name + ", expected a config with what the vector needs");
      }
    }
  }

  void add_cases(const sweep::SuiteEntry& entry, const std::string& test, const std::string& file, const std::string& config_name) {
    const sweep::Build build{config_name, config_hash(configs_.at(config_name))};
    if (std::find(manifest_.builds.begin(), manifest_.builds.end(), build) == manifest_.builds.end()) manifest_.builds.push_back(build);
    for (const std::string& stall : entry.stalls) {
      const auto which = static_cast<uint32_t>(manifest_.cases.size());
      manifest_.cases.push_back({test, file, config_name, stall, entry.stage, entry.tags, entry.timeout, entry.drawn});
      for (const auto& [from, to] : entry.listed) manifest_.listed.push_back({which, from, to});
    }
  }

  sweep::Manifest& manifest_;
  std::vector<npu::TestInfo> tests_;
  std::map<std::string, HwConfig> configs_;
};

}  // namespace

fs::path suite_file(const std::string& text) {
  const bool is_file = text.find('/') != std::string::npos || text.ends_with(".yaml") || text.ends_with(".yml");
  const fs::path file = is_file ? fs::path(text) : project_root() / "vectors/suites" / (text + ".yaml");
  if (fs::is_regular_file(file)) return file;
  if (is_file) throw InputError("command line:1: --suite: '" + text + "' cannot be read, expected a suite file");
  throw InputError("command line:1: --suite: no suite '" + text + "', expected a file or one of " + joined(suite_names()));
}

std::string program_file_hash() {
  static const std::string hash = hex64(fnv1a(read_file("/proc/self/exe")));
  return hash;
}

sweep::Manifest make_manifest(const fs::path& file) {
  const sweep::Suite suite = sweep::load_suite(file);
  sweep::Manifest manifest;
  manifest.suite = suite.name;
  manifest.description = suite.description;
  manifest.gates = suite.gates;
  manifest.seed = suite.seed;
  manifest.target = "npu";
  manifest.sources = npu::rtl_source_hash();
  manifest.program = program_file_hash();
  Expansion expansion(manifest);
  for (const sweep::SuiteEntry& entry : suite.first) expansion.add(entry);
  for (const sweep::SuiteEntry& entry : suite.tests) expansion.add(entry);
  return manifest;
}

}  // namespace assay::cli
