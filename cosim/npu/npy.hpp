// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace assay::npu {

/// What is wrong with a data file, without its name: `… , expected …`.
struct DataError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class DataType : uint8_t { Int8, UInt8, Int32, Int64, UInt16, UInt32, Float32, Float64 };

size_t data_size(DataType type);
std::string_view data_name(DataType type);

using DataTypes = std::span<const DataType>;
inline constexpr std::array kIntegerTypes{DataType::Int8, DataType::UInt8, DataType::Int32, DataType::Int64};

/// 32-bit words with a shape: integers, or codes of a floating-point format.
struct Tensor {
  std::vector<int> shape;
  std::vector<int32_t> data;
};

/// A NumPy file as it lies in memory.
struct Npy {
  DataType type = DataType::Int8;
  std::vector<int> shape;
  std::string_view payload;
};

/// Product of the dimensions; throws DataError above 2^28 elements.
size_t element_count(const std::vector<int>& shape);
std::string shape_text(const std::vector<int>& shape);

/// Little-endian elements from raw bytes: integers of kIntegerTypes, 64-bit values within INT32, or the bits of the others of up to 32 bits.
std::vector<int32_t> unpack(std::string_view bytes, DataType type);

/// Little-endian float32 or float64 elements.
std::vector<double> unpack_reals(std::string_view bytes, DataType type);

/// NumPy files of version 1 and 2, C order, little endian, of one of the types. `bytes` is the whole file and must outlive the result.
Npy open_npy(std::string_view bytes, DataTypes types);

/// The same with integers.
Tensor parse_npy(std::string_view bytes);

/// A file of version 1 with the data cut to `type`; the bits of float32 as they are.
std::string npy_bytes(const Tensor& tensor, DataType type);
/// The same, written.
void write_npy(const std::filesystem::path& file, const Tensor& tensor, DataType type);

/// The whole file; throws DataError when it cannot be read.
std::string read_bytes(const std::filesystem::path& file);

}  // namespace assay::npu
