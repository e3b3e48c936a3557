// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <map>
#include <set>

#include "cosim/common/process.hpp"
#include "cosim/npu/program_hash.hpp"
#include "cosim/npu/stimulus/program.hpp"
#include "cosim/npu/stimulus/words.hpp"
#include "cosim/npu/vector.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::npu;

namespace {

const LoadOptions kOptions{1, {}, ASSAY_PROJECT_DIR};

HwConfig config_of(const std::string& name) { return load_config(std::filesystem::path(ASSAY_PROJECT_DIR) / "rtl/configs" / (name + ".yaml")); }

std::vector<HwConfig> shipped() {
  std::vector<HwConfig> out;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(ASSAY_PROJECT_DIR) / "rtl/configs"))
    out.push_back(load_config(entry.path()));
  return out;
}

/// Configs nobody ships, at the limits of spec section 2.
std::vector<HwConfig> odd_ones() {
  HwConfig least = config_of("int8_4x4");
  least.rows = least.cols = 1;
  least.acc_depth = 4;
  HwConfig flat = config_of("fp_4x4");
  flat.rows = 1;
  flat.cols = 5;
  flat.acc_depth = 4;
  HwConfig narrow = config_of("fp8_16x16");
  narrow.rows = 3;
  narrow.cols = 1;
  narrow.formats = format_mask(Format::E4m3);
  HwConfig wide = config_of("int8_8x16");
  wide.acc_banks = 16;
  wide.acc_depth = 4096;
  return {least, flat, narrow, wide};
}

template <class Visit>
void each_command(const Program& program, Visit visit) {
  for (const Phase& phase : program.phases)
    for (const CommandWord& word : phase.commands) visit(word);
}

}  // namespace

TEST_CASE("stimulus: programs can be made for every config, shipped or not, with any dial") {
  std::vector<HwConfig> configs = shipped();
  for (const HwConfig& config : odd_ones()) configs.push_back(config);
  for (const HwConfig& config : configs) {
    for (size_t dial = 0; dial < Dials::kCount; ++dial) {
      for (size_t setting = 0; setting < Dials::table()[dial].settings.size(); ++setting) {
        Dials dials;
        dials.pin(dial, setting);
        INFO(config.name << ", " << config.rows << " rows: " << dials.text());
        const Program program = make_program(config, 3, dials, 20);
        size_t commands = 0;
        each_command(program, [&](const CommandWord&) { ++commands; });
        CHECK(commands >= 20);
      }
    }
  }
}

TEST_CASE("stimulus: a program is a function of config, seed and dials") {
  const HwConfig config = config_of("int8_8x8");
  const auto hash = [&](uint64_t seed, const char* dials) { return program_hash(make_program(config, seed, Dials::parse(dials, "test"), 100)); };
  CHECK(hash(5, "") == hash(5, ""));
  std::set<std::string> different{hash(5, ""), hash(6, ""), hash(5, "values=zeros"), hash(5, "order=job"), hash(5, "shape=one")};
  CHECK(different.size() == 5);
}

TEST_CASE("stimulus: a seed gives the same bytes on every machine and compiler") {
  // A change of distribution is a new kStimulusVersion, and new hashes here.
  CHECK(kStimulusVersion == 3);
  CHECK(program_hash(make_program(config_of("int8_8x8"), 1, {}, kProgramCommands)) == "a3ef85e075392f37");
  CHECK(program_hash(make_program(config_of("fp_4x4"), 1, {}, kProgramCommands)) == "c60068478c0cd8ce");
  CHECK(program_hash(make_program(config_of("int8_4x4"), 2, Dials::parse("order=directed,landing=tie", "test"), 60)) == "fb2f962b82930ee2");
}

TEST_CASE("stimulus: twenty seeds of every generated test give the same bytes whatever compiler ordered the draws") {
  const auto fold = [](const char* config, const char* test) {
    uint64_t hash = kFnvStart;
    for (uint64_t seed = 1; seed <= 20; ++seed) hash = fnv1a(program_hash(make_test(test, config_of(config), {seed, {}, ASSAY_PROJECT_DIR})), hash);
    return hex64(hash);
  };
  CHECK(fold("int8_4x4", "program") == "43f4a7e3c872efe6");
  CHECK(fold("fp_4x4", "program") == "234e9bcebefb014b");
  CHECK(fold("int8_8x8", "stress") == "142ec671bef1d1fa");
  CHECK(fold("fp_4x4", "stress") == "f4ad643dbbd82cf1");
  CHECK(fold("int8_8x8", "gemm") == "9f52c86f87313c31");
  CHECK(fold("fp_4x4", "gemm") == "99b90ae10ca4d383");
  CHECK(fold("int8_8x8", "reset") == "8b1252ba26ffa122");
}

TEST_CASE("stimulus: long programs hold every legal command and every illegal status, on both datapaths") {
  for (const char* name : {"int8_4x4", "fp_4x4"}) {
    const HwConfig config = config_of(name);
    std::map<Status, int> status;
    std::map<Op, int> legal;
    each_command(make_program(config, 1, {}, 4000), [&](const CommandWord& word) {
      const Status s = check_command(word, config);
      ++status[s];
      if (s == Status::Ok) ++legal[decode(word, datapath(config)).op];
    });
    INFO(name);
    CHECK(status.size() == 6);
    for (const auto& [s, count] : status) CHECK(count >= 5);
    CHECK(legal.size() == 9);
    for (const auto& [op, count] : legal) CHECK(count >= 10);
  }
}

TEST_CASE("stimulus: programs that look for triples bring nearly all of them in one long run") {
  const HwConfig config = config_of("int8_4x4");
  std::set<std::array<Op, 3>> triples;
  std::array<Op, 3> last{};
  each_command(make_program(config, 1, Dials::parse("order=triples,illegal=none", "test"), 4000), [&](const CommandWord& word) {
    last = {last[1], last[2], decode(word).op};
    triples.insert(last);
  });
  CHECK(triples.size() >= 700);  // of 729
}

TEST_CASE("stimulus: a dial that is wrong is told with what is right") {
  const HwConfig config = config_of("int8_8x8");
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(make_test("program:size=big", config, kOptions),
                    Contains("--test: program:size=big: no dial 'size', expected dial=setting with one of order, values"));
  CHECK_THROWS_WITH(make_test("program:values=big", config, kOptions), Contains("dial values is 'big', expected one of uniform, zeros"));
  CHECK_THROWS_WITH(make_test("program:values=ones,values=zeros", config, kOptions), Contains("dial values is given twice"));
  CHECK_THROWS_WITH(make_test("programs", config, kOptions), Contains("no test 'programs'"));
  CHECK(make_test("program:order=job", config, kOptions).name == "program:order=job");
  CHECK(Dials::parse("values=ties,order=job", "test").text() == "order=job,values=ties");
}

TEST_CASE("stimulus: the end of a field's legal range is legal and the next value is not") {
  for (const HwConfig& config : shipped()) {
    Command matmul;
    matmul.op = Op::Matmul;
    matmul.m = matmul.k = matmul.n = 1;
    if (config.floating()) {
      for (int code = 0; code < kFormats; ++code)
        if (config.has(static_cast<Format>(code))) matmul.format = static_cast<uint8_t>(code);
    }
    const CommandWord word = encode(matmul, datapath(config));
    std::map<int, int64_t> ends;
    for (const CommandField& field : command_fields(Op::Matmul, datapath(config))) ends[field.lowest] = legal_end(word, field, true, config);
    INFO(config.name);
    CHECK(ends[20] == config.acc_banks - 1);
    CHECK(ends[24] == config.acc_depth);
    CHECK(ends[40] == config.rows);
    CHECK(ends[48] == config.cols);
    CHECK(ends[56] == config.acc_depth - 1);
    CHECK(ends[72] == 65535);  // of one beat the stride is not used
    Random random(1, 1);
    for (int i = 0; i < 200; ++i) {
      CHECK(check_command(edge_word(word, config, random), config) == Status::Ok);
      CHECK(check_command(illegal_word(word, config, random), config) != Status::Ok);
    }
  }
}
