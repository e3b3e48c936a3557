// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/element_value.hpp"

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "cosim/cli/calc.hpp"
#include "cosim/cli/flag_names.hpp"
#include "cosim/cli/float_text.hpp"
#include "cosim/cli/mismatch_json.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using namespace assay;
using namespace assay::cli;
namespace {

struct Expected {
  const char *format, *rtl, *model, *rtl_value, *rtl_class, *model_value, *model_class;
  int64_t ulp;
};

Mismatch state(const std::string& rtl, const std::string& model, int width, const std::string& format) {
  Mismatch m;
  m.kind = "state";
  m.block = "pe";
  m.field = "psum";
  m.index = {1, 2};
  m.width = width;
  m.format = format;
  m.rtl = rtl;
  m.model = model;
  return m;
}

Mismatch output(const std::string& rtl, const std::string& model) {
  Mismatch m = state(rtl, model, 0, "");
  m.kind = "functional";
  m.block = "activation";
  m.field = "product";
  return m;
}

const std::vector<Format> kFloats = {Format::Fp32, Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn};

}  // namespace

TEST_CASE("record: two floats that differ are decoded with value, class and distance in ulp", "[cli]") {
  const std::vector<Expected> cases = {
      {"fp32", "3f800000", "3f800003", "1", "normal", "1.0000004", "normal", 3},
      {"fp32", "00000001", "80000002", "1e-45", "subnormal", "-3e-45", "subnormal", 3},
      {"fp32", "00000000", "80000000", "0", "zero", "-0", "zero", 0},
      {"fp32", "00800000", "007fffff", "1.1754944e-38", "normal", "1.1754942e-38", "subnormal", 1},
      {"fp32", "ff7fffff", "7f7fffff", "-3.4028235e+38", "normal", "3.4028235e+38", "normal", 2 * 0x7f7fffffLL},
      {"bf16", "3f80", "4049", "1", "normal", "3.140625", "normal", 0xc9},
      {"fp16", "3c00", "bc00", "1", "normal", "-1", "normal", 2 * 0x3c00},
      {"e5m2", "7b", "01", "57344", "normal", "1.5258789e-05", "subnormal", 0x7a},
      {"e4m3", "77", "08", "240", "normal", "0.015625", "normal", 0x6f},
      {"e4m3fn", "7e", "78", "448", "normal", "256", "normal", 6},
  };
  for (const Expected& c : cases) {
    INFO(c.format << " " << c.rtl << " " << c.model);
    const Json json = decoded_json(c.rtl, c.model, 4 * static_cast<int>(std::string(c.rtl).size()), c.format);
    CHECK(json["rtl"]["value"] == c.rtl_value);
    CHECK(json["rtl"]["class"] == c.rtl_class);
    CHECK(json["model"]["value"] == c.model_value);
    CHECK(json["model"]["class"] == c.model_class);
    CHECK(json["ulp"] == c.ulp);
    CHECK(json["ulp_reason"].is_null());
  }
}

TEST_CASE("record: infinities and NaN have a class and no distance, and the reason names the side", "[cli]") {
  const std::vector<std::vector<std::string>> cases = {{"fp32", "7f800000", "7f7fffff", "inf", "rtl is infinity"},
                                                       {"fp32", "ff800000", "7f800000", "-inf", "rtl is infinity, model is infinity"},
                                                       {"bf16", "7fc0", "3f80", "nan", "rtl is quiet NaN"},
                                                       {"fp16", "7c01", "7e00", "nan", "rtl is signalling NaN, model is quiet NaN"},
                                                       {"e5m2", "7c", "00", "inf", "rtl is infinity"},
                                                       {"e4m3", "78", "79", "inf", "rtl is infinity, model is signalling NaN"},
                                                       {"e4m3fn", "ff", "78", "nan", "rtl is quiet NaN"}};
  for (const auto& c : cases) {
    INFO(c[0] << " " << c[1] << " " << c[2]);
    const Json json = decoded_json(c[1], c[2], 4 * static_cast<int>(c[1].size()), c[0]);
    CHECK(json["rtl"]["value"] == c[3]);
    CHECK(json["ulp"].is_null());
    CHECK(json["ulp_reason"] == c[4]);
  }
}

TEST_CASE("record: integers are decoded too, bits and what is not hex are not", "[cli]") {
  const Json wide = decoded_json("ffffa279", "ffffa2f9", 32, "int32");
  CHECK(wide["rtl"] == Json({{"value", "-23943"}, {"class", "integer"}}));
  CHECK(wide["ulp"] == 128);
  CHECK(decoded_json("80", "7f", 8, "int8")["ulp"] == 255);
  CHECK(decoded_json("80", "7f", 8, "uint8")["ulp"] == 1);
  CHECK(decoded_json("1f", "00", 5, "uint")["rtl"]["value"] == "31");
  CHECK(decoded_json("1", "0", 1, "bit").is_null());
  CHECK(decoded_json("1f", "00", 5, "bits").is_null());
  CHECK(decoded_json("", "", 0, "").is_null());
  CHECK(decoded_json("ok", "00", 8, "int8").is_null());
  CHECK(decoded_json("3f80", "3f80", 13, "bf16").is_null());
}

TEST_CASE("record: every float code of 8 and 16 bits reads back from its decimal, and neighbours are one ulp apart", "[cli]") {
  for (const Format format : kFloats) {
    const int bits = format_bits(format);
    const uint32_t step = bits == 32 ? 65521 : 1;
    for (uint64_t code = 0; code < uint64_t{1} << bits; code += step) {
      const FloatCode here{static_cast<uint32_t>(code), format};
      if (!is_finite(class_of(here))) continue;
      REQUIRE(std::strtof(float_decimal(here).c_str(), nullptr) == static_cast<float>(float_value(here)));
      const FloatCode next{static_cast<uint32_t>(code) + 1, format};
      if (!is_finite(class_of(next))) continue;
      REQUIRE(std::fabs(float_value(next)) > std::fabs(float_value(here)));
      const auto digits = static_cast<size_t>(bits) / 4;
      REQUIRE(decoded_json(hex_digits(code, digits), hex_digits(code + 1, digits), bits, std::string(format_name(format)))["ulp"] == 1);
    }
  }
}

TEST_CASE("record: a mismatch of a float field carries format, bits and meaning as the schema says", "[cli]") {
  const Json json = mismatch_json(state("3f800000", "3f800001", 32, "fp32"), "int32");
  CHECK(json["format"] == "fp32");
  CHECK(json["width"] == 32);
  CHECK(json["decoded"]["ulp"] == 1);
  CHECK(json["index"].dump() == "[1,2]");
  CHECK(test::schema_errors(json, "result", "/$defs/mismatch") == "");
  CHECK(test::schema_errors(mismatch_json(state("7fc00000", "00000000", 32, "fp32"), "int32"), "result", "/$defs/mismatch") == "");
  CHECK(test::schema_errors(mismatch_json(state("1", "0", 1, "bit"), "int32"), "result", "/$defs/mismatch") == "");
}

TEST_CASE("record: an output lane is decoded in its job's format, a code above zeros by its own digits", "[cli]") {
  const Json narrow = mismatch_json(output("00003f80", "00003f81"), "bf16");
  CHECK(narrow["rtl"] == "00003f80");
  CHECK(narrow["xor"] == "00000001");
  CHECK(narrow["width"] == 32);
  CHECK(narrow["decoded"]["rtl"]["value"] == "1");
  CHECK(narrow["decoded"]["ulp"] == 1);
  CHECK(mismatch_json(output("40000000", "3f800000"), "fp32")["decoded"]["ulp"] == 0x800000);
  CHECK(mismatch_json(output("fffffffe", "00000001"), "int32")["decoded"]["ulp"] == 3);
  CHECK(mismatch_json(output("00013f80", "00003f81"), "bf16")["decoded"].is_null());
}

TEST_CASE("record: the flags of a tile stand by name under the engine that raised them", "[cli]") {
  CHECK(flags_json(0, true) == Json({{"array", Json::array()}, {"accumulators", Json::array()}, {"activation", Json::array()}}));
  const Json json = flags_json(0x1000 | 0x0100 | 0x0020 | 0x0009, true);
  CHECK(json["array"] == Json::array({"inexact", "invalid"}));
  CHECK(json["accumulators"] == Json::array({"underflow", "undefined"}));
  CHECK(json["activation"] == Json::array({"invalid"}));
  const char* const kSet[] = {"inexact", "underflow", "overflow", "invalid"};  // bits 12:9, 7:4, 3:0; bit 8 is acc_undefined
  for (unsigned i = 0; i < 4; ++i) {
    CHECK(flags_json(1u << i, true)["array"] == Json::array({kSet[i]}));
    CHECK(flags_json(16u << i, true)["accumulators"] == Json::array({kSet[i]}));
    CHECK(flags_json(512u << i, true)["activation"] == Json::array({kSet[i]}));
  }
  CHECK(flags_json(0x13, false)["accumulators"] == Json::array({"overflow", "undefined"}));
  CHECK(flags_json(0x13, false)["activation"] == Json::array({"saturated"}));
}
