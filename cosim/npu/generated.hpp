// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "cosim/common/random.hpp"
#include "cosim/npu/planner.hpp"
#include "cosim/npu/vector.hpp"

// Programs made by rule instead of by hand. Each is a pure function of its arguments.
namespace assay::npu {

/// Random legal and illegal commands of every kind with all they bring (docs/vectors.md, test `stress`): the generator of soaks.
Program make_random_program(const HwConfig& config, uint64_t seed, int commands);

/// Products that keep the array busy for about `cycles` cycles without stalls: the benchmark's load.
Program make_dense(const HwConfig& config, int64_t cycles, uint64_t seed = 1);

Program make_gemm_test(const HwConfig& config, uint64_t seed);
Program make_stress_test(const HwConfig& config, uint64_t seed);
Program make_reset_test(const HwConfig& config, uint64_t seed);
Program make_minimal_test(const HwConfig& config);
Program make_maximal_test(const HwConfig& config);

/// The same names on a floating-point tile.
Program make_float_gemm(const HwConfig& config, uint64_t seed);
Program make_float_dense(const HwConfig& config, int64_t cycles, uint64_t seed);
Program make_float_minimal(const HwConfig& config);
Program make_float_maximal(const HwConfig& config);

/// A size up to `most` around a multiple of the tile's, where the planner's edges are.
int around_tile(int tile, int most, Random& random);

/// Adds `count` random commands of one phase to the planner.
void add_random_commands(Planner& planner, Random& random, int count);

}  // namespace assay::npu
