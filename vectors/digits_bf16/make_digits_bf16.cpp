// SPDX-License-Identifier: Apache-2.0
// Trains the perceptron of the digits vector, rounds it to BF16, and writes the digits_bf16 vector.
//
//   make_digits_bf16 DIR          reads ../digits/{images,labels}.npy beside DIR, writes to DIR
//   make_digits_bf16 --check DIR  regenerates into a temporary folder and compares with DIR
#include <cstdio>
#include <cstring>
#include <exception>

#include "vectors/digits/perceptron.hpp"
#include "vectors/digits_bf16/bf16_net.hpp"

namespace assay::vectors {
namespace {

constexpr size_t kRows = 8;  ///< of the tile the expected values are for

/// By way of FP32: what is written is the network, whichever of two neighbours a weight near their midpoint became.
uint16_t rounded(double value) { return to_bf16(std::bit_cast<uint32_t>(static_cast<float>(value))); }

Bf16Layer rounded(const Dense& dense) {
  Bf16Layer l;
  l.inputs = dense.inputs;
  l.outputs = dense.outputs;
  for (size_t i = 0; i < l.inputs * l.outputs; ++i) l.weights.push_back(rounded(dense.w[i]));
  for (size_t n = 0; n < l.outputs; ++n) l.bias.push_back(std::bit_cast<uint32_t>(static_cast<float>(dense.w[l.inputs * l.outputs + n])));
  return l;
}

std::vector<float> floats(const std::vector<uint32_t>& bits) {
  std::vector<float> out(bits.size());
  std::memcpy(out.data(), bits.data(), bits.size() * sizeof bits[0]);
  return out;
}

void write_layer(const std::filesystem::path& out, const std::string& name, const Bf16Layer& l) {
  write_npy(out / (name + "_weights.npy"), {l.inputs, l.outputs}, l.weights);
  write_npy(out / (name + "_bias.npy"), {l.outputs}, floats(l.bias));
}

constexpr const char* kYaml = R"(# SPDX-License-Identifier: Apache-2.0
# Written by make_digits_bf16.cpp; see README.md.
schema: assay/vector/1
name: digits_bf16
description: 1,797 images of hand-written digits through the trained 64-64-10 perceptron in BF16
program:
  - gemm:
      name: fc1
      a: {file: images.npy}
      b: {file: fc1_weights.npy}
      format: bf16
      bias: {file: fc1_bias.npy}
      relu: true
      output: {format: bf16}
      expect: {file: fc1_expect.npy}
      expect_rows: 8
  - gemm:
      name: fc2
      a: {from: fc1}
      b: {file: fc2_weights.npy}
      format: bf16
      bias: {file: fc2_bias.npy}
      output: {format: fp32}
      expect: {file: fc2_expect.npy}
      expect_rows: 8
)";

void generate(const std::filesystem::path& dir, const std::filesystem::path& out) {
  SplitMix64 random(kSeed);
  const std::filesystem::path digits = dir / ".." / "digits";
  const Data data = load(digits, random);
  const Network net = train(data, random);
  std::vector<uint16_t> images;
  for (const double x : data.inputs) images.push_back(rounded(x));  // sixteenths: exact
  const Bf16Layer fc1 = rounded(net.fc1), fc2 = rounded(net.fc2);
  const std::vector<uint16_t> hidden = relu_to_bf16(run_layer(fc1, images, kRows));
  const std::vector<float> logits = floats(run_layer(fc2, hidden, kRows));

  std::vector<uint8_t> held_back(kImages, 0);
  for (size_t i = kTrained; i < kImages; ++i) held_back[data.order[i]] = 1;
  write_npy(out / "images.npy", {kImages, kPixels}, images);
  write_npy(out / "labels.npy", {kImages}, data.labels);
  write_npy(out / "split.npy", {kImages}, held_back);
  write_layer(out, "fc1", fc1);
  write_layer(out, "fc2", fc2);
  write_npy(out / "fc1_expect.npy", {kImages, kHidden}, hidden);
  write_npy(out / "fc2_expect.npy", {kImages, kClasses}, logits);
  write_bytes(out / "digits_bf16.yaml", kYaml);
  report("bf16", logits, data);
}

}  // namespace
}  // namespace assay::vectors

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  try {
    assay::vectors::refuse_contraction();
    if (args.size() == 2 && args[0] == "--check") {
      const std::filesystem::path dir = args[1];
      return assay::vectors::check_generated(dir, [&](const auto& out) { assay::vectors::generate(dir, out); });
    }
    if (args.size() != 1 || args[0].starts_with("-")) {
      std::fprintf(stderr, "usage: make_digits_bf16 DIR | make_digits_bf16 --check DIR\n");
      return 2;
    }
    assay::vectors::generate(args[0], args[0]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_digits_bf16: %s\n", error.what());
    return 2;
  }
  return 0;
}
