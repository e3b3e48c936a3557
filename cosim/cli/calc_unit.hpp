// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

#include "cosim/cli/progress.hpp"
#include "cosim/npu/dut.hpp"
#include "cosim/npu/dut_builder.hpp"

namespace assay::cli {

/// A Verilated combinational bench module with ports by name.
class RtlUnit {
 public:
  RtlUnit(const std::string& module, const npu::UnitPorts& ports) : dut_(build(module, ports)) {}

  void set(const std::string& port, uint32_t value) {
    const npu::Dut::Part part = dut_.part("pin." + port);
    std::memcpy(part.data, &value, part.bytes < sizeof value ? part.bytes : sizeof value);  // little endian: the low bytes
  }
  void settle() { dut_.settle(); }
  uint32_t get(const std::string& port) const {
    const npu::Dut::Part part = dut_.part("pin." + port);
    uint32_t value = 0;
    std::memcpy(&value, part.data, part.bytes < sizeof value ? part.bytes : sizeof value);
    return value;
  }

 private:
  static std::filesystem::path build(const std::string& module, const npu::UnitPorts& ports) {
    const Waiting waiting("assay: building " + module);
    return npu::build_unit(module, ports).library;
  }

  npu::Dut dut_;
};

}  // namespace assay::cli
