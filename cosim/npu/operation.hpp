// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cosim/engine/trace.hpp"
#include "cosim/npu/program.hpp"

namespace assay::npu {

/// The rule of the spec by which an element takes its value.
enum class Rule : uint8_t {
  None,        ///< not told: control state, counters, pins
  Hold,        ///< nothing was due: the element keeps its value
  Copy,        ///< the first operand, unchanged (also 0 where nothing moves)
  Mac,         ///< activation · weight + partial sum (section 10, 17.7)
  Accumulate,  ///< old sum + new sum (section 11, 17.8)
  Bias,        ///< accumulator + bias
  Multiply,    ///< requantisation, the product (section 12)
  Scale,       ///< requantisation, the rounding
  Clamp,       ///< zero point and clamp
  Table,       ///< the entry of the table (section 5.6)
  Convert,     ///< relu and conversion to the output format (section 17.9)
  Decode,      ///< a stream's code to the form in which the array holds it
};

/// A value that went into the element, as the model held it.
struct OperandUse {
  std::string role;  ///< activation, weight, psum, old, new, entry, bias, multiplier, shift, control, random, line, code, source
  ElementRef element;
  uint64_t cycle = 0;
};

/// The operation in flight that made an element's value.
struct Operation {
  Rule rule = Rule::None;
  std::string unit;                      ///< load, matmul, activation, dispatch; empty: none
  std::optional<size_t> phase, command;  ///< place in the program; the command's index in its phase
  Command fields;                        ///< of that command
  CommandOrigin origin;                  ///< of that command
  std::optional<uint64_t> issued;        ///< cycle in which the unit fired the beat (the row, the command)
  std::optional<uint64_t> beat;          ///< of the command; of a load the row
  std::optional<int> row, column;        ///< of the array, where the element is bound to one
  std::vector<OperandUse> operands;      ///< as the rule takes them
  std::string reason;                    ///< why no command is named; empty when one is
};

/// Finds the operation whose result the element shows in `cycle`, from the model's side of the trace and the program.
Operation find_operation(const HwConfig& config, const Program& program, const Trace& trace, const ElementRef& element, uint64_t cycle);

}  // namespace assay::npu
