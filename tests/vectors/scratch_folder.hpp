// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "cosim/npu/npy.hpp"
#include "cosim/npu/vector.hpp"
#include "model/common/format.hpp"

namespace assay::npu::test {

/// A folder that goes away with the test case.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "assay_vectors_XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
    path_ = name;
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::filesystem::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline HwConfig small_config() {
  HwConfig c;
  c.name = "small";
  c.rows = 4;
  c.cols = 4;
  c.acc_banks = 2;
  c.acc_depth = 8;
  c.command_fifo_depth = c.activation_fifo_depth = c.response_fifo_depth = c.queue_depth = c.weight_fifo_depth = 4;
  c.output_fifo_depth = 8;
  return c;
}

inline constexpr uint16_t kAllFloats =
    format_mask(Format::Bf16) | format_mask(Format::Fp16) | format_mask(Format::E5m2) | format_mask(Format::E4m3) | format_mask(Format::E4m3fn);

inline HwConfig float_config(uint16_t formats = kAllFloats) {
  HwConfig c = small_config();
  c.name = "small_float";
  c.formats = formats;
  return c;
}

/// A vector's text with the header in front: its program begins in line 3.
inline std::string with_header(const std::string& program) { return "schema: assay/vector/1\nprogram:\n" + program; }

}  // namespace assay::npu::test
