// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmpxx.h>

#include <vector>

#include "model/functional/dot.hpp"
#include "tests/oracle/mpfr_oracle.hpp"

/// The sums of model/functional/dot.hpp told once more on exact rationals (GNU MP) and with the oracle's fma, fadd and narrow (GNU MPFR).
namespace assay::test {

/// Codes of one dot product.
struct DotCase {
  Format fa, fb;
  std::vector<uint16_t> a, b;
  uint32_t stored;
};

/// What dot(a, b, stored, policy) must be.
oracle::Rounded replay_dot(const DotCase& c, const DotPolicy& policy);

/// An exact number in FP32's exponent range with this many mantissa bits, to nearest even or towards zero; zero is +0.
oracle::Rounded round_rational(const mpq_class& exact, int mantissa_bits, bool nearest);

}  // namespace assay::test
