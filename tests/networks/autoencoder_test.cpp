// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.hpp"
#include "tests/networks/network.hpp"

namespace {

using assay::tests::data_root;
using assay::tests::load_network;
using assay::tests::run_network;

/// Says so and returns false where the data is missing: such a case counts as skipped.
bool data_is_there() {
  const auto file = data_root() / "mlperf_tiny_ad" / "ad01_int8_params.bin";
  if (std::filesystem::exists(file)) return true;
  WARN("skipped: " << file << " is not there; ASSAY_DATA names the data folder");
  return false;
}

}  // namespace

TEST_CASE("autoencoder: the integer reference reproduces every layer of the pseudo-random input") {
  if (!data_is_there()) return;
  const auto steps = load_network("autoencoder/autoencoder.yaml");
  REQUIRE(steps.size() == 10);
  const auto results = run_network(steps);
  for (size_t i = 0; i < steps.size(); ++i) CHECK(results[i] == steps[i].expect.data);
}

TEST_CASE("autoencoder: the integer reference reproduces the output of the three regular inputs") {
  if (!data_is_there()) return;
  for (const char* name : {"autoencoder/autoencoder_s0m1.yaml", "autoencoder/autoencoder_s0m2.yaml", "autoencoder/autoencoder_s0m3.yaml"}) {
    const auto steps = load_network(name);
    REQUIRE(steps.size() == 10);
    REQUIRE(steps.back().expect.data.size() == 640);
    CHECK(run_network(steps).back() == steps.back().expect.data);
  }
}
