// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "cosim/npu/generated.hpp"
#include "cosim/npu/stimulus/program.hpp"
#include "cosim/npu/vector.hpp"
#include "cosim/npu/vector_yaml.hpp"

namespace assay::npu {
namespace {

constexpr int64_t kDenseCycles = 1000000;

struct Generated {
  const char* name;
  const char* description;
  Program (*make)(const HwConfig&, const LoadOptions&);
};

const std::vector<Generated>& generated() {
  static const std::vector<Generated> tests{
      {"gemm", "random products around the tile's sizes in mixed modes", [](const HwConfig& c, const LoadOptions& o) { return make_gemm_test(c, o.seed); }},
      {"stress", "400 random commands of every kind, legal and illegal", [](const HwConfig& c, const LoadOptions& o) { return make_stress_test(c, o.seed); }},
      {"reset", "random commands with resets in the middle of their work", [](const HwConfig& c, const LoadOptions& o) { return make_reset_test(c, o.seed); }},
      {"dense", "a million cycles of back-to-back tiles: the benchmark",
       [](const HwConfig& c, const LoadOptions& o) { return make_dense(c, kDenseCycles, o.seed); }},
      {"minimal", "one weight, one activation, one result", [](const HwConfig& c, const LoadOptions&) { return make_minimal_test(c); }},
      {"maximal", "every size at its limit with extreme operands", [](const HwConfig& c, const LoadOptions&) { return make_maximal_test(c); }},
  };
  return tests;
}

/// Programs of scenes, whose names may go on with dials: `program:order=job,values=ties`.
struct Dialled {
  const char* name;
  const char* description;
  int commands;
};

constexpr std::array<Dialled, 2> kDialled{{
    {"program", "250 commands as whole jobs, crowded units, solved results, resets; `program:dial=setting,…` leans them (docs/stimulus.md)", kProgramCommands},
    {"program_long", "the same with 4,000 commands", kLongProgramCommands},
}};

/// The dialled test that the name begins with, and the text of its dials; nothing when the name is another's.
std::pair<const Dialled*, std::string> dialled(const std::string& name) {
  const size_t colon = std::min(name.find(':'), name.size());
  for (const Dialled& test : kDialled)
    if (name.substr(0, colon) == test.name) return {&test, name.substr(std::min(colon + 1, name.size()))};
  return {nullptr, ""};
}

/// Test name → file: the file's stem, or its path below vectors/ without extension where stems collide.
std::map<std::string, std::filesystem::path> vector_files(const LoadOptions& options) {
  const std::filesystem::path root = options.project_root / "vectors";
  std::map<std::string, std::vector<std::filesystem::path>> by_stem;
  if (std::filesystem::is_directory(root))
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
      if (entry.is_regular_file() && entry.path().extension() == ".yaml" && entry.path().parent_path() != root / "suites")
        by_stem[entry.path().stem().string()].push_back(entry.path());
  std::map<std::string, std::filesystem::path> out;
  for (auto& [stem, files] : by_stem)
    for (const auto& file : files) out[files.size() == 1 ? stem : std::filesystem::relative(file, root).replace_extension().generic_string()] = file;
  return out;
}

/// A vector that cannot be read is listed all the same: running it says what is wrong.
TestInfo info_of(const std::string& name, const std::filesystem::path& file) {
  try {
    const VectorNode root = VectorNode::load(file);
    const auto text = root.find("description");
    return {name, text ? text->text() : "", vector_needs(file), file.parent_path().filename().string()};
  } catch (const InputError&) {
    return {name, "(unreadable)", {}, file.parent_path().filename().string()};
  }
}

}  // namespace

std::vector<TestInfo> list_tests(const LoadOptions& options) {
  std::vector<TestInfo> out;
  for (const Generated& test : generated()) out.push_back({test.name, test.description, {}, ""});
  for (const Dialled& test : kDialled) out.push_back({test.name, test.description, {}, ""});
  for (const auto& [name, file] : vector_files(options)) out.push_back(info_of(name, file));
  return out;
}

std::optional<TestInfo> find_test(const std::string& name, const std::vector<TestInfo>& tests) {
  for (const TestInfo& test : tests)
    if (test.name == name) return test;
  const auto [test, dials] = dialled(name);
  if (test == nullptr) return std::nullopt;
  Dials::parse(dials, name);
  return TestInfo{name, test->description, {}, ""};
}

Program make_test(const std::string& name, const HwConfig& config, const LoadOptions& options) {
  for (const Generated& test : generated())
    if (name == test.name) return test.make(config, options);
  if (const auto [test, dials] = dialled(name); test != nullptr) {
    Program program = make_program(config, options.seed, Dials::parse(dials, "--test: " + name), test->commands);
    program.name = name;
    return program;
  }
  const auto files = vector_files(options);
  if (const auto found = files.find(name); found != files.end()) return load_vector(found->second, config, options);
  std::string known;
  for (const Generated& test : generated()) known += (known.empty() ? "" : ", ") + std::string(test.name);
  for (const Dialled& test : kDialled) known += std::string(", ") + test.name;
  for (const auto& [other, file] : files) known += ", " + other;
  throw InputError("--test: no test '" + name + "', expected one of " + known);
}

}  // namespace assay::npu
