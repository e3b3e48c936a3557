// SPDX-License-Identifier: Apache-2.0
// The 64-64-10 perceptron of the digits vectors and its training, in double: what the int8 and the BF16 vector share.
//
// The same numbers come from every x86-64 compiler: one thread, a fixed seed, double arithmetic with + − × ÷ and sqrt only
// (correctly rounded by IEEE 754), an own exp, and no contraction: compile with -ffp-contract=off, without -ffast-math.
#pragma once

#include <cstdio>

#include "vectors/digits/int8_net.hpp"

namespace assay::vectors {

inline constexpr uint64_t kSeed = 20240717;
inline constexpr size_t kImages = 1797, kPixels = 64, kHidden = 64, kClasses = 10;
inline constexpr size_t kTrained = 1200;  // of the seeded permutation; the other 597 are held back
inline constexpr size_t kBatch = 20, kEpochs = 100;
inline constexpr double kRate = 0.003, kDecay = 1e-4, kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;
inline constexpr double kInputScale = 1.0 / 240.0;
inline constexpr int kInputZeroPoint = -128;

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

inline void shuffle(std::vector<size_t>& order, size_t count, SplitMix64& random) {
  for (size_t i = count - 1; i > 0; --i) std::swap(order[i], order[random.below(static_cast<uint32_t>(i + 1))]);
}

inline Data load(const std::filesystem::path& dir, SplitMix64& random) {
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

inline void relu(double* x, size_t n) {
  for (size_t i = 0; i < n; ++i) x[i] = x[i] > 0.0 ? x[i] : 0.0;
}

/// The image moved sideways by one pixel, one time in three; zeros come in at the edge.
inline void augment(const double* input, double* moved, SplitMix64& random) {
  const int by = random.below(2) != 0 ? random.range(-1, 1) : 0;
  for (int y = 0; y < 8; ++y)
    for (int x = 0; x < 8; ++x) moved[8 * y + x] = x + by < 0 || x + by > 7 ? 0.0 : input[8 * y + x + by];
}

/// Forward, softmax cross-entropy, backward for one image.
inline void learn(Network& net, const double* input, uint8_t label) {
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

inline Network train(const Data& data, SplitMix64& random) {
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

}  // namespace assay::vectors
