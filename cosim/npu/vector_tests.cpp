// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "cosim/npu/generated.hpp"
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
  for (const auto& [name, file] : vector_files(options)) out.push_back(info_of(name, file));
  return out;
}

Program make_test(const std::string& name, const HwConfig& config, const LoadOptions& options) {
  for (const Generated& test : generated())
    if (name == test.name) return test.make(config, options);
  const auto files = vector_files(options);
  if (const auto found = files.find(name); found != files.end()) return load_vector(found->second, config, options);
  std::string known;
  for (const Generated& test : generated()) known += (known.empty() ? "" : ", ") + std::string(test.name);
  for (const auto& [other, file] : files) known += ", " + other;
  throw InputError("--test: no test '" + name + "', expected one of " + known);
}

}  // namespace assay::npu
