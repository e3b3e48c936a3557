// SPDX-License-Identifier: Apache-2.0
// Reads the network vectors as their generators write them (one `key: value` a line, operands in braces) into layers of the
// generators' integer reference. Not the project's loader: the vectors are to be right without it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "vectors/digits/int8_net.hpp"

namespace assay::tests {

using vectors::Layer;

inline std::filesystem::path project_root() { return ASSAY_PROJECT_DIR; }

inline std::filesystem::path data_root() {
  const char* named = std::getenv("ASSAY_DATA");
  return named != nullptr && *named != '\0' ? std::filesystem::path(named) : project_root().parent_path() / "shared" / "data";
}

/// The value of `key` in `{key: value, …}`, without quotes; a value in brackets keeps them.
inline std::string field(const std::string& braces, const std::string& key) {
  size_t at = braces.find(std::string(key).append(": "));
  if (at == std::string::npos) return {};
  at += key.size() + 2;
  const char close = braces[at] == '[' ? ']' : braces[at] == '"' ? '"' : ',';
  const size_t end = std::min(braces.find(close, at + 1), braces.size() - 1);
  if (close == '"') return braces.substr(at + 1, end - at - 1);
  return braces.substr(at, close == ']' ? end - at + 1 : end - at);
}

inline std::vector<int> list(const std::string& brackets) {
  std::vector<int> values;
  std::istringstream in(brackets.substr(1));
  for (std::string item; std::getline(in, item, ',');) values.push_back(std::stoi(item));
  return values;
}

struct Operand {
  std::vector<size_t> shape;
  std::vector<int32_t> data;
};

template <typename T>
Operand from_npy(const std::filesystem::path& file) {
  const auto npy = vectors::read_npy<T>(file);
  return {npy.shape, vectors::convert<int32_t>(npy.data)};
}

template <typename T>
Operand from_raw(const std::filesystem::path& file, const std::string& text) {
  Operand o;
  size_t count = 1;
  for (int dim : list(field(text, "shape"))) {
    o.shape.push_back(static_cast<size_t>(dim));
    count *= o.shape.back();
  }
  const std::string bytes = vectors::read_bytes(file);
  const size_t offset = std::stoul(field(text, "offset"));
  if (offset + count * sizeof(T) > bytes.size()) throw std::runtime_error(file.string() + ": too short");
  std::vector<T> values(count);
  std::copy_n(bytes.data() + offset, count * sizeof(T), reinterpret_cast<char*>(values.data()));
  o.data = vectors::convert<int32_t>(values);
  return o;
}

inline Operand transposed(const Operand& o) {
  Operand t{{o.shape.at(1), o.shape.at(0)}, std::vector<int32_t>(o.data.size())};
  for (size_t i = 0; i < o.shape[0]; ++i)
    for (size_t j = 0; j < o.shape[1]; ++j) t.data[j * o.shape[0] + i] = o.data[i * o.shape[1] + j];
  return t;
}

inline Operand operand(const std::filesystem::path& dir, const std::string& text) {
  if (text.front() != '{') return {{1}, {std::stoi(text)}};
  std::string name = field(text, "file");
  constexpr std::string_view kData = "${ASSAY_DATA}";
  const std::filesystem::path file = name.starts_with(kData) ? data_root() / name.substr(kData.size() + 1) : dir / name;
  const std::string type = field(text, "dtype");
  if (type.empty()) {
    const std::string head = vectors::read_bytes(file).substr(0, 128);
    if (head.find("<i4") != std::string::npos) return from_npy<int32_t>(file);
    return head.find("|u1") != std::string::npos ? from_npy<uint8_t>(file) : from_npy<int8_t>(file);
  }
  const Operand o = type == "int32" ? from_raw<int32_t>(file, text) : from_raw<int8_t>(file, text);
  return field(text, "transpose") == "true" ? transposed(o) : o;
}

/// One gemm: `input` is empty where it takes another one's result, `expect` where the vector says nothing.
struct Step {
  std::string name, from;
  Layer layer;
  Operand input, expect;
};

using Keys = std::map<std::string, std::string>;

inline Step make_step(const std::filesystem::path& dir, const Keys& keys) {
  Step step{keys.at("name"), field(keys.at("a"), "from"), {}, {}, {}};
  Layer& l = step.layer;
  const Operand weights = operand(dir, keys.at("b"));
  l.inputs = weights.shape.at(0);
  l.outputs = weights.shape.at(1);
  l.weights = vectors::convert<int8_t>(weights.data);
  l.bias = operand(dir, keys.at("bias")).data;
  const auto multiplier = operand(dir, keys.at("multiplier")).data, shift = operand(dir, keys.at("shift")).data;
  for (size_t i = 0; i < multiplier.size(); ++i) l.scales.push_back({multiplier[i], shift.at(i)});
  l.input_zero_point = std::stoi(keys.at("a_zero_point"));
  l.zero_point = std::stoi(keys.at("zero_point"));
  l.clamp_lo = list(keys.at("clamp")).at(0);
  l.clamp_hi = list(keys.at("clamp")).at(1);
  l.single = keys.at("mode") == "single";
  l.output_unsigned = keys.contains("output_unsigned") && keys.at("output_unsigned") == "true";
  if (keys.contains("table")) l.table = vectors::convert<uint8_t>(operand(dir, keys.at("table")).data);
  if (step.from.empty()) step.input = operand(dir, keys.at("a"));
  if (keys.contains("expect")) step.expect = operand(dir, keys.at("expect"));
  return step;
}

/// `name`: the vector file below vectors/.
inline std::vector<Step> load_network(const std::string& name) {
  const std::filesystem::path file = project_root() / "vectors" / name;
  std::istringstream in(vectors::read_bytes(file));
  std::vector<Keys> gemms;
  for (std::string line; std::getline(in, line);) {
    const size_t start = line.find_first_not_of(' '), colon = line.find(": ");
    if (line.find("- gemm:") != std::string::npos)
      gemms.emplace_back();
    else if (!gemms.empty() && colon != std::string::npos && line[start] != '#')
      gemms.back()[line.substr(start, colon - start)] = line.substr(colon + 2);
  }
  std::vector<Step> steps;
  for (const Keys& keys : gemms) steps.push_back(make_step(file.parent_path(), keys));
  return steps;
}

/// Every step's result by the integer reference, in order; a step takes the first input or the result just before.
inline std::vector<std::vector<int32_t>> run_network(const std::vector<Step>& steps) {
  std::vector<std::vector<int32_t>> results;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (i > 0 && steps[i].from != steps[i - 1].name) throw std::runtime_error(steps[i].name + ": not a chain");
    results.push_back(vectors::run_layer(steps[i].layer, i == 0 ? steps[i].input.data : results.back()));
  }
  return results;
}

}  // namespace assay::tests
