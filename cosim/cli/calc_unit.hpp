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
  /// One port of up to 32 bits, found once.
  class Port {
   public:
    explicit Port(npu::Dut::Part part) : data_(part.data), bytes_(part.bytes < sizeof(uint32_t) ? part.bytes : sizeof(uint32_t)) {}
    void set(uint32_t value) { std::memcpy(data_, &value, bytes_); }  // little endian: the low bytes
    uint32_t get() const {
      uint32_t value = 0;
      std::memcpy(&value, data_, bytes_);
      return value;
    }

   private:
    void* data_;
    size_t bytes_;
  };

  RtlUnit(const std::string& module, const npu::UnitPorts& ports) : dut_(build(module, ports)) {}

  Port port(const std::string& name) const { return Port(dut_.part("pin." + name)); }
  void settle() { dut_.settle(); }

 private:
  static std::filesystem::path build(const std::string& module, const npu::UnitPorts& ports) {
    const Waiting waiting("assay: building " + module);
    return npu::build_unit(module, ports).library;
  }

  npu::Dut dut_;
};

}  // namespace assay::cli
