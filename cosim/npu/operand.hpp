// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "cosim/common/random.hpp"
#include "cosim/npu/npy.hpp"
#include "cosim/npu/program.hpp"
#include "cosim/npu/random_values.hpp"
#include "cosim/npu/vector.hpp"
#include "cosim/npu/vector_yaml.hpp"
#include "model/functional/gemm.hpp"

namespace assay::npu {

/// An element of a file that the operand cannot hold: `what()` says `is …, expected …`.
struct BadElement : std::runtime_error {
  BadElement(size_t place, const std::string& text) : std::runtime_error(text), index(place) {}
  size_t index;
};

/// What an operand's elements are: how text, files, random classes and earlier results become the 32-bit words of a tensor.
class ElementType {
 public:
  virtual ~ElementType() = default;
  /// A number in the vector file; fails with its place when it is none.
  virtual int32_t parse(const VectorNode& node) const = 0;
  /// Types of .npy and raw files it can be read from.
  virtual DataTypes npy_types() const = 0;
  virtual DataTypes raw_types() const = 0;
  virtual std::vector<int32_t> unpack(std::string_view bytes, DataType type) const = 0;
  virtual std::vector<int32_t> convert(const Job& job) const = 0;
  virtual std::vector<std::string_view> random_classes() const = 0;
  virtual std::vector<int32_t> random(size_t cls, const std::vector<int>& shape, Random& random) const = 0;
  /// Throws BadElement for the first word that is no element.
  virtual void check(const std::vector<int32_t>& data) const = 0;
};

/// Integers from lo to hi, and how an error names them.
class ValueRange final : public ElementType {
 public:
  ValueRange(int64_t lowest, int64_t highest, const char* text, bool zero = false) : lo(lowest), hi(highest), name(text), zero_too(zero) {}
  int32_t parse(const VectorNode& node) const override;
  DataTypes npy_types() const override { return kIntegerTypes; }
  DataTypes raw_types() const override;
  std::vector<int32_t> unpack(std::string_view bytes, DataType type) const override { return npu::unpack(bytes, type); }
  std::vector<int32_t> convert(const Job& job) const override;
  std::vector<std::string_view> random_classes() const override;
  std::vector<int32_t> random(size_t cls, const std::vector<int>& shape, Random& random) const override;
  void check(const std::vector<int32_t>& data) const override;

  int64_t lo, hi;
  const char* name;
  bool zero_too;
};
inline const ValueRange kInt8{-128, 127, "int8 (-128 to 127)"};
inline const ValueRange kUInt8{0, 255, "uint8 (0 to 255)"};
inline const ValueRange kInt32{INT32_MIN, INT32_MAX, "int32"};
inline const ValueRange kMultiplier{1 << 30, INT32_MAX, "a multiplier (0, or 2^30 to 2^31 - 1)", true};
inline const ValueRange kShift{-31, 30, "a shift (-31 to 30)"};

/// Codes of a floating-point format: numbers are rounded to nearest even, hex is a code, files of unsigned integers hold codes.
class CodeType final : public ElementType {
 public:
  explicit CodeType(Format format, KAxis axis = KAxis::Columns) : format_(format), axis_(axis) {}
  int32_t parse(const VectorNode& node) const override;
  DataTypes npy_types() const override;
  DataTypes raw_types() const override { return npy_types(); }
  std::vector<int32_t> unpack(std::string_view bytes, DataType type) const override;
  std::vector<int32_t> convert(const Job& job) const override;
  std::vector<std::string_view> random_classes() const override;
  std::vector<int32_t> random(size_t cls, const std::vector<int>& shape, Random& random) const override;
  void check(const std::vector<int32_t>&) const override {}

 private:
  /// The code of a number; an empty text, or why there is none.
  std::string encode(double value, int32_t& code) const;
  Format format_;
  KAxis axis_;  ///< where pairs of terms lie, for random classes that aim at their sum
};

/// Finds the file a vector names: `${ASSAY_DATA}/…` under the data folder, else beside the vector. Missing: DataMissing in the first
/// case, an InputError naming the key in the second.
std::filesystem::path resolve_file(const VectorNode& node, const std::filesystem::path& folder, const LoadOptions& options);

/// `options.data_root`, else the environment's ASSAY_DATA, else ../shared/data beside the project.
std::filesystem::path data_folder(const LoadOptions& options);

/// Reads the operands of one vector file.
class OperandReader {
 public:
  OperandReader(std::filesystem::path folder, const LoadOptions& options) : folder_(std::move(folder)), options_(options) {}

  /// `jobs`: what {from: name} may name.
  Tensor read(const VectorNode& node, const ElementType& type, const std::vector<Job>& jobs, const std::vector<int>& implied = {});
  /// The same, two-dimensional.
  functional::Matrix matrix(const VectorNode& node, const ElementType& type, const std::vector<Job>& jobs, const std::vector<int>& implied = {});
  /// A row of n values; a scalar stands for all of them.
  std::vector<int32_t> row(const VectorNode& node, const ElementType& type, const std::vector<Job>& jobs, int n);

 private:
  Tensor source(const VectorNode& node, const ElementType& type, const std::vector<Job>& jobs, const std::vector<int>& implied);
  Tensor from_file(const VectorNode& node, const ElementType& type);
  Tensor from_random(const VectorNode& node, const ElementType& type, const std::vector<int>& implied);

  std::filesystem::path folder_;
  LoadOptions options_;
  uint64_t random_count_ = 0;  ///< each random operand of a file draws from a stream of its own
};

}  // namespace assay::npu
