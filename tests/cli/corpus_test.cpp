// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::test::Answer;
using assay::test::Folder;
using assay::test::schema_errors;

TEST_CASE("cli: a corpus is a suite that a sweep runs") {
  const Folder here;
  const Answer grown = here.assay("corpus --config int8_4x4 --commands 3000 --compare --out corpus --json reach.json");
  REQUIRE(grown.code == 0);
  CHECK(grown.out.starts_with("int8_4x4      feedback reaches "));
  CHECK(grown.out.find("commands to reach ") != std::string::npos);
  const auto json = here.json("reach.json");
  CHECK(schema_errors(json, "corpus") == "");
  const Answer swept = here.assay("sweep --suite corpus/int8_4x4.yaml -j 1 --out run --json report.json");
  INFO(swept.err);
  REQUIRE(swept.code == 0);
  const auto entries = json["configs"][0]["feedback"]["entries"].get<size_t>();
  CHECK(entries > 5);
  CHECK(swept.out.find(std::to_string(entries) + " pass, 0 mismatch") != std::string::npos);
}

TEST_CASE("cli: a suite's own corpus is grown when the sweep is planned, the same every time") {
  const Folder here;
  here.write("s.yaml", "schema: assay/suite/1\nseed: 3\ntests:\n  - {corpus: 1500, configs: [int8_4x4, fp_4x4], stage: V2}\n");
  REQUIRE(here.assay("sweep --suite s.yaml -j 2 --out one").code == 0);
  REQUIRE(here.assay("sweep --suite s.yaml -j 1 --out two").code == 0);
  auto one = here.json("one/run.json"), two = here.json("two/run.json");
  CHECK(one["cases"].size() > 6);
  CHECK(one["cases"] == two["cases"]);
  CHECK(one["listed"] == two["listed"]);
}

TEST_CASE("cli: a corpus that cannot be grown says why and leaves nothing") {
  const Folder here;
  for (const char* arguments : {"--config nothing", "--config int8_4x4 --commands 0", "--config int8_4x4 --seed x"}) {
    INFO(arguments);
    const Answer answer = here.assay(std::string("corpus --out corpus ") + arguments);
    CHECK(answer.code == 2);
    CHECK(answer.err.starts_with("command line:1: "));
    CHECK_FALSE(here.has("corpus"));
  }
}
