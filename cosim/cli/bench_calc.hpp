// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cosim/npu/bench.hpp"

namespace assay::cli {

/// Lines per CPU second that `assay calc` answers, from reading to writing, of one operation.
struct CalcSpeed {
  std::string operation;
  npu::Speed model, rtl;
  double rtl_over_model = 0;  ///< median of the rounds' own ratios
};

/// Random operands, model and Verilated unit alternating.
std::vector<CalcSpeed> bench_calc(int rounds);

}  // namespace assay::cli
