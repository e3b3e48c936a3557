// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.hpp"
#include "tests/networks/network.hpp"

namespace {

using assay::tests::load_network;
using assay::tests::project_root;
using assay::tests::run_network;
using assay::vectors::read_npy;

const std::filesystem::path kDir = project_root() / "vectors" / "digits";
constexpr size_t kImages = 1797;

template <typename T>
std::vector<size_t> shape_of(const char* name) {
  return read_npy<T>(kDir / name).shape;
}

}  // namespace

TEST_CASE("digits: the data files have the documented types and shapes") {
  using Shape = std::vector<size_t>;
  CHECK(shape_of<int8_t>("images.npy") == Shape{kImages, 64});
  CHECK(shape_of<uint8_t>("labels.npy") == Shape{kImages});
  CHECK(shape_of<uint8_t>("split.npy") == Shape{kImages});
  CHECK(shape_of<int8_t>("fc1_weights.npy") == Shape{64, 64});
  CHECK(shape_of<int8_t>("fc2_weights.npy") == Shape{64, 10});
  for (const char* name : {"fc1_bias.npy", "fc1_multiplier.npy", "fc1_shift.npy"}) CHECK(shape_of<int32_t>(name) == Shape{64});
  for (const char* name : {"fc2_bias.npy", "fc2_multiplier.npy", "fc2_shift.npy"}) CHECK(shape_of<int32_t>(name) == Shape{10});
  CHECK(shape_of<int8_t>("fc1_expect.npy") == Shape{kImages, 64});
  CHECK(shape_of<int8_t>("fc2_expect.npy") == Shape{kImages, 10});
}

TEST_CASE("digits: pixels are 15 times 0 to 16, less 128, and labels are digits") {
  for (int8_t q : read_npy<int8_t>(kDir / "images.npy").data) REQUIRE(((q + 128) % 15 == 0 && (q + 128) / 15 <= 16));
  for (uint8_t label : read_npy<uint8_t>(kDir / "labels.npy").data) REQUIRE(label <= 9);
}

TEST_CASE("digits: the integer reference reproduces every expected byte") {
  const auto steps = load_network("digits/digits.yaml");
  REQUIRE(steps.size() == 2);
  const auto results = run_network(steps);
  for (size_t i = 0; i < steps.size(); ++i) CHECK(results[i] == steps[i].expect.data);
}

TEST_CASE("digits: the expected outputs are right for 95 % of the images held back") {
  const auto logits = read_npy<int8_t>(kDir / "fc2_expect.npy").data;
  const auto labels = read_npy<uint8_t>(kDir / "labels.npy").data, held_back = read_npy<uint8_t>(kDir / "split.npy").data;
  size_t held = 0, right = 0;
  for (size_t i = 0; i < kImages; ++i) {
    const int8_t* row = &logits[10 * i];
    held += held_back[i];
    right += held_back[i] != 0 && std::max_element(row, row + 10) - row == labels[i];
  }
  CHECK(held == 597);
  CHECK(right == 582);  // 97.49 %, as vectors/digits/README.md says
  CHECK(100 * right >= 95 * held);
}
