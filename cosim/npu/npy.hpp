// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace assay::npu {

/// What is wrong with a data file, without its name: `… , expected …`.
struct DataError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class DataType : uint8_t { Int8, UInt8, Int32, Int64 };

constexpr size_t data_size(DataType type) { return type == DataType::Int64 ? 8 : type == DataType::Int32 ? 4 : 1; }
std::string_view data_name(DataType type);

/// Integers with a shape; 64-bit values must fit INT32.
struct Tensor {
  std::vector<int> shape;
  std::vector<int32_t> data;
};

/// Product of the dimensions; throws DataError above 2^28 elements.
size_t element_count(const std::vector<int>& shape);
std::string shape_text(const std::vector<int>& shape);

/// Little-endian elements from raw bytes.
std::vector<int32_t> unpack(std::string_view bytes, DataType type);

/// NumPy files of version 1 and 2, C order, little endian, |i1 |u1 <i4 <i8. `bytes` is the whole file.
Tensor parse_npy(std::string_view bytes);

/// Writes version 1 with the data cut to `type`.
void write_npy(const std::filesystem::path& file, const Tensor& tensor, DataType type);

/// The whole file; throws DataError when it cannot be read.
std::string read_bytes(const std::filesystem::path& file);

}  // namespace assay::npu
