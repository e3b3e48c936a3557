// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::test::Answer;
using assay::test::Folder;

namespace {

struct Wrong {
  std::string arguments, message;
};

void refuse_all(const Folder& here, const std::vector<Wrong>& all) {
  for (const Wrong& wrong : all) {
    INFO("assay " << wrong.arguments);
    const std::string before = here.list();
    const Answer answer = here.assay(wrong.arguments);
    CHECK(answer.code == 2);
    CHECK(answer.err == wrong.message + "\n");
    CHECK(answer.out.empty());
    CHECK(here.list() == before);
  }
}

const std::string kConfigs = "bf16_16x16, bf16_8x8, fp16_8x8, fp8_16x16, fp_16x16, fp_4x4, int8_16x16, int8_32x32, int8_4x4, int8_8x16, int8_8x8";

}  // namespace

TEST_CASE("cli: a wrong option is refused with its name, its value and what was expected", "[cli]") {
  const Folder here;
  const std::string at = "command line:1: ", count = ", decimal or 0x hex";
  refuse_all(
      here,
      {
          {"run", at + "--test: missing, expected either a vector file or --test NAME; `assay list` names the tests"},
          {"run v.yaml --test gemm", at + "--test: given beside a vector file, expected either a vector file or --test NAME; `assay list` names the tests"},
          {"run --test gemm --seed 1x", at + "--seed: is '1x', expected a whole number up to 2^64 - 1" + count},
          {"run --test gemm --seed -1", at + "--seed: is '-1', expected a whole number up to 2^64 - 1" + count},
          {"run --test gemm --seed 0x10000000000000000", at + "--seed: is '0x10000000000000000', expected a whole number up to 2^64 - 1" + count},
          {"run --test gemm --cycles 0", at + "--cycles: is '0', expected a whole number from 1 on" + count},
          {"run --test gemm --timeout 0", at + "--timeout: is '0', expected seconds greater than 0"},
          {"run --test gemm --max-mismatches 0", at + "--max-mismatches: is '0', expected a whole number from 1 to 1000000" + count},
          {"run --test gemm --config nope", at + "--config: no config 'nope', expected a file or one of " + kConfigs},
          {"run --test gemm --config nope.yaml", at + "--config: 'nope.yaml' cannot be read, expected a config file"},
          {"run --test gemm --stall sometimes", at + "--stall: profile is 'sometimes', expected none, light, heavy, burst or random"},
          {"run --test gemm --stall foo=light",
           at + "--stall: 'foo=light' names no stream, expected stream=profile with commands, weights, activations, output or response"},
          {"run --test gemm --json /nowhere/x.json", at + "--json: '/nowhere/x.json' cannot be written, expected a file in a writable folder, or -"},
          {"list --configs --fields", at + "--configs: given beside --fields, expected one of them"},
          {"list --fields --config nope", at + "--config: no config 'nope', expected a file or one of " + kConfigs},
          {"calc add", at + "OP: is 'add', expected mac, decode, cast or requant"},
          {"calc mac --format fp32", at + "--format: is 'fp32', expected int8, uint8, bf16, fp16, e5m2, e4m3 or e4m3fn"},
          {"calc mac --format-b bf16", at + "--format-b: is 'bf16', expected int8 or uint8 beside int8: no unit multiplies an integer by a float"},
          {"calc requant --mode triple", at + "--mode: is 'triple', expected double or single"},
      });
}

TEST_CASE("cli: calc refuses formats, pairs and options that no unit has", "[cli]") {
  const Folder here;
  const std::string at = "command line:1: ", floats = "bf16, fp16, e5m2, e4m3 or e4m3fn", operands = "int8, uint8, " + floats,
                    all = "int8, uint8, int32, fp32, " + floats;
  refuse_all(here,
             {
                 {"calc mac --format bf17", at + "--format: is 'bf17', expected " + operands},
                 {"calc mac --format bf16 --format-b int32", at + "--format-b: is 'int32', expected " + operands},
                 {"calc mac --format bf16 --format-b int8",
                  at + "--format-b: is 'int8', expected " + floats + " beside bf16: no unit multiplies an integer by a float"},
                 {"calc mac --format bf16 --saturate", at + "--saturate: given with mac, expected with cast only"},
                 {"calc mac --mode single", at + "--mode: given with mac, expected with requant only"},
                 {"calc requant --format int8", at + "--format: given with requant, expected with mac or decode only"},
                 {"calc decode --round rne --format bf16", at + "--round: given with decode, expected with cast only"},
                 {"calc decode --from bf16", at + "--from: given with decode, expected with cast only"},
                 {"calc decode", at + "--format: missing, expected " + all},
                 {"calc decode --format E4M3", at + "--format: is 'E4M3', expected " + all},
                 {"calc cast --to bf16", at + "--from: missing, expected " + all},
                 {"calc cast --from bf16", at + "--to: missing, expected " + all},
                 {"calc cast --from fp32 --to fp8", at + "--to: is 'fp8', expected " + all},
                 {"calc cast --from fp32 --to int8 --saturate", at + "--saturate: given with --to int8, expected a result in " + floats},
                 {"calc cast --from bf16 --to fp32 --saturate", at + "--saturate: given with --to fp32, expected a result in " + floats},
                 {"calc cast --from fp32 --to uint8 --round stochastic:1", at + "--round: is 'stochastic:1' with --to uint8, expected a result in " + floats},
                 {"calc cast --from fp16 --to fp32 --round stochastic:1", at + "--round: is 'stochastic:1' with --to fp32, expected a result in " + floats},
                 {"calc cast --from fp32 --to bf16 --round up", at + "--round: is 'up', expected rne or stochastic:SEED"},
                 {"calc cast --from fp32 --to bf16 --round stochastic", at + "--round: is 'stochastic', expected rne or stochastic:SEED"},
                 {"calc cast --from fp32 --to bf16 --round stochastic:",
                  at + "--round stochastic: is '', expected a whole number from 0 to 4294967295, decimal or 0x hex"},
                 {"calc cast --from fp32 --to bf16 --round stochastic:4294967296",
                  at + "--round stochastic: is '4294967296', expected a whole number from 0 to 4294967295, decimal or 0x hex"},
                 {"calc decode --rtl --format int8", at + "--format: is 'int8', expected " + floats + " with --rtl: the tile decodes nothing else"},
                 {"calc cast --rtl --from int32 --to bf16",
                  at + "--from: is 'int32', expected fp32, " + floats + " with --rtl: the tile has no unit that converts from integers"},
                 {"calc cast --rtl --from fp32 --to fp32",
                  at + "--to: is 'fp32', expected another format than fp32 with --rtl --from fp32: no unit of the tile would be asked"},
             });
}

TEST_CASE("cli: unknown words and options are refused and say where help is", "[cli]") {
  const Folder here;
  for (const char* later : {"--wave full", "--waivers f", "extra"}) {
    INFO(later);
    const Answer answer = here.assay(std::string("run --test gemm --config int8_4x4 ") + (later == std::string("extra") ? "one two" : later));
    CHECK(answer.code == 2);
    CHECK(answer.err.find("command line:1: The following argument") == 0);
    CHECK(answer.err.find("; `assay run --help` says what is expected\n") != std::string::npos);
  }
  const Answer bogus = here.assay("bogus"), nothing = here.assay("");
  CHECK(bogus.code == 2);
  CHECK(bogus.err ==
        "command line:1: SUBCOMMAND: is 'bogus', expected one of run, replay, shrink, check, report, list, calc, targets, doctor, bench, sweep, resume, "
        "corpus, prove, coverage; `assay "
        "--help` shows "
        "examples\n");
  CHECK(nothing.code == 2);
  CHECK(nothing.err ==
        "command line:1: SUBCOMMAND: missing, expected one of run, replay, shrink, check, report, list, calc, targets, doctor, bench, sweep, resume, corpus, "
        "prove, coverage; `assay "
        "--help` shows "
        "examples\n");
}

TEST_CASE("cli: a fault that names nothing is refused before anything is built", "[cli]") {
  const Folder here;
  const std::string at = "command line:1: --fault: ", run = "run --test gemm --config int8_4x4 --fault ";
  refuse_all(here, {
                       {run + "x", at + "'x': expected BLOCK.NAME[i][j]:BIT@CYCLE, e.g. pe.psum[2][3]:7@100"},
                       {run + "'pe.nope[0][0]:0@0'", at + "'pe.nope[0][0]:0@0': no such field; `assay list --fields` names them all"},
                       {run + "'pe.psum[4][0]:0@0'", at + "'pe.psum[4][0]:0@0': the index does not fit, pe.psum is [4][4]"},
                       {run + "'pe.psum[0]:0@0'", at + "'pe.psum[0]:0@0': the index does not fit, pe.psum is [4][4]"},
                       {run + "'pe.psum[0][0]:32@0'", at + "'pe.psum[0][0]:32@0': bit out of range, the element has 32 bits"},
                   });
}

TEST_CASE("cli: a bad file is refused with file, line and key", "[cli]") {
  const Folder here;
  here.write("bad.yaml", "schema: assay/vector/1\nname: bad\nprogramme: []\nprogram: []\n");
  here.write("config.yaml", "schema: assay/config/1\nname: c\nrows: 200\n");
  const Answer vector = here.assay("run bad.yaml --no-rtl");
  CHECK(vector.code == 2);
  CHECK(vector.err.find("bad.yaml:3: ") == 0);
  const Answer missing = here.assay("run missing.yaml --no-rtl");
  CHECK(missing.code == 2);
  CHECK(missing.err == "missing.yaml:1: vector: cannot read 'missing.yaml', expected a file\n");
  const Answer config = here.assay("run bad.yaml --no-rtl --config config.yaml");
  CHECK(config.code == 2);
  CHECK(config.err.find("config.yaml:") == 0);
  CHECK(here.assay("run --test nope").err.find("command line:1: --test: no test 'nope', expected one of gemm, ") == 0);
  CHECK(here.list() == "bad.yaml config.yaml");
}

TEST_CASE("cli: absent data skips with its message and exit 6", "[cli]") {
  const Folder here;
  const Answer answer = here.assay("run --test autoencoder --no-rtl --json -", "", "ASSAY_DATA=/nowhere");
  CHECK(answer.code == 6);
  CHECK(answer.err.find("skipped: ") == 0);
  CHECK(answer.err.find("ASSAY_DATA") != std::string::npos);
  CHECK(answer.out.empty());
}

TEST_CASE("cli: a tool that is missing is exit 3 and says what to do", "[cli]") {
  const Folder here;
  std::filesystem::create_directory(here.path() / "empty");
  const std::string before = "PATH='" + (here.path() / "empty").string() + "' ASSAY_CACHE_DIR='" + (here.path() / "cache").string() + "'";
  const Answer run = here.assay("run --test minimal --config int8_4x4", "", before);
  CHECK(run.code == 3);
  CHECK(run.err.find("verilator: cannot be started") != std::string::npos);
  const Answer doctor = here.assay("doctor --json", "", before);
  CHECK(doctor.code == 3);
  CHECK(doctor.json()["exit"] == 3);
}
