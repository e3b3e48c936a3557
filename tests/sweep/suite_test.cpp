// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/suite.hpp"

#include <yaml-cpp/yaml.h>

#include "model/common/config.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using namespace assay;
using test::Folder;

namespace {

/// What load_suite says about this text, without the folder; empty when it takes it.
std::string complaint(const Folder& folder, const std::string& text) {
  folder.write("s.yaml", text);
  try {
    sweep::load_suite(folder.path() / "s.yaml");
    return {};
  } catch (const InputError& error) {
    const std::string what = error.what(), start = folder.path().string() + "/";
    return what.starts_with(start) ? what.substr(start.size()) : what;
  }
}

/// YAML as JSON: plain scalars that read as numbers are numbers.
Json json_of(const YAML::Node& node) {
  if (node.IsMap()) {
    Json out = Json::object();
    for (const auto& item : node) out[item.first.Scalar()] = json_of(item.second);
    return out;
  }
  if (node.IsSequence()) {
    Json out = Json::array();
    for (const auto& item : node) out.push_back(json_of(item));
    return out;
  }
  const bool number = node.Tag() != "!" && !node.Scalar().empty() && node.Scalar().find_first_not_of("0123456789.-") == std::string::npos;
  return number ? parse_json(node.Scalar()) : Json(node.Scalar());
}

}  // namespace

TEST_CASE("suite: names, seeds, stall profiles, gates and the suites that run first are read") {
  const Folder folder;
  folder.write("first.yaml", "schema: assay/suite/1\ntests:\n  - {test: a, seeds: [1, 0xffffffffffffffff]}\n");
  folder.write("s.yaml", R"(schema: assay/suite/1
seed: 0x10
timeout: 2
first: first.yaml
gates: {vectors: 3, mismatches: 1}
tests:
  - {test: [b, c], configs: all, seeds: 5, stall: [none, heavy], stage: V1, tags: x, timeout: 9}
  - {folder: d, configs: e, seeds: {from: 2, to: 4}}
)");
  const sweep::Suite suite = sweep::load_suite(folder.path() / "s.yaml");
  CHECK(suite.name == "s");
  CHECK(suite.seed == 16);
  CHECK(suite.gates == sweep::Gates{{"errors", 0}, {"inconclusive", 0}, {"mismatches", 1}, {"vectors", 3}});
  REQUIRE(suite.first.size() == 1);
  CHECK(suite.first[0].listed == std::vector<std::pair<uint64_t, uint64_t>>{{1, 1}, {UINT64_MAX, UINT64_MAX}});
  REQUIRE(suite.tests.size() == 2);
  CHECK(suite.tests[0].names == std::vector<std::string>{"b", "c"});
  CHECK(suite.tests[0].configs.empty());
  CHECK(suite.tests[0].drawn == 5);
  CHECK(suite.tests[0].timeout == 9);
  CHECK(suite.tests[1].timeout == 2);
  CHECK(suite.tests[1].kind == sweep::SuiteEntry::Kind::Folder);
  CHECK(suite.tests[1].listed == std::vector<std::pair<uint64_t, uint64_t>>{{2, 4}});
}

TEST_CASE("suite: what is wrong is told with file, line and key") {
  const Folder folder;
  const std::string head = "schema: assay/suite/1\n";
  CHECK(complaint(folder, "schema: assay/suite/2\ntests: []\n") == "s.yaml:1: schema: is 'assay/suite/2', expected assay/suite/1");
  CHECK(complaint(folder, head + "test: []\n").find("s.yaml:2: test: unknown key, expected schema") == 0);
  CHECK(complaint(folder, head).find("s.yaml:1: suite: has no tests") == 0);
  CHECK(complaint(folder, head + "tests:\n  - {seeds: 3}\n") == "s.yaml:3: tests[0]: has no test, folder, file or corpus, expected one of them");
  CHECK(complaint(folder, head + "tests:\n  - {test: a, file: b}\n").find("s.yaml:3: tests[0].file: stands beside tests[0].test") == 0);
  CHECK(complaint(folder, head + "tests:\n  - {test: a, corpus: 5}\n").find("s.yaml:3: tests[0].corpus: stands beside tests[0].test") == 0);
  CHECK(complaint(folder, head + "tests:\n  - {corpus: 5, seeds: 3}\n").find("s.yaml:3: tests[0].seeds: stands beside tests[0].corpus, which brings its own") ==
        0);
  CHECK(complaint(folder, head + "tests:\n  - {corpus: 0}\n").find("s.yaml:3: tests[0].corpus: is '0'") == 0);
  CHECK(complaint(folder, head + "tests:\n  - {test: a, seeds: 0}\n").find("s.yaml:3: tests[0].seeds: is '0', expected an integer from 1") == 0);
  CHECK(complaint(folder, head + "tests:\n  - {test: a, seeds: {from: 5, to: 4}}\n").find("s.yaml:3: tests[0].seeds.to: is '4'") == 0);
  CHECK(complaint(folder, head + "tests:\n  - {test: a, seeds: [0x10000000000000000]}\n").find("s.yaml:3: tests[0].seeds[0]: is") == 0);
  CHECK(complaint(folder, head + "tests:\n  - {test: a, timeout: 0}\n").find("s.yaml:3: tests[0].timeout: is '0'") == 0);
  CHECK(complaint(folder, head + "gates: {bugs: 1}\ntests: []\n").find("s.yaml:2: gates.bugs: unknown key") == 0);
  CHECK(complaint(folder, head + "first: none.yaml\ntests: []\n").find("s.yaml:2: first: 'none.yaml' cannot be read") == 0);
  folder.write("drawing.yaml", head + "tests:\n  - {test: a, seeds: 2}\n");
  CHECK(complaint(folder, head + "first: drawing.yaml\ntests: []\n").find("drawing.yaml:2: tests[0].test: draws its seeds") == std::string::npos);
  CHECK(complaint(folder, head + "first: drawing.yaml\ntests: []\n").find("draws its seeds") != std::string::npos);
  CHECK(complaint(folder, "a: [1\n").find("s.yaml:") == 0);
}

TEST_CASE("suite: names that no test, config or profile has are told where they stand") {
  const Folder folder;
  const auto told = [&folder](const std::string& entry) {
    folder.write("s.yaml", "schema: assay/suite/1\ntests:\n  - {" + entry + "}\n");
    const test::Answer answer = folder.assay("sweep --suite s.yaml --out run");
    CHECK(answer.code == 2);
    CHECK(!folder.has("run"));
    return answer.err;
  };
  CHECK(told("test: nothing").find("s.yaml:3: tests[0].test: names 'nothing', expected one of gemm, stress") == 0);
  CHECK(told("test: gemm, configs: int7").find("s.yaml:3: tests[0].test: has config 'int7': ") == 0);
  CHECK(told("test: gemm, stall: sometimes").find("s.yaml:3: tests[0].test: has stall 'sometimes', expected none") == 0);
  CHECK(told("test: 'program:order=down'").find("s.yaml:3: tests[0].test: names program:order=down: dial order is 'down', expected one of job") == 0);
  CHECK(told("folder: nowhere").find("s.yaml:3: tests[0].folder: names 'nowhere'") == 0);
  CHECK(told("file: missing.yaml").find("s.yaml:3: tests[0].file: names 'missing.yaml'") == 0);
  CHECK(told("test: hand_example, configs: fp_4x4").find("s.yaml:3: tests[0].test: runs 'hand_example' on fp_4x4, expected a config") == 0);
}

TEST_CASE("suite: every shipped suite follows the schema and its names stand") {
  for (const char* name : {"regress", "quick", "nightly"}) {
    const std::string file = std::string(ASSAY_PROJECT_DIR "/vectors/suites/") + name + ".yaml";
    CHECK(test::schema_errors(json_of(YAML::LoadFile(file)), "suite") == "");
    CHECK_NOTHROW(sweep::load_suite(file));
  }
}

TEST_CASE("suite: the schema refuses what the loader refuses") {
  const Folder folder;
  for (const char* tests : {"[{test: a, seeds: 0}]", "[{test: a, seeds: []}]", "[{test: a, oops: 1}]", "[{test: a, timeout: 0}]", "[{corpus: 0}]"}) {
    const std::string text = std::string("schema: assay/suite/1\ntests: ") + tests + "\n";
    CHECK(!complaint(folder, text).empty());
    CHECK(test::schema_errors(json_of(YAML::Load(text)), "suite") != "");
  }
}
