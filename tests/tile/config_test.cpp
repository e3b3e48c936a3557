// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/catch.hpp"
#include "tests/tile/tile_driver.hpp"

using namespace assay;

namespace {

const char* const kGood =
    "schema: assay/config/1\nname: one\nrows: 4\ncols: 5\nacc_banks: 2\nacc_depth: 16\ncommand_fifo_depth: 4\nweight_fifo_depth: 8\n"
    "activation_fifo_depth: 4\nqueue_depth: 4\noutput_fifo_depth: 8\nresponse_fifo_depth: 4\n";

// Removed with its contents when the test ends.
struct ScratchFile {
  std::filesystem::path path;
  ScratchFile() {
    std::string name = (std::filesystem::temp_directory_path() / "assay_config_XXXXXX").string();
    const int handle = mkstemp(name.data());
    REQUIRE(handle >= 0);
    close(handle);
    path = name;
  }
  ~ScratchFile() { std::filesystem::remove(path); }
};

std::string error_of(const std::string& text) {
  ScratchFile file;
  std::ofstream(file.path) << text;
  try {
    load_config(file.path);
  } catch (const InputError& error) {
    const std::string what = error.what(), prefix = file.path.string() + ":";
    REQUIRE(what.rfind(prefix, 0) == 0);
    return what.substr(prefix.size());
  }
  return "";
}

std::string replaced(const std::string& from, const std::string& to) {
  std::string text = kGood;
  text.replace(text.find(from), from.size(), to);
  return text;
}

}  // namespace

TEST_CASE("tile: a good config loads, and its hash depends on every parameter but not on the name") {
  ScratchFile file;
  std::ofstream(file.path) << kGood;
  const HwConfig good = load_config(file.path);
  CHECK(good.name == "one");
  CHECK(good.cols == 5);
  CHECK(config_hash(good).size() == 16);
  HwConfig other = good;
  other.name = "two";
  CHECK(config_hash(other) == config_hash(good));
  for (int HwConfig::*member :
       {&HwConfig::rows, &HwConfig::cols, &HwConfig::acc_banks, &HwConfig::acc_depth, &HwConfig::command_fifo_depth, &HwConfig::weight_fifo_depth,
        &HwConfig::activation_fifo_depth, &HwConfig::queue_depth, &HwConfig::output_fifo_depth, &HwConfig::response_fifo_depth}) {
    other = good;
    other.*member += 1;
    CHECK(config_hash(other) != config_hash(good));
  }
}

TEST_CASE("tile: a bad config is refused with file, line, key, what is wrong and what was expected") {
  CHECK(error_of(kGood).empty());
  CHECK(error_of(replaced("rows: 4", "rows: 129")) == "3: rows: 129 is not legal, expected an integer in 1 … 128");
  CHECK(error_of(replaced("rows: 4", "rows: four")) == "3: rows: 'four' is not an integer, expected an integer in 1 … 128");
  CHECK(error_of(replaced("acc_depth: 16", "acc_depth: 12")) == "6: acc_depth: 12 is not legal, expected a power of two in 4 … 4096");
  CHECK(error_of(replaced("acc_banks: 2", "acc_banks: 1")) == "5: acc_banks: 1 is not legal, expected a power of two in 2 … 16");
  CHECK(error_of(replaced("weight_fifo_depth: 8", "weight_fifo_depth: 3")) == "8: weight_fifo_depth: 3 is not legal, expected an integer in 4 … 512");
  CHECK(error_of(replaced("queue_depth: 4", "queue_deep: 4")) == "10: queue_deep: is unknown, expected a key of schema assay/config/1");
  CHECK(error_of(replaced("queue_depth: 4\n", "")) == "1: queue_depth: is missing, expected every key of the schema");
  CHECK(error_of(replaced("queue_depth: 4", "rows: 4")) == "10: rows: appears twice, expected once");
  CHECK(error_of(replaced("config/1", "config/2")) == "1: schema: 'assay/config/2' is not legal, expected assay/config/1");
  CHECK(error_of("rows: [1").rfind("1: yaml: ", 0) == 0);
  CHECK(error_of("- 1").find("is not a YAML map") != std::string::npos);
  CHECK_THROWS_AS(load_config("does/not/exist.yaml"), InputError);
  CHECK_THROWS_AS(Tile(HwConfig{}), InputError);
}

TEST_CASE("tile: a bad choice of formats or latency is refused with file, line, key, what is wrong and what was expected") {
  const auto with = [](const std::string& lines) { return error_of(kGood + lines); };
  const std::string expected = "expected [int8], or one or more of bf16, fp16, e5m2, e4m3, e4m3fn";
  CHECK(with("formats: [int8]\n").empty());
  CHECK(with("formats: [e4m3fn, bf16]\npe_latency: 8\n").empty());
  CHECK(with("formats: bf16\n") == "13: formats: is not a list of formats, " + expected);
  CHECK(with("formats: []\n") == "13: formats: is not a list of formats, " + expected);
  CHECK(with("formats: [bf16, e4m3fnuz]\n") == "13: formats: 'e4m3fnuz' is not possible here, " + expected);
  CHECK(with("formats: [fp32]\n") == "13: formats: 'fp32' is not possible here, " + expected);
  CHECK(with("formats: [int8, bf16]\n") == "13: formats: 'int8' is not possible here, " + expected);
  CHECK(with("formats: [uint8]\n") == "13: formats: 'uint8' is not possible here, " + expected);
  CHECK(with("formats: [[bf16]]\n") == "13: formats: '' is not possible here, " + expected);
  CHECK(with("formats: [bf16, bf16]\n") == "13: formats: 'bf16' appears twice, expected once");
  CHECK(with("formats: [bf16]\nformats: [fp16]\n") == "14: formats: appears twice, expected once");
  CHECK(with("formats: [bf16]\npe_latency: 9\n") == "14: pe_latency: 9 is not legal, expected an integer in 1 … 8");
  CHECK(with("formats: [bf16]\npe_latency: 0\n") == "14: pe_latency: 0 is not legal, expected an integer in 1 … 8");
  CHECK(with("pe_latency: two\n") == "13: pe_latency: 'two' is not an integer, expected an integer in 1 … 8");
  CHECK(with("pe_latency: 2\n") == "13: pe_latency: 2 is not legal, expected 1 for the integer tile");
  std::string wide = replaced("rows: 4", "rows: 128");
  wide.replace(wide.find("weight_fifo_depth: 8"), 20, "weight_fifo_depth: 128");
  CHECK(error_of(wide + "formats: [bf16]\npe_latency: 7\n").empty());
  CHECK(error_of(wide + "formats: [bf16]\npe_latency: 8\n") == "14: pe_latency: rows * pe_latency + cols is 1029, expected at most 990");
  HwConfig config = test::small_float_config(4, 4, {Format::Bf16}, 1);
  config.formats = format_mask(Format::Bf16) | format_mask(Format::Int8);
  CHECK_THROWS_WITH(Tile(config), "4x4_L1: formats: is not legal, " + expected);
}

TEST_CASE("tile: formats and latency enter the hash of a floating-point tile and leave that of an integer tile alone") {
  const HwConfig bf16 = test::small_float_config(4, 4, {Format::Bf16}, 1);
  CHECK(config_hash(bf16) != config_hash(test::small_float_config(4, 4, {Format::Fp16}, 1)));
  CHECK(config_hash(bf16) != config_hash(test::small_float_config(4, 4, {Format::Bf16}, 2)));
  CHECK(config_hash(bf16) != config_hash(test::small_config(4, 4)));
}
