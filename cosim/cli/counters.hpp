// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

namespace assay::cli {

/// Names of the performance counters, in the order of docs/spec.md section 13.
inline constexpr std::array<const char*, 16> kCounterNames = {"cycles",
                                                              "load_busy",
                                                              "load_stall_hazard",
                                                              "load_stall_data",
                                                              "matmul_busy",
                                                              "matmul_stall_bank",
                                                              "matmul_stall_weights",
                                                              "matmul_stall_data",
                                                              "act_busy",
                                                              "act_stall_bank",
                                                              "act_stall_output",
                                                              "act_stall_drain",
                                                              "dispatch_busy",
                                                              "dispatch_stall_queue",
                                                              "dispatch_stall_idle",
                                                              "dispatch_stall_response"};

}  // namespace assay::cli
