// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/npy.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <fstream>
#include <iterator>
#include <limits>

namespace assay::npu {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

struct TypeEntry {
  DataType type;
  std::string_view descr, name;
  size_t bytes;
};
constexpr std::array<TypeEntry, 8> kTypes{{{DataType::Int8, "|i1", "int8", 1},
                                           {DataType::UInt8, "|u1", "uint8", 1},
                                           {DataType::Int32, "<i4", "int32", 4},
                                           {DataType::Int64, "<i8", "int64", 8},
                                           {DataType::UInt16, "<u2", "uint16", 2},
                                           {DataType::UInt32, "<u4", "uint32", 4},
                                           {DataType::Float32, "<f4", "float32", 4},
                                           {DataType::Float64, "<f8", "float64", 8}}};

uint64_t little(std::string_view bytes) {
  uint64_t value = 0;
  for (size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

/// The text after `'key':` in the header's Python dictionary, spaces skipped.
std::string_view value_of(std::string_view header, std::string_view key) {
  const std::string quoted = "'" + std::string(key) + "'";
  size_t at = header.find(quoted);
  if (at == std::string_view::npos) throw DataError("npy header has no " + quoted + ", expected descr, fortran_order and shape");
  at = header.find(':', at + quoted.size());
  if (at != std::string_view::npos) at = header.find_first_not_of(' ', at + 1);
  if (at == std::string_view::npos) throw DataError("npy header ends after " + quoted + ", expected a value");
  return header.substr(at);
}

DataType parse_descr(std::string_view text, DataTypes types) {
  const size_t end = text.size() < 2 ? std::string_view::npos : text.find(text[0], 1);
  const std::string_view descr = end == std::string_view::npos ? text : text.substr(1, end - 1);
  std::string known;
  for (size_t i = 0; i < types.size(); ++i) {
    const TypeEntry& entry = kTypes[static_cast<size_t>(types[i])];
    if (descr == entry.descr) return entry.type;
    known += (i == 0 ? "" : i + 1 == types.size() ? " or " : ", ") + std::string(entry.descr);
  }
  throw DataError("dtype is '" + std::string(descr) + "', expected " + known);
}

std::vector<int> parse_shape(std::string_view text) {
  const size_t end = text.find(')');
  if (text.empty() || text[0] != '(' || end == std::string_view::npos) throw DataError("npy shape is malformed, expected (rows, cols)");
  std::vector<int> shape;
  for (size_t at = 1; at < end;) {
    if (text[at] == ' ' || text[at] == ',') {
      ++at;
      continue;
    }
    int value = 0;
    const auto [next, error] = std::from_chars(text.data() + at, text.data() + end, value);
    if (error != std::errc{} || value < 0) throw DataError("npy shape is malformed, expected (rows, cols)");
    shape.push_back(value);
    at = static_cast<size_t>(next - text.data());
  }
  return shape;
}

}  // namespace

size_t data_size(DataType type) { return kTypes[static_cast<size_t>(type)].bytes; }
std::string_view data_name(DataType type) { return kTypes[static_cast<size_t>(type)].name; }

size_t element_count(const std::vector<int>& shape) {
  size_t count = 1;
  for (const int n : shape) {
    count *= static_cast<size_t>(n);
    if (count > (size_t{1} << 28)) throw DataError("shape " + shape_text(shape) + " is too large, expected at most 2^28 elements");
  }
  return count;
}

std::string shape_text(const std::vector<int>& shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

std::vector<int32_t> unpack(std::string_view bytes, DataType type) {
  const size_t width = data_size(type);
  std::vector<int32_t> out(bytes.size() / width);
  for (size_t i = 0; i < out.size(); ++i) {
    const uint64_t raw = little(bytes.substr(i * width, width));
    int64_t value = 0;
    switch (type) {
      case DataType::Int8:
        value = static_cast<int8_t>(raw);
        break;
      case DataType::UInt8:
        value = static_cast<uint8_t>(raw);
        break;
      case DataType::Int32:
        value = static_cast<int32_t>(raw);
        break;
      case DataType::Int64:
        value = static_cast<int64_t>(raw);
        break;
      default:  // bits, not a number
        value = static_cast<int32_t>(raw);
        break;
    }
    if (value < std::numeric_limits<int32_t>::min() || value > std::numeric_limits<int32_t>::max())
      throw DataError("element " + std::to_string(i) + " is " + std::to_string(value) + ", expected INT32 values");
    out[i] = static_cast<int32_t>(value);
  }
  return out;
}

std::vector<double> unpack_reals(std::string_view bytes, DataType type) {
  const size_t width = data_size(type);
  std::vector<double> out(bytes.size() / width);
  for (size_t i = 0; i < out.size(); ++i) {
    const uint64_t raw = little(bytes.substr(i * width, width));
    out[i] = type == DataType::Float64 ? std::bit_cast<double>(raw) : static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(raw)));
  }
  return out;
}

Npy open_npy(std::string_view bytes, DataTypes types) {
  if (bytes.substr(0, kMagic.size()) != kMagic) throw DataError("does not begin with the npy magic, expected a NumPy .npy file");
  if (bytes.size() < 10) throw DataError("npy header has " + std::to_string(bytes.size()) + " bytes, expected at least 10");
  const int version = static_cast<uint8_t>(bytes[6]);
  if (version != 1 && version != 2) throw DataError("npy version is " + std::to_string(version) + ", expected 1 or 2");
  const size_t fixed = version == 1 ? 10 : 12;
  const size_t length = bytes.size() < fixed ? 0 : little(bytes.substr(8, fixed - 8));
  if (bytes.size() < fixed || bytes.size() - fixed < length)
    throw DataError("file has " + std::to_string(bytes.size()) + " bytes, expected a header of " + std::to_string(fixed + length));
  const std::string_view header = bytes.substr(fixed, length);
  Npy out;
  out.type = parse_descr(value_of(header, "descr"), types);
  if (value_of(header, "fortran_order").substr(0, 5) != "False") throw DataError("fortran_order is not False, expected C order");
  out.shape = parse_shape(value_of(header, "shape"));
  out.payload = bytes.substr(fixed + length);
  const size_t expected = element_count(out.shape) * data_size(out.type);
  if (out.payload.size() != expected)
    throw DataError("has " + std::to_string(out.payload.size()) + " bytes of data, expected " + std::to_string(expected) + " for shape " +
                    shape_text(out.shape) + " of " + std::string(data_name(out.type)));
  return out;
}

Tensor parse_npy(std::string_view bytes) {
  const Npy npy = open_npy(bytes, kIntegerTypes);
  return {npy.shape, unpack(npy.payload, npy.type)};
}

std::string npy_bytes(const Tensor& tensor, DataType type) {
  std::string header = "{'descr': '" + std::string(kTypes[static_cast<size_t>(type)].descr) + "', 'fortran_order': False, 'shape': (";
  for (const int n : tensor.shape) header += std::to_string(n) + ",";
  header += "), }";
  header.resize((10 + header.size() + 1 + 63) / 64 * 64 - 11, ' ');  // NumPy aligns the data to 64 bytes
  header += '\n';
  std::string bytes(kMagic);
  bytes += {'\x01', '\x00', static_cast<char>(header.size() & 0xFF), static_cast<char>(header.size() >> 8)};
  bytes += header;
  for (const int32_t value : tensor.data)
    for (size_t i = 0; i < data_size(type); ++i) bytes += static_cast<char>(static_cast<uint64_t>(int64_t{value}) >> (8 * i) & 0xFF);
  return bytes;
}

void write_npy(const std::filesystem::path& file, const Tensor& tensor, DataType type) {
  const std::string bytes = npy_bytes(tensor, type);
  std::ofstream out(file, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw DataError("cannot write " + file.string());
}

std::string read_bytes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) throw DataError("cannot read '" + file.string() + "', expected a file");
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace assay::npu
