// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/run_options.hpp"
#include "cosim/common/process.hpp"
#include "cosim/dpi/bench_builder.hpp"
#include "cosim/dpi/bench_run.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using namespace assay;
using assay::test::Folder;
using assay::test::schema_errors;

namespace {

dpi::BenchOrder order_in(const Folder& here, const std::string& config) {
  dpi::BenchOrder order;
  order.config = cli::config_file(config).string();
  order.test = "gemm";
  order.stall = "random";
  order.result = (here.path() / "result.json").string();
  return order;
}

/// Runs int8_4x4's simulation on a file in `here` and gives what it says.
std::string simulate(const Folder& here, const std::string& order) {
  static const npu::BuildInfo kBench = dpi::build_bench(load_config(cli::config_file("int8_4x4")));
  here.write("run.json", order);
  return run_process({kBench.library.string(), "+assay_run=" + (here.path() / "run.json").string()}).output;
}

}  // namespace

TEST_CASE("dpi: what the command orders and the simulation answers fits its schemas", "[dpi]") {
  const Folder here;
  dpi::BenchOrder order = order_in(here, "int8_4x4");
  for (const std::string verdict : {"pass", "mismatch"}) {
    if (verdict == "mismatch") order.faults = {"pe.psum[1][2]:5@400", "tile.busy:0@401"};
    const std::string text = dpi::order_text(order);
    CHECK(schema_errors(parse_json(text), "dpi-run") == "");
    const std::string said = simulate(here, text);
    INFO(said);
    REQUIRE(here.has("result.json"));
    const Json answer = here.json("result.json");
    CHECK(schema_errors(answer, "dpi-result") == "");
    CHECK(answer["result"]["verdict"] == verdict);
    CHECK(answer["result"]["mismatches"].empty() == order.faults.empty());
    CHECK(answer["error"] == "");
  }
}

TEST_CASE("dpi: a run that cannot be judged leaves an answer that says why", "[dpi]") {
  const Folder here;
  simulate(here, dpi::order_text(order_in(here, "int8_8x8")));
  const Json answer = here.json("result.json");
  CHECK(schema_errors(answer, "dpi-result") == "");
  CHECK(answer["error"].get<std::string>().find("the RTL was elaborated with 4, the config says 8") != std::string::npos);
}

TEST_CASE("dpi: orders and answers with a key too many, one too few or a wrong value do not fit their schemas", "[dpi]") {
  const Folder here;
  const Json order = parse_json(dpi::order_text(order_in(here, "int8_4x4"))), answer = parse_json(dpi::outcome_text({}));
  for (const auto& [document, schema] : {std::pair(order, "dpi-run"), std::pair(answer, "dpi-result")}) {
    CHECK(schema_errors(document, schema) == "");
    for (const auto& [key, value] : document.items()) {
      Json less = document, other = document;
      less.erase(key);
      other[key] = nullptr;
      INFO(schema << " " << key);
      CHECK(schema_errors(less, schema).find("lacks " + key) != std::string::npos);
      CHECK(schema_errors(other, schema) != "");
    }
    Json more = document;
    more["colour"] = 1;
    CHECK(schema_errors(more, schema).find("colour") != std::string::npos);
  }
}

TEST_CASE("dpi: the simulation refuses an order with an unknown key, of another schema, or damaged", "[dpi]") {
  const Folder here;
  Json order = parse_json(dpi::order_text(order_in(here, "int8_4x4")));
  const std::string file = (here.path() / "run.json").string();
  order["colour"] = "red";
  CHECK(simulate(here, order.dump()).find(file + ":1: colour: unknown key, expected those of assay/dpi-run/1") != std::string::npos);
  order.erase("colour");
  order["schema"] = "assay/dpi-run/2";
  CHECK(simulate(here, order.dump()).find(file + ":1: schema: is \"assay/dpi-run/2\", expected assay/dpi-run/1") != std::string::npos);
  order.erase("seed");
  order["schema"] = "assay/dpi-run/1";
  CHECK(simulate(here, order.dump()).find(file + ":1: json: damaged or incomplete") != std::string::npos);
  CHECK_FALSE(here.has("result.json"));
}
