// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cosim/npu/dut_abi.h"

namespace assay::npu {

/// One instance of a Verilated module out of its shared library, with the places of its parts.
class Dut {
 public:
  /// Loads the library (once per process and path) and elaborates an instance. Throws BuildError.
  explicit Dut(const std::filesystem::path& library);
  /// Takes over an instance that exists.
  Dut(const AssayDutApi& api, void* instance);
  ~Dut();
  Dut(const Dut&) = delete;
  Dut& operator=(const Dut&) = delete;

  struct Part {
    void* data = nullptr;
    size_t bytes = 0;
  };

  /// All parts of a field or pin (`pin.<port>`, `in.<port>`); throws BuildError when the library does not have it.
  const std::vector<Part>& parts(const std::string& name) const;
  /// A part that is a single vector.
  Part part(const std::string& name) const { return parts(name).at(0); }

  void* instance() const { return instance_; }  ///< as the library knows it
  void clock() { api_->clock(instance_); }
  void settle() { api_->settle(instance_); }
  /// Back to cycle 0 when that needs no clock (a recording); false: it has to be reset as hardware is.
  bool restart() {
    if (api_->restart == nullptr) return false;
    api_->restart(instance_);
    return true;
  }

  const std::map<std::string, int>& parameters() const { return parameters_; }  ///< as the RTL reported them at time 0
  std::string field_table_hash() const { return api_->field_table_hash; }
  std::vector<std::string>& assertions() { return assertions_; }  ///< broken since last cleared

 private:
  void find_parts();

  const AssayDutApi* api_ = nullptr;
  void* instance_ = nullptr;
  AssayDutHost host_{};
  std::map<std::string, std::vector<Part>> parts_;
  std::map<std::string, int> parameters_;
  std::vector<std::string> assertions_;
};

}  // namespace assay::npu
