// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/common/float_flags.hpp"

// The processor's own arithmetic, in the state a program starts in: to nearest even, subnormals kept, nothing trapped. It computes what spec section
// 17.5 asks for, results tiny after rounding included; only its NaNs are others. The caller's state is brought back each time.
namespace assay::host {

constexpr uint32_t kDefaultStatus = 0x1F80, kStatusFlags = 0x3F;

// Both are barriers: what is loaded after and stored before them is computed between them.
inline uint32_t read_status() {
  uint32_t status;
  asm volatile("stmxcsr %0" : "=m"(status)::"memory");
  return status;
}
inline void write_status(uint32_t status) { asm volatile("ldmxcsr %0" ::"m"(status) : "memory"); }

/// The flag set of a status: it has invalid in bit 0, overflow, underflow, inexact in bits 3 to 5.
inline uint32_t flags_of(uint32_t status) {
  return ((status >> 5) & kInexact) | ((status >> 3) & kUnderflow) | ((status >> 1) & kOverflow) | ((status << 3) & kInvalid);
}

/// Begins a piece of arithmetic whose flags the status is to collect; returns the caller's status.
inline uint32_t enter_flagged() {
  const uint32_t status = read_status();
  if (status != kDefaultStatus) write_status(kDefaultStatus);
  return status;
}
/// Ends it; returns the flags raised since.
inline uint32_t leave_flagged(uint32_t callers) {
  const uint32_t status = read_status();
  if (status != callers) write_status(callers);
  return flags_of(status);
}

/// Begins a piece of arithmetic that suppresses exceptions; returns the caller's status. Flags that are up may stay up.
inline uint32_t enter_quiet() {
  const uint32_t status = read_status();
  if ((status & ~kStatusFlags) != kDefaultStatus) write_status(kDefaultStatus);
  return status;
}
inline void leave_quiet(uint32_t callers) {
  if ((callers & ~kStatusFlags) != kDefaultStatus) write_status(callers);
}

}  // namespace assay::host
