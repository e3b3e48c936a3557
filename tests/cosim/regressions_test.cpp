// SPDX-License-Identifier: Apache-2.0
// vectors/regressions: what once failed passes, on every shipped config that can say it.
#include <optional>

#include "model/common/config.hpp"
#include "tests/cosim/common.hpp"

using namespace assay;
using namespace assay::test;

namespace {

const char* const kConfigs[] = {"int8_8x8", "int8_4x4", "int8_8x16", "fp_4x4", "bf16_8x8"};

/// The vector on this config; nothing when its commands are sized for another tile.
std::optional<npu::Program> load_for(const std::string& test, const std::string& config) {
  try {
    return npu::make_test(test, config_named(config), load_options());
  } catch (const InputError&) {
    return std::nullopt;
  }
}

}  // namespace

TEST_CASE("cosim: every regression vector passes on each config that it fits, and fits one") {
  int vectors = 0;
  for (const npu::TestInfo& test : npu::list_tests(load_options())) {
    if (test.folder != "regressions") continue;
    ++vectors;
    int ran = 0;
    for (const char* config : kConfigs) {
      if (!test.needs.fit(config_named(config))) continue;
      const auto program = load_for(test.name, config);
      if (!program) continue;
      INFO(test.name << " on " << config);
      check_pass(run(target_for(config), *program));
      ++ran;
    }
    INFO(test.name);
    CHECK(ran > 0);
  }
  CHECK(vectors >= 5);
}
