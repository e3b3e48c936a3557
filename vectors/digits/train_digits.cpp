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

#include "vectors/digits/int8_net.hpp"

namespace assay::vectors {
namespace {

constexpr uint64_t kSeed = 20240717;
constexpr size_t kImages = 1797, kPixels = 64, kHidden = 64, kClasses = 10;
constexpr size_t kTrained = 1200;  // of the seeded permutation; the other 597 are held back
constexpr size_t kBatch = 20, kEpochs = 100;
constexpr double kRate = 0.003, kDecay = 1e-4, kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;
constexpr double kInputScale = 1.0 / 240.0;
constexpr int kInputZeroPoint = -128;

/// Parameters of one dense layer with the moments of Adam.
struct Dense {
  size_t inputs, outputs;
  std::vector<double> w, grad, moment1, moment2;  // weights [K][N], then the biases [N]

  Dense(size_t k, size_t n, SplitMix64& random) : inputs(k), outputs(n), w((k + 1) * n), grad(w), moment1(w), moment2(w) {
    const double limit = std::sqrt(6.0 / static_cast<double>(k + n));
    for (size_t i = 0; i < k * n; ++i) w[i] = (2.0 * random.uniform() - 1.0) * limit;
  }

  void forward(const double* in, double* out) const {
    for (size_t n = 0; n < outputs; ++n) out[n] = w[inputs * outputs + n];
    for (size_t k = 0; k < inputs; ++k)
      for (size_t n = 0; n < outputs; ++n) out[n] += in[k] * w[k * outputs + n];
  }

  /// Adds the gradient for `delta` at the outputs; leaves the one at the inputs in `back`, unless that is null.
  void backward(const double* in, const double* delta, double* back) {
    for (size_t k = 0; k < inputs; ++k) {
      double sum = 0.0;
      for (size_t n = 0; n < outputs; ++n) {
        grad[k * outputs + n] += in[k] * delta[n];
        sum += w[k * outputs + n] * delta[n];
      }
      if (back != nullptr) back[k] = sum;
    }
    for (size_t n = 0; n < outputs; ++n) grad[inputs * outputs + n] += delta[n];
  }

  /// `fix1`, `fix2`: 1 − beta^t of the two moments.
  void step(double rate, double fix1, double fix2) {
    for (size_t i = 0; i < w.size(); ++i) {
      const double g = grad[i] / static_cast<double>(kBatch) + (i < inputs * outputs ? kDecay * w[i] : 0.0);
      moment1[i] = kBeta1 * moment1[i] + (1.0 - kBeta1) * g;
      moment2[i] = kBeta2 * moment2[i] + (1.0 - kBeta2) * g * g;
      w[i] -= rate * (moment1[i] / fix1) / (std::sqrt(moment2[i] / fix2) + kEpsilon);
      grad[i] = 0.0;
    }
  }
};

struct Network {
  Dense fc1, fc2;
};

struct Data {
  std::vector<int8_t> images;
  std::vector<uint8_t> labels;
  std::vector<double> inputs;  // pixel / 16
  std::vector<size_t> order;   // seeded permutation: the first kTrained are trained on
};

void shuffle(std::vector<size_t>& order, size_t count, SplitMix64& random) {
  for (size_t i = count - 1; i > 0; --i) std::swap(order[i], order[random.below(static_cast<uint32_t>(i + 1))]);
}

Data load(const std::filesystem::path& dir, SplitMix64& random) {
  Data data;
  const auto images = read_npy<int8_t>(dir / "images.npy");
  const auto labels = read_npy<uint8_t>(dir / "labels.npy");
  if (images.shape != std::vector<size_t>{kImages, kPixels} || labels.shape != std::vector<size_t>{kImages})
    throw std::runtime_error(dir.string() + ": images.npy or labels.npy has the wrong shape");
  data.images = images.data;
  data.labels = labels.data;
  for (int8_t q : data.images) data.inputs.push_back((q - kInputZeroPoint) * kInputScale);
  for (size_t i = 0; i < kImages; ++i) data.order.push_back(i);
  shuffle(data.order, kImages, random);
  return data;
}

void relu(double* x, size_t n) {
  for (size_t i = 0; i < n; ++i) x[i] = x[i] > 0.0 ? x[i] : 0.0;
}

/// The image moved sideways by one pixel, one time in three; zeros come in at the edge.
void augment(const double* input, double* moved, SplitMix64& random) {
  const int by = random.below(2) != 0 ? random.range(-1, 1) : 0;
  for (int y = 0; y < 8; ++y)
    for (int x = 0; x < 8; ++x) moved[8 * y + x] = x + by < 0 || x + by > 7 ? 0.0 : input[8 * y + x + by];
}

/// Forward, softmax cross-entropy, backward for one image.
void learn(Network& net, const double* input, uint8_t label) {
  double hidden[kHidden], logits[kClasses], back[kHidden];
  net.fc1.forward(input, hidden);
  relu(hidden, kHidden);
  net.fc2.forward(hidden, logits);
  const double top = *std::max_element(logits, logits + kClasses);
  double sum = 0.0;
  for (double& x : logits) sum += x = exp_negative(x - top);
  for (size_t n = 0; n < kClasses; ++n) logits[n] = logits[n] / sum - (n == label ? 1.0 : 0.0);
  net.fc2.backward(hidden, logits, back);
  for (size_t n = 0; n < kHidden; ++n) back[n] = hidden[n] > 0.0 ? back[n] : 0.0;
  net.fc1.backward(input, back, nullptr);
}

Network train(const Data& data, SplitMix64& random) {
  Network net{Dense(kPixels, kHidden, random), Dense(kHidden, kClasses, random)};
  std::vector<size_t> order(data.order.begin(), data.order.begin() + kTrained);
  double power1 = 1.0, power2 = 1.0;
  for (size_t epoch = 0; epoch < kEpochs; ++epoch) {
    shuffle(order, kTrained, random);
    const double rate = kRate * (1.0 - static_cast<double>(epoch) / static_cast<double>(kEpochs));
    for (size_t start = 0; start < kTrained; start += kBatch) {
      for (size_t i = start; i < start + kBatch; ++i) {
        double input[kPixels];
        augment(&data.inputs[order[i] * kPixels], input, random);
        learn(net, input, data.labels[order[i]]);
      }
      power1 *= kBeta1;
      power2 *= kBeta2;
      net.fc1.step(rate, 1.0 - power1, 1.0 - power2);
      net.fc2.step(rate, 1.0 - power1, 1.0 - power2);
    }
  }
  return net;
}

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

template <typename T>
size_t correct(const std::vector<T>& logits, const Data& data, size_t from, size_t to) {
  size_t hits = 0;
  for (size_t i = from; i < to; ++i) {
    const auto* row = &logits[data.order[i] * kClasses];
    hits += static_cast<size_t>(std::max_element(row, row + kClasses) - row) == data.labels[data.order[i]];
  }
  return hits;
}

template <typename T>
void report(const char* name, const std::vector<T>& logits, const Data& data) {
  const size_t trained = correct(logits, data, 0, kTrained), held = correct(logits, data, kTrained, kImages);
  const size_t held_count = kImages - kTrained;
  std::printf("%-5s trained %zu/%zu = %.2f %%, held back %zu/%zu = %.2f %%\n", name, trained, kTrained,
              100.0 * static_cast<double>(trained) / static_cast<double>(kTrained), held, held_count,
              100.0 * static_cast<double>(held) / static_cast<double>(held_count));
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
