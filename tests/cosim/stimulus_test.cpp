// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/stimulus/dials.hpp"
#include "tests/cosim/common.hpp"

using namespace assay;
using namespace assay::test;

namespace {

const char* const kConfigs[] = {"int8_4x4", "int8_8x8", "int8_8x16", "int8_16x16", "fp_4x4", "bf16_8x8", "fp16_8x8", "fp8_16x16", "bf16_16x16"};

void run_each_setting(const char* config) {
  for (const npu::Dials::Dial& dial : npu::Dials::table()) {
    for (const std::string_view setting : dial.settings) {
      if (dial.name == "order" && setting == "overflow") continue;  // below
      run_named("program:" + std::string(dial.name) + "=" + std::string(setting), config, 17);
    }
  }
}

}  // namespace

TEST_CASE("cosim: programs of scenes pass on the smallest tile of either kind, whatever they lean to") {
  run_each_setting("int8_4x4");
  run_each_setting("fp_4x4");
}

TEST_CASE("cosim: programs of scenes pass on every config") {
  for (const char* config : kConfigs) run_named("program", config, 23);
}

TEST_CASE("cosim: sums at the ends of INT32 overflow column by column") { run_named("program:order=overflow", "int8_8x8", 3); }
