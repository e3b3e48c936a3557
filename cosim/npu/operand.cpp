// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/operand.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace assay::npu {
namespace {

constexpr std::string_view kDataPrefix = "${ASSAY_DATA}/";

std::vector<int> read_shape(const VectorNode& node) {
  std::vector<int> shape;
  for (const VectorNode& item : node.items()) shape.push_back(static_cast<int>(item.integer(1, 1 << 24)));
  if (shape.empty()) node.fail("is empty, expected one size per dimension");
  try {
    element_count(shape);
  } catch (const DataError& error) {
    node.fail(error.what());
  }
  return shape;
}

Tensor read_inline(const VectorNode& node, const ElementType& type) {
  Tensor out;
  const auto rows = node.items();
  if (rows.empty()) node.fail("is empty, expected values");
  if (!rows[0].is_list()) {
    out.shape = {static_cast<int>(rows.size())};
    for (const VectorNode& value : rows) out.data.push_back(type.parse(value));
    return out;
  }
  const size_t cols = rows[0].size();
  if (cols == 0) rows[0].fail("is empty, expected values");
  out.shape = {static_cast<int>(rows.size()), static_cast<int>(cols)};
  for (const VectorNode& row : rows) {
    const auto values = row.items();
    if (values.size() != cols) row.fail("has " + std::to_string(values.size()) + " values, expected " + std::to_string(cols) + " as in the first row");
    for (const VectorNode& value : values) out.data.push_back(type.parse(value));
  }
  return out;
}

Tensor read_job(const VectorNode& node, const ElementType& type, const std::vector<Job>& jobs) {
  const std::string name = node.text();
  for (const Job& job : jobs)
    if (job.name == name) return {{job.rows, job.cols}, type.convert(job)};
  std::string known;
  for (const Job& job : jobs)
    if (!job.name.empty()) known += (known.empty() ? "" : ", ") + job.name;
  node.fail("no gemm named '" + name + "' stands before, expected " + (known.empty() ? "an earlier gemm with a name" : "one of " + known));
}

std::pair<int, int> read_interval(const VectorNode& slice, std::string_view key, int size) {
  const auto node = slice.find(key);
  if (!node) return {0, size};
  const auto ends = node->items();
  if (ends.size() != 2) node->fail("has " + std::to_string(ends.size()) + " values, expected [first, end)");
  const auto first = static_cast<int>(ends[0].integer(0, size - 1));
  return {first, static_cast<int>(ends[1].integer(first + 1, size))};
}

Tensor sliced(const Tensor& in, const VectorNode& slice) {
  slice.keys({"rows", "cols"});
  if (in.shape.size() != 2) slice.fail("operand has shape " + shape_text(in.shape) + ", expected two dimensions to slice");
  const auto [r0, r1] = read_interval(slice, "rows", in.shape[0]);
  const auto [c0, c1] = read_interval(slice, "cols", in.shape[1]);
  Tensor out;
  out.shape = {r1 - r0, c1 - c0};
  for (int r = r0; r < r1; ++r)
    for (int c = c0; c < c1; ++c) out.data.push_back(in.data[static_cast<size_t>(r) * static_cast<size_t>(in.shape[1]) + static_cast<size_t>(c)]);
  return out;
}

Tensor transposed(const Tensor& in, const VectorNode& node) {
  if (in.shape.size() != 2) node.fail("operand has shape " + shape_text(in.shape) + ", expected two dimensions to transpose");
  const auto rows = static_cast<size_t>(in.shape[0]), cols = static_cast<size_t>(in.shape[1]);
  Tensor out{{in.shape[1], in.shape[0]}, std::vector<int32_t>(in.data.size())};
  for (size_t r = 0; r < rows; ++r)
    for (size_t c = 0; c < cols; ++c) out.data[c * rows + r] = in.data[r * cols + c];
  return out;
}

DataType raw_type(const VectorNode& dtype, const ElementType& type) {
  std::vector<std::string_view> names;
  for (const DataType known : type.raw_types()) names.push_back(data_name(known));
  return type.raw_types()[dtype.one_of(names)];
}

/// Where a word lies in a tensor, as `i, j`.
std::string place_text(size_t index, const std::vector<int>& shape) {
  std::string at;
  for (size_t d = shape.size(); d-- > 0;) {
    const auto size = static_cast<size_t>(shape[d]);
    at = std::to_string(index % size) + (at.empty() ? "" : ", ") + at;
    index /= size;
  }
  return at;
}

[[noreturn]] void fail_at(const VectorNode& node, const std::vector<int>& shape, const BadElement& bad) {
  node.fail("value at [" + place_text(bad.index, shape) + "] " + bad.what());
}

void check_values(const VectorNode& node, const Tensor& tensor, const ElementType& type) {
  try {
    type.check(tensor.data);
  } catch (const BadElement& bad) {
    fail_at(node, tensor.shape, bad);
  }
}

}  // namespace

std::filesystem::path data_folder(const LoadOptions& options) {
  if (!options.data_root.empty()) return options.data_root;
  if (const char* value = std::getenv("ASSAY_DATA"); value && *value) return value;
  return (options.project_root.empty() ? std::filesystem::path(".") : options.project_root) / ".." / "shared" / "data";
}

std::filesystem::path resolve_file(const VectorNode& node, const std::filesystem::path& folder, const LoadOptions& options) {
  const std::string name = node.text();
  const bool shared = name.starts_with(kDataPrefix);
  if (!shared && name.find("${") != std::string::npos) node.expected("a path, or ${ASSAY_DATA}/ in front of one");
  const std::filesystem::path path = shared ? data_folder(options) / name.substr(kDataPrefix.size()) : folder / name;
  if (std::filesystem::is_regular_file(path)) return path;
  if (shared) throw DataMissing("test data '" + name + "' are not there: set ASSAY_DATA to the folder that holds them");
  node.fail("no file '" + name + "', expected one beside the vector");
}

Tensor OperandReader::from_file(const VectorNode& node, const ElementType& type) {
  const VectorNode file = node.at("file");
  const std::filesystem::path path = resolve_file(file, folder_, options_);
  const bool npy = path.extension() == ".npy";
  for (const char* key : {"dtype", "offset", "shape"})
    if (const auto extra = node.find(key); npy && extra) extra->fail("stands beside a .npy file, expected only for raw binary files");
  Tensor out;
  try {
    const std::string bytes = read_bytes(path);
    if (npy) {
      const Npy content = open_npy(bytes, type.npy_types());
      out.shape = content.shape;
      out.data = type.unpack(content.payload, content.type);
      return out;
    }
    const DataType data = raw_type(node.at("dtype"), type);
    const auto offset = static_cast<size_t>(node.integer_or("offset", 0, 0, INT64_C(1) << 40));
    out.shape = read_shape(node.at("shape"));
    const size_t wanted = element_count(out.shape) * data_size(data);
    if (bytes.size() < offset + wanted)
      throw DataError("has " + std::to_string(bytes.size()) + " bytes, expected " + std::to_string(wanted) + " from offset " + std::to_string(offset) +
                      " for shape " + shape_text(out.shape) + " of " + std::string(data_name(data)));
    out.data = type.unpack(std::string_view(bytes).substr(offset, wanted), data);
    return out;
  } catch (const DataError& error) {
    file.fail(path.filename().string() + ": " + error.what());
  } catch (const BadElement& bad) {
    fail_at(node, out.shape, bad);
  }
}

Tensor OperandReader::from_random(const VectorNode& node, const ElementType& type, const std::vector<int>& implied) {
  node.keys({"class", "shape", "seed"});
  const auto kind = node.find("class");
  const size_t cls = kind ? kind->one_of(type.random_classes()) : 0;
  const auto shape = node.find("shape");
  if (!shape && implied.empty()) node.fail("has no shape, expected one");
  Tensor out;
  out.shape = shape ? read_shape(*shape) : implied;
  const auto seed = static_cast<uint64_t>(node.integer_or("seed", static_cast<int64_t>(options_.seed), INT64_MIN, INT64_MAX));
  Random random(seed, ++random_count_);
  out.data = type.random(cls, out.shape, random);
  return out;
}

Tensor OperandReader::source(const VectorNode& node, const ElementType& type, const std::vector<Job>& jobs, const std::vector<int>& implied) {
  if (node.is_list()) return read_inline(node, type);
  if (!node.is_map()) node.expected("an operand: file, inline, random or from");
  const int sources = node.has("file") + node.has("inline") + node.has("random") + node.has("from");
  if (sources != 1) node.fail("names " + std::to_string(sources) + " sources, expected one of file, inline, random or from");
  if (node.has("file")) {
    node.keys({"file", "dtype", "offset", "shape", "slice", "reshape", "transpose"});
    return from_file(node, type);
  }
  node.keys({node.has("inline") ? "inline" : node.has("random") ? "random" : "from", "slice", "reshape", "transpose"});
  if (const auto values = node.find("inline")) return read_inline(*values, type);
  if (const auto values = node.find("random")) return from_random(*values, type, implied);
  return read_job(node.at("from"), type, jobs);
}

Tensor OperandReader::read(const VectorNode& node, const ElementType& type, const std::vector<Job>& jobs, const std::vector<int>& implied) {
  if (node.is_scalar() && !implied.empty()) {
    const int32_t value = type.parse(node);
    check_values(node, {{1}, {value}}, type);
    return {implied, std::vector<int32_t>(element_count(implied), value)};
  }
  Tensor out = source(node, type, jobs, implied);
  if (const auto slice = node.find("slice")) out = sliced(out, *slice);
  if (const auto shape = node.find("reshape")) {
    const std::vector<int> wanted = read_shape(*shape);
    if (element_count(wanted) != out.data.size())
      shape->fail(shape_text(wanted) + " does not hold " + std::to_string(out.data.size()) + " values, expected a reshape of " + shape_text(out.shape));
    out.shape = wanted;
  }
  if (const auto flag = node.find("transpose"); flag && flag->boolean()) out = transposed(out, *flag);
  check_values(node, out, type);
  return out;
}

functional::Matrix OperandReader::matrix(const VectorNode& node, const ElementType& type, const std::vector<Job>& jobs, const std::vector<int>& implied) {
  Tensor tensor = read(node, type, jobs, implied);
  if (tensor.shape.size() != 2 || tensor.data.empty()) node.fail("has shape " + shape_text(tensor.shape) + ", expected two dimensions");
  functional::Matrix out;
  out.rows = tensor.shape[0];
  out.cols = tensor.shape[1];
  out.data = std::move(tensor.data);
  return out;
}

std::vector<int32_t> OperandReader::row(const VectorNode& node, const ElementType& type, const std::vector<Job>& jobs, int n) {
  Tensor tensor = read(node, type, jobs, {n});
  const bool flat = tensor.shape == std::vector<int>{n} || tensor.shape == std::vector<int>{1, n};
  if (!flat) node.fail("has shape " + shape_text(tensor.shape) + ", expected [" + std::to_string(n) + "] or one value");
  return std::move(tensor.data);
}

}  // namespace assay::npu
