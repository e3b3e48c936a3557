// SPDX-License-Identifier: Apache-2.0
// Trains a 64-64-10 perceptron on images.npy and labels.npy, quantises it to int8, and writes the digits vector.
//
// The same bytes come from every x86-64 compiler: one thread, a fixed seed, double arithmetic with + − × ÷ and sqrt only
// (correctly rounded by IEEE 754), an own exp, and no contraction: compile with -ffp-contract=off, without -ffast-math.
//
//   train_digits DIR          reads images.npy and labels.npy in DIR, writes the rest there
//   train_digits DIR OUT      writes to OUT instead
//   train_digits --check DIR  regenerates into a temporary folder and compares with DIR
#include <cstdio>
#include <exception>

#include "vectors/digits/perceptron.hpp"

namespace assay::vectors {
namespace {

/// Least and greatest real value of the hidden layer and of the logits over the trained images: 0 always lies between.
struct Ranges {
  double hidden_max = 0.0, logit_min = 0.0, logit_max = 0.0;
};

Ranges observe(const Network& net, const Data& data, std::vector<double>& all_logits) {
  Ranges r;
  all_logits.assign(kImages * kClasses, 0.0);
  for (size_t i = 0; i < kImages; ++i) {
    const size_t image = data.order[i];
    double hidden[kHidden];
    double* logits = &all_logits[image * kClasses];
    net.fc1.forward(&data.inputs[image * kPixels], hidden);
    relu(hidden, kHidden);
    net.fc2.forward(hidden, logits);
    if (i >= kTrained) continue;
    r.hidden_max = std::max(r.hidden_max, *std::max_element(hidden, hidden + kHidden));
    r.logit_min = std::min(r.logit_min, *std::min_element(logits, logits + kClasses));
    r.logit_max = std::max(r.logit_max, *std::max_element(logits, logits + kClasses));
  }
  return r;
}

/// Symmetric weights with a scale per column; `in` and `out` are the real values of one step at input and output.
Layer quantise(const Dense& dense, double in, int in_zero, double out, int out_zero) {
  Layer l;
  l.inputs = dense.inputs;
  l.outputs = dense.outputs;
  l.input_zero_point = in_zero;
  l.zero_point = out_zero;
  l.weights.resize(l.inputs * l.outputs);
  for (size_t n = 0; n < l.outputs; ++n) {
    double top = 0.0;
    for (size_t k = 0; k < l.inputs; ++k) top = std::max(top, std::fabs(dense.w[k * l.outputs + n]));
    if (top == 0.0) throw std::runtime_error("a column of zero weights has no scale");
    const double scale = top / 127.0;
    for (size_t k = 0; k < l.inputs; ++k) l.weights[k * l.outputs + n] = static_cast<int8_t>(std::lround(dense.w[k * l.outputs + n] / scale));
    l.bias.push_back(static_cast<int32_t>(std::lround(dense.w[l.inputs * l.outputs + n] / (in * scale))));
    l.scales.push_back(quantize_multiplier(in * scale / out));
  }
  return l;
}

void write_layer(const std::filesystem::path& out, const std::string& name, const Layer& l, const std::vector<int32_t>& expect) {
  std::vector<int32_t> multiplier, shift;
  for (const Scale& s : l.scales) {
    multiplier.push_back(s.multiplier);
    shift.push_back(s.shift);
  }
  write_npy(out / (name + "_weights.npy"), {l.inputs, l.outputs}, l.weights);
  write_npy(out / (name + "_bias.npy"), {l.outputs}, l.bias);
  write_npy(out / (name + "_multiplier.npy"), {l.outputs}, multiplier);
  write_npy(out / (name + "_shift.npy"), {l.outputs}, shift);
  write_npy(out / (name + "_expect.npy"), {kImages, l.outputs}, convert<int8_t>(expect));
}

std::string yaml_gemm(const std::string& name, const std::string& input, const Layer& l) {
  std::ostringstream y;
  y << "  - gemm:\n      name: " << name << "\n      a: {" << input << "}\n      b: {file: " << name << "_weights.npy}\n"
    << "      a_zero_point: " << l.input_zero_point << "\n"
    << "      requant:\n        bias: {file: " << name << "_bias.npy}\n        multiplier: {file: " << name
    << "_multiplier.npy}\n        shift: {file: " << name << "_shift.npy}\n        zero_point: " << l.zero_point
    << "\n        clamp: [-128, 127]\n        mode: double\n"
    << "      expect: {file: " << name << "_expect.npy}\n";
  return y.str();
}

void generate(const std::filesystem::path& dir, const std::filesystem::path& out) {
  SplitMix64 random(kSeed);
  const Data data = load(dir, random);
  const Network net = train(data, random);
  std::vector<double> real_logits;
  const Ranges range = observe(net, data, real_logits);

  // Hidden: [0, max] on −128 … 127, so the lower clamp is the ReLU. Logits: [min, max] on −128 … 127.
  const double hidden_step = range.hidden_max / 255.0, logit_step = (range.logit_max - range.logit_min) / 255.0;
  const int logit_zero = static_cast<int>(std::lround(-128.0 - range.logit_min / logit_step));
  const Layer fc1 = quantise(net.fc1, kInputScale, kInputZeroPoint, hidden_step, -128);
  const Layer fc2 = quantise(net.fc2, hidden_step, -128, logit_step, logit_zero);
  const auto hidden = run_layer(fc1, convert<int32_t>(data.images));
  const auto logits = run_layer(fc2, hidden);

  std::vector<uint8_t> held_back(kImages, 0);
  for (size_t i = kTrained; i < kImages; ++i) held_back[data.order[i]] = 1;
  write_npy(out / "split.npy", {kImages}, held_back);
  write_layer(out, "fc1", fc1, hidden);
  write_layer(out, "fc2", fc2, logits);
  write_bytes(out / "digits.yaml",
              "# SPDX-License-Identifier: Apache-2.0\n# Written by train_digits.cpp; see README.md.\n"
              "schema: assay/vector/1\nname: digits\n"
              "description: 1,797 images of hand-written digits through a trained 64-64-10 int8 perceptron\nprogram:\n" +
                  yaml_gemm("fc1", "file: images.npy", fc1) + yaml_gemm("fc2", "from: fc1", fc2));
  report("float", real_logits, data);
  report("int8", logits, data);
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
    if (args.empty() || args.size() > 2 || args[0].starts_with("-")) {
      std::fprintf(stderr, "usage: train_digits DIR [OUT] | train_digits --check DIR\n");
      return 2;
    }
    assay::vectors::generate(args[0], args.back());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "train_digits: %s\n", error.what());
    return 2;
  }
  return 0;
}
