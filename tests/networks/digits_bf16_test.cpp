// SPDX-License-Identifier: Apache-2.0
// The BF16 digits network: its expected values against a replay of the specified order in the compiler's 113-bit arithmetic, one rounding per step.
#include <bit>
#include <cmath>

#include "tests/catch.hpp"
#include "tests/networks/network.hpp"
#include "vectors/digits_bf16/bf16_net.hpp"

namespace {

using assay::tests::project_root;
using assay::vectors::read_npy;

__extension__ typedef __float128 Quad;  // every sum here is exact in 113 bits: the numbers lie within 2^±40 of each other

const std::filesystem::path kDir = project_root() / "vectors" / "digits_bf16";
constexpr size_t kImages = 1797, kRows = 8;

float widened(uint16_t code) { return std::bit_cast<float>(uint32_t{code} << 16); }

uint16_t nearest_bf16(float x) {
  const auto bits = std::bit_cast<uint32_t>(x);
  const uint32_t rest = bits & 0xFFFF, up = rest > 0x8000 || (rest == 0x8000 && (bits & 0x10000) != 0) ? 1 : 0;
  return static_cast<uint16_t>((bits >> 16) + up);
}

enum class Order { Specified, DescendingRows, OneChain };

/// Accumulators plus bias of one layer.
std::vector<float> replay(const std::vector<uint16_t>& in, const std::vector<uint16_t>& weights, const std::vector<float>& bias, Order order) {
  const size_t outputs = bias.size(), inputs = weights.size() / outputs, rows = order == Order::OneChain ? inputs : kRows;
  std::vector<float> out(in.size() / inputs * outputs);
  for (size_t m = 0; m < in.size() / inputs; ++m) {
    for (size_t n = 0; n < outputs; ++n) {
      float entry = -0.0f;
      for (size_t k0 = 0; k0 < inputs; k0 += rows) {
        const size_t end = std::min(k0 + rows, inputs);
        float sum = 0.0f;
        for (size_t i = k0; i < end; ++i) {
          const size_t k = order == Order::DescendingRows ? k0 + end - 1 - i : i;
          sum = static_cast<float>(Quad(widened(in[m * inputs + k])) * Quad(widened(weights[k * outputs + n])) + Quad(sum));
        }
        entry = static_cast<float>(Quad(entry) + Quad(sum));
      }
      out[m * outputs + n] = static_cast<float>(Quad(entry) + Quad(bias[n]));
    }
  }
  return out;
}

struct Network {
  std::vector<uint16_t> images = read_npy<uint16_t>(kDir / "images.npy").data, fc1 = read_npy<uint16_t>(kDir / "fc1_weights.npy").data,
                        fc2 = read_npy<uint16_t>(kDir / "fc2_weights.npy").data, hidden = read_npy<uint16_t>(kDir / "fc1_expect.npy").data;
  std::vector<float> fc1_bias = read_npy<float>(kDir / "fc1_bias.npy").data, fc2_bias = read_npy<float>(kDir / "fc2_bias.npy").data,
                     logits = read_npy<float>(kDir / "fc2_expect.npy").data;
};

size_t differing(const std::vector<float>& a, const std::vector<float>& b) {
  size_t count = 0;
  for (size_t i = 0; i < a.size(); ++i) count += std::bit_cast<uint32_t>(a[i]) != std::bit_cast<uint32_t>(b[i]);
  return count;
}

}  // namespace

TEST_CASE("digits_bf16: images are the digits' pixels in sixteenths, labels and split are the same") {
  const auto pixels = read_npy<int8_t>(project_root() / "vectors/digits/images.npy").data;
  const Network net;
  REQUIRE(net.images.size() == kImages * 64);
  for (size_t i = 0; i < pixels.size(); ++i) REQUIRE(widened(net.images[i]) == static_cast<float>((pixels[i] + 128) / 15) / 16.0f);
  for (const char* name : {"labels.npy", "split.npy"})
    CHECK(read_npy<uint8_t>(kDir / name).data == read_npy<uint8_t>(project_root() / "vectors/digits" / name).data);
}

TEST_CASE("digits_bf16: a replay of the specified order gives every expected bit") {
  const Network net;
  const auto sums = replay(net.images, net.fc1, net.fc1_bias, Order::Specified);
  for (size_t i = 0; i < sums.size(); ++i) REQUIRE(net.hidden[i] == (sums[i] > 0.0f ? nearest_bf16(sums[i]) : 0));
  CHECK(differing(replay(net.hidden, net.fc2, net.fc2_bias, Order::Specified), net.logits) == 0);
}

TEST_CASE("digits_bf16: another order would be noticed") {
  const Network net;
  for (const Order order : {Order::DescendingRows, Order::OneChain}) CHECK(differing(replay(net.hidden, net.fc2, net.fc2_bias, order), net.logits) > 100);
}

TEST_CASE("digits_bf16: the expected outputs are right for 97 % of the images held back") {
  const Network net;
  const auto labels = read_npy<uint8_t>(kDir / "labels.npy").data, held_back = read_npy<uint8_t>(kDir / "split.npy").data;
  size_t held = 0, right = 0, all = 0;
  for (size_t i = 0; i < kImages; ++i) {
    const float* row = &net.logits[10 * i];
    const bool hit = std::max_element(row, row + 10) - row == labels[i];
    all += hit;
    held += held_back[i];
    right += hit && held_back[i] != 0;
  }
  CHECK(held == 597);
  CHECK(right == 580);  // 97.15 %, as vectors/digits_bf16/README.md says
  CHECK(all == 1780);
}

TEST_CASE("bf16_net: sums and products are rounded once, to nearest even, subnormals kept, zeros signed") {
  using namespace assay::vectors;
  const auto fma = [](uint32_t a, uint32_t w, uint32_t c) { return to_fp32(plus(times(exact_of(a), exact_of(w)), exact_of(c))); };
  CHECK(fma(0x3F800000, 0x3F800000, 0x33800000) == 0x3F800000);  // 1 + 2^−24, a tie
  CHECK(fma(0x3F800000, 0x3F800000, 0x33800001) == 0x3F800001);
  CHECK(fma(0x00800000, 0x00800000, 0) == 0);
  CHECK(fma(0x80800000, 0x00800000, 0x80000000) == 0x80000000);
  CHECK(fma(0x00800000, 0x3F000000, 0x00000001) == 0x00400001);
  CHECK(fma(0x80000000, 0x3F800000, 0x80000000) == 0x80000000);
  CHECK(fma(0x80000000, 0x3F800000, 0) == 0);
  CHECK(fma(0x3F800000, 0xBF800000, 0x3F800000) == 0);
  CHECK(fma(0x7F000000, 0x3F800000, 0x80000001) == 0x7F000000);  // 2^127 − 2^−149
  CHECK(fma(0x3FFF0000, 0x3FFF0000, 0x00000000) == 0x407E0100);  // 255²/2^14
  CHECK_THROWS(fma(0x7F000000, 0x7F000000, 0));
  CHECK_THROWS(exact_of(0x7FC00000));
  CHECK(to_bf16(0x3F808000) == 0x3F80);
  CHECK(to_bf16(0x3F818000) == 0x3F82);
  CHECK(to_bf16(0x3F808001) == 0x3F81);
}
