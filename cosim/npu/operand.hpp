// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cosim/common/random.hpp"
#include "cosim/npu/npy.hpp"
#include "cosim/npu/program.hpp"
#include "cosim/npu/vector.hpp"
#include "cosim/npu/vector_yaml.hpp"
#include "model/functional/gemm.hpp"

namespace assay::npu {

/// Values an operand may hold, and how an error names them.
struct ValueRange {
  int64_t lo, hi;
  const char* name;
};
inline constexpr ValueRange kInt8{-128, 127, "int8 (-128 to 127)"};
inline constexpr ValueRange kUInt8{0, 255, "uint8 (0 to 255)"};
inline constexpr ValueRange kInt32{INT32_MIN, INT32_MAX, "int32"};
inline constexpr ValueRange kMultiplier{1 << 30, INT32_MAX, "a multiplier (0, or 2^30 to 2^31 - 1)"};
inline constexpr ValueRange kShift{-31, 30, "a shift (-31 to 30)"};

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
  Tensor read(const VectorNode& node, const ValueRange& range, const std::vector<Job>& jobs, const std::vector<int>& implied = {});
  /// The same, two-dimensional.
  functional::Matrix matrix(const VectorNode& node, const ValueRange& range, const std::vector<Job>& jobs, const std::vector<int>& implied = {});
  /// A row of n values; a scalar stands for all of them.
  std::vector<int32_t> row(const VectorNode& node, const ValueRange& range, const std::vector<Job>& jobs, int n);

 private:
  Tensor source(const VectorNode& node, const ValueRange& range, const std::vector<Job>& jobs, const std::vector<int>& implied);
  Tensor from_file(const VectorNode& node);
  Tensor from_random(const VectorNode& node, const ValueRange& range, const std::vector<int>& implied);

  std::filesystem::path folder_;
  LoadOptions options_;
  uint64_t random_count_ = 0;  ///< each random operand of a file draws from a stream of its own
};

/// Random values of a class (docs/vectors.md) in lo … hi.
enum class RandomClass : uint8_t { Uniform, Zeros, Ones, Extremes, Corners, Sparse, Small };
std::vector<int32_t> random_values(RandomClass cls, size_t count, int64_t lo, int64_t hi, Random& random);

}  // namespace assay::npu
