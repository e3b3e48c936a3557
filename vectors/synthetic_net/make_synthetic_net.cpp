// SPDX-License-Identifier: Apache-2.0
// Writes the synthetic_net vector: ten fully connected layers of seeded random numbers that go through what the tile can do with
// a layer, scaled so that results fill their range. Same rules for the same bytes everywhere as vectors/digits/train_digits.cpp.
//
//   make_synthetic_net OUT          writes the vector to OUT
//   make_synthetic_net --check DIR  regenerates into a temporary folder and compares with DIR
#include <exception>

#include "vectors/digits/int8_net.hpp"

namespace assay::vectors {
namespace {

constexpr uint64_t kSeed = 7302;
constexpr size_t kRows = 11;
constexpr int kInputZeroPoint = 3;

/// What a layer is like; the numbers follow from it and the seed.
struct Plan {
  const char* purpose;
  size_t inputs, outputs;
  int weight_max;
  bool per_column, single, output_unsigned, table;
  int zero_point, clamp_lo, clamp_hi;
};

// Inputs of a layer are the outputs before it, with that layer's zero point, or the table's: −128 (int8), 0 (uint8).
const Plan kPlans[] = {
    {"more columns than any tile, ReLU", 70, 150, 127, true, false, false, false, -128, -128, 127},
    {"rows and columns beyond any tile, one scale", 150, 140, 127, false, true, false, false, 5, -128, 127},
    {"more rows than any tile, a column with multiplier 0", 140, 33, 127, true, false, false, false, -7, -100, 90},
    {"a narrow layer, clamped to few values", 33, 8, 127, false, false, false, false, 0, -4, 3},
    {"shifts of both signs in double mode, sigmoid table", 8, 65, 2, true, false, false, true, 0, -128, 127},
    {"uint8 result through a sigmoid table", 65, 17, 127, true, true, true, true, 128, 0, 255},
    {"uint8 in and out", 17, 64, 127, false, true, true, false, 37, 0, 255},
    {"uint8 in, clamped to few values", 64, 40, 127, true, false, false, false, 1, -1, 3},
    {"shifts of both signs in single mode", 40, 100, 1, true, true, false, false, 11, -128, 127},
    {"one scale", 100, 12, 127, false, false, false, false, -20, -128, 127},
};

/// The logistic function of steps of 1/16, in steps of 1/256: an int8 result stands for −128 … 127 of zero point −128, a uint8
/// one for 0 … 255. The index is the low byte of a value with zero point `centre`.
std::vector<uint8_t> sigmoid_table(bool is_unsigned, int centre) {
  std::vector<uint8_t> table(256);
  for (int index = 0; index < 256; ++index) {
    const int value = is_unsigned || index < 128 ? index : index - 256;
    const double x = (value - centre) / 16.0;
    const double e = exp_negative(x < 0.0 ? x : -x);
    const double y = x < 0.0 ? e / (1.0 + e) : 1.0 / (1.0 + e);
    const int step = static_cast<int>(std::min(255L, std::lround(256.0 * y)));
    table[static_cast<size_t>(index)] = static_cast<uint8_t>(is_unsigned ? step : step - 128);
  }
  return table;
}

/// Largest magnitude of accumulator plus bias over all rows, of column n.
int64_t top_sum(const Layer& l, const std::vector<int32_t>& in, size_t n) {
  int64_t top = 1;
  for (size_t i = 0; i < kRows; ++i) top = std::max(top, std::abs(int64_t{accumulate(l, &in[i * l.inputs], n)}));
  return top;
}

/// Columns reach between 0.8 and 1.3 of what their format holds to the nearer side, so some results saturate.
std::vector<Scale> fit_scales(const Layer& l, const Plan& plan, const std::vector<int32_t>& in, SplitMix64& random) {
  std::vector<int64_t> top(plan.per_column ? l.outputs : 1, 1);
  for (size_t n = 0; n < l.outputs; ++n) {
    int64_t& t = top[plan.per_column ? n : 0];
    t = std::max(t, top_sum(l, in, n));
  }
  const bool relu = plan.zero_point == -128;
  std::vector<Scale> scales;
  for (int64_t t : top) {
    const double reach = (relu ? 255.0 : 127.0) * (0.8 + 0.5 * random.uniform());
    scales.push_back(quantize_multiplier(reach / static_cast<double>(t)));
  }
  return scales;
}

Layer make_layer(size_t index, int input_zero_point, const std::vector<int32_t>& in, SplitMix64& random) {
  const Plan& plan = kPlans[index];
  Layer l;
  l.inputs = plan.inputs;
  l.outputs = plan.outputs;
  l.input_zero_point = input_zero_point;
  l.zero_point = plan.zero_point;
  l.clamp_lo = plan.clamp_lo;
  l.clamp_hi = plan.clamp_hi;
  l.single = plan.single;
  l.output_unsigned = plan.output_unsigned;
  // −128 as well, where the full range is meant.
  const int low = plan.weight_max == 127 ? -128 : -plan.weight_max;
  for (size_t i = 0; i < l.inputs * l.outputs; ++i) {
    // Among columns of small weights every fourth has larger ones: shifts of both signs, and short enough for ties.
    const int times = plan.weight_max <= 2 && i % l.outputs % 4 == 3 ? 32 : 1;
    l.weights.push_back(static_cast<int8_t>(random.range(low, plan.weight_max) * times));
  }
  const int bias_max = static_cast<int>(l.inputs) * plan.weight_max * (plan.weight_max > 2 ? 8 : 1) / 2;
  for (size_t n = 0; n < l.outputs; ++n) l.bias.push_back(random.range(-bias_max, bias_max));
  l.scales = fit_scales(l, plan, in, random);
  if (index == 2) l.scales[3] = {};
  if (plan.table) l.table = sigmoid_table(plan.output_unsigned, plan.zero_point);
  return l;
}

std::string operand(const std::string& file) { return std::string("{file: ").append(file).append(".npy}"); }

/// The layer's part of the vector file, and its data files.
std::string write_layer(const std::filesystem::path& out, size_t index, const Layer& l, const std::vector<int32_t>& expect) {
  const std::string name = std::string("fc").append(std::to_string(index + 1));
  const auto file = [&](const char* what) { return std::string(name).append("_").append(what); };
  const auto path = [&](const char* what) { return out / file(what).append(".npy"); };
  std::vector<int32_t> multiplier, shift;
  for (const Scale& s : l.scales) {
    multiplier.push_back(s.multiplier);
    shift.push_back(s.shift);
  }
  write_npy(path("weights"), {l.inputs, l.outputs}, l.weights);
  write_npy(path("bias"), {l.outputs}, l.bias);
  if (l.output_unsigned)
    write_npy(path("expect"), {kRows, l.outputs}, convert<uint8_t>(expect));
  else
    write_npy(path("expect"), {kRows, l.outputs}, convert<int8_t>(expect));
  const bool per_column = l.scales.size() > 1;
  if (per_column) {
    write_npy(path("multiplier"), {l.outputs}, multiplier);
    write_npy(path("shift"), {l.outputs}, shift);
  }
  if (l.output_unsigned && !l.table.empty()) write_npy(path("table"), {256}, l.table);
  if (!l.output_unsigned && !l.table.empty()) write_npy(path("table"), {256}, convert<int8_t>(l.table));

  std::ostringstream y;
  y << "  # " << kPlans[index].purpose << "\n  - gemm:\n      name: " << name << "\n      a: ";
  if (index == 0)
    y << "{file: input.npy}\n";
  else
    y << "{from: fc" << index << "}\n";
  if (index > 0 && kPlans[index - 1].output_unsigned) y << "      a_unsigned: true\n";
  y << "      b: " << operand(file("weights")) << "\n      a_zero_point: " << l.input_zero_point << "\n      requant:\n"
    << "        bias: " << operand(file("bias")) << "\n"
    << "        multiplier: " << (per_column ? operand(file("multiplier")) : std::to_string(multiplier[0])) << "\n"
    << "        shift: " << (per_column ? operand(file("shift")) : std::to_string(shift[0])) << "\n"
    << "        zero_point: " << l.zero_point << "\n        clamp: [" << l.clamp_lo << ", " << l.clamp_hi << "]\n"
    << "        mode: " << (l.single ? "single" : "double") << "\n";
  if (l.output_unsigned) y << "        output_unsigned: true\n";
  if (!l.table.empty()) y << "        table: " << operand(file("table")) << "\n";
  y << "      expect: " << operand(file("expect")) << "\n";
  return y.str();
}

void generate(const std::filesystem::path& out) {
  SplitMix64 random(kSeed);
  std::vector<int32_t> values(kRows * kPlans[0].inputs);
  for (int32_t& v : values) v = random.range(-128, 127);
  write_npy(out / "input.npy", {kRows, kPlans[0].inputs}, convert<int8_t>(values));
  std::string yaml =
      "# SPDX-License-Identifier: Apache-2.0\n# Written by make_synthetic_net.cpp; see README.md.\n"
      "schema: assay/vector/1\nname: synthetic_net\n"
      "description: ten random int8 layers, both roundings, one scale or one per column, sigmoid tables, uint8 activations\nprogram:\n";
  int zero_point = kInputZeroPoint;
  for (size_t i = 0; i < std::size(kPlans); ++i) {
    const Layer layer = make_layer(i, zero_point, values, random);
    values = run_layer(layer, values);
    yaml += write_layer(out, i, layer, values);
    zero_point = layer.table.empty() ? layer.zero_point : layer.output_unsigned ? 0 : -128;
  }
  write_bytes(out / "synthetic_net.yaml", yaml);
}

}  // namespace
}  // namespace assay::vectors

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  try {
    assay::vectors::refuse_contraction();
    if (args.size() == 2 && args[0] == "--check") return assay::vectors::check_generated(args[1], assay::vectors::generate);
    if (args.size() != 1 || args[0].starts_with("-")) {
      std::fprintf(stderr, "usage: make_synthetic_net OUT | make_synthetic_net --check DIR\n");
      return 2;
    }
    assay::vectors::generate(args[0]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_synthetic_net: %s\n", error.what());
    return 2;
  }
  return 0;
}
