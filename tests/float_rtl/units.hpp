// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/npu/dut.hpp"
#include "cosim/npu/dut_builder.hpp"
#include "tests/oracle/suites.hpp"

/// The Verilated bench modules of the floating-point datapath, each as something the suites can call.
namespace assay::oracle {

class FloatUnit {
 protected:
  FloatUnit(const char* module, const npu::UnitPorts& ports) : dut_(npu::build_unit(module, ports).library) {}
  template <class T>
  T* port(const char* name) {
    return static_cast<T*>(dut_.part(std::string("pin.") + name).data);
  }
  npu::Dut dut_;
};

/// `npu_fp_pe`: one multiply-add of raw codes.
class PeUnit : FloatUnit {
 public:
  PeUnit() : FloatUnit("npu_fp_pe", {{"a_i", "b_i", "format_a_i", "format_b_i", "psum_i"}, {"psum_o", "flags_o"}}) {}
  Rounded operator()(const MacCase& c) {
    *a_ = static_cast<uint16_t>(c.a), *b_ = static_cast<uint16_t>(c.b), *psum_ = c.c;
    *format_a_ = static_cast<uint8_t>(c.fa), *format_b_ = static_cast<uint8_t>(c.fb);
    dut_.settle();
    return {*sum_, *flags_};
  }

 private:
  uint16_t *a_ = port<uint16_t>("a_i"), *b_ = port<uint16_t>("b_i");
  uint8_t *format_a_ = port<uint8_t>("format_a_i"), *format_b_ = port<uint8_t>("format_b_i"), *flags_ = port<uint8_t>("flags_o");
  uint32_t *psum_ = port<uint32_t>("psum_i"), *sum_ = port<uint32_t>("psum_o");
};

/// `npu_decode`: a code to FP32.
class DecodeUnit : FloatUnit {
 public:
  DecodeUnit() : FloatUnit("npu_decode", {{"code_i", "format_i"}, {"fp32_o", "flags_o"}}) {}
  Rounded operator()(const DecodeCase& c) {
    *code_ = static_cast<uint16_t>(c.code), *format_ = static_cast<uint8_t>(c.f);
    dut_.settle();
    return {*fp32_, *flags_};
  }

 private:
  uint16_t* code_ = port<uint16_t>("code_i");
  uint8_t *format_ = port<uint8_t>("format_i"), *flags_ = port<uint8_t>("flags_o");
  uint32_t* fp32_ = port<uint32_t>("fp32_o");
};

/// `npu_cast`: FP32 to any format; R is wired to a wrong value where it must not matter.
class CastUnit : FloatUnit {
 public:
  CastUnit() : FloatUnit("npu_cast", {{"x_i", "format_i", "saturate_i", "stochastic_i", "random_i"}, {"y_o", "flags_o"}}) {}
  Rounded operator()(const CastCase& c) {
    *x_ = c.x, *format_ = static_cast<uint8_t>(c.g), *saturate_ = c.saturate;
    *stochastic_ = c.random.has_value(), *random_ = c.random.value_or(static_cast<uint16_t>(c.x * 40503u));
    dut_.settle();
    return {*y_, *flags_};
  }

 private:
  uint32_t *x_ = port<uint32_t>("x_i"), *y_ = port<uint32_t>("y_o");
  uint8_t *format_ = port<uint8_t>("format_i"), *saturate_ = port<uint8_t>("saturate_i"), *stochastic_ = port<uint8_t>("stochastic_i"),
          *flags_ = port<uint8_t>("flags_o");
  uint16_t* random_ = port<uint16_t>("random_i");
};

/// `npu_fp_accumulate`: a sum of two FP32 numbers, for BF16 entries rounded a second time.
class AccumulateUnit : FloatUnit {
 public:
  explicit AccumulateUnit(bool bf16) : FloatUnit("npu_fp_accumulate", {{"old_i", "new_i", "bf16_i"}, {"sum_o", "flags_o"}}) { *port<uint8_t>("bf16_i") = bf16; }
  Rounded operator()(const AddCase& c) {
    *old_ = c.x, *new_ = c.y;
    dut_.settle();
    return {*sum_, *flags_};
  }

 private:
  uint32_t *old_ = port<uint32_t>("old_i"), *new_ = port<uint32_t>("new_i"), *sum_ = port<uint32_t>("sum_o");
  uint8_t* flags_ = port<uint8_t>("flags_o");
};

}  // namespace assay::oracle
