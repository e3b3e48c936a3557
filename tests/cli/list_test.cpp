// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>

#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::Json;
using assay::test::Answer;
using assay::test::Folder;
TEST_CASE("cli: list names tests and configs, as text and as JSON", "[cli]") {
  const Folder here;
  const Json tests = here.assay("list --json").json();
  std::set<std::string> names;
  for (const Json& test : tests) {
    CHECK(test.size() == 2);
    names.insert(test["name"].get<std::string>());
  }
  for (const char* name : {"gemm", "stress", "dense", "digits", "autoencoder", "synthetic_net"}) CHECK(names.contains(name));
  const Json configs = here.assay("list --configs --json").json();
  REQUIRE(configs.size() >= 5);
  for (const Json& config : configs) CHECK(here.assay("list --configs").out.find(config["name"].get<std::string>()) != std::string::npos);
  CHECK(here.assay("list").out.find("digits") != std::string::npos);
}

TEST_CASE("cli: list --fields gives the table with exactly its keys, valid null where always compared", "[cli]") {
  const Folder here;
  const Json fields = here.assay("list --fields --config int8_8x16 --json").json();
  bool psum = false, out_data = false;
  for (const Json& field : fields) {
    std::string keys;
    for (const auto& [key, value] : field.items()) keys += key + " ";
    CHECK(keys == "block name shape width format class valid ");
    if (field["name"] == "psum")
      psum = field.dump() == R"({"block":"pe","name":"psum","shape":[8,16],"width":32,"format":"int32","class":"register","valid":null})";
    if (field["name"] == "out_data") out_data = field["valid"] == "out_valid" && field["class"] == "pin";
  }
  CHECK(psum);
  CHECK(out_data);
  CHECK(here.assay("list --fields --config int8_8x16").out.find("pe.psum") != std::string::npos);
}

TEST_CASE("cli: targets and doctor answer in JSON", "[cli]") {
  const Folder here;
  const Json targets = here.assay("targets --json").json();
  REQUIRE(targets.size() == 1);
  CHECK(targets[0]["name"] == "npu");
  CHECK(targets[0]["configs"].size() >= 5);
  for (const Json& config : targets[0]["configs"]) {
    INFO(config["name"]);
    CHECK(!config["formats"].empty());
    CHECK(config["pe_latency"] >= 1);
  }
  const Answer doctor = here.assay("doctor --json");
  const Json document = doctor.json();
  CHECK(doctor.code == document["exit"]);
  std::set<std::string> names;
  for (const Json& check : document["checks"]) {
    names.insert(check["name"].get<std::string>());
    CHECK((check["status"] == "ok" || check["status"] == "note" || check["status"] == "missing"));
  }
  CHECK(names ==
        std::set<std::string>{"cache", "cadical", "ccache", "clang++-19", "configs", "data", "g++", "gtkwave", "make", "verilator", "waves", "yosys", "z3"});
}

TEST_CASE("cli: help begins with examples and the version is one line", "[cli]") {
  const Folder here;
  for (const char* what : {"--help", "run --help", "list --help", "calc --help"}) {
    const Answer help = here.assay(what);
    CHECK(help.code == 0);
    CHECK(help.out.find("Examples\n") == 0);
  }
  const Answer version = here.assay("--version");
  CHECK(version.code == 0);
  CHECK(version.out.find("assay ") == 0);
  CHECK(version.out.find('\n') == version.out.size() - 1);
}

TEST_CASE("cli: bench --json - prints one document that its schema describes", "[cli]") {
  const Folder here;
  const Answer answer = here.assay("bench --config int8_4x4 --rounds 1 --cycles 20000 --no-yardstick --json -");
  CHECK(answer.code == 0);
  const Json document = answer.json();
  CHECK(assay::test::schema_errors(document, "bench") == "");
  CHECK(document["rows"].size() == 1);
  CHECK(document["calc"].size() == 4);
  for (const Json& calc : document["calc"]) CHECK(calc["rtl"]["median"].get<double>() > 0);
}
