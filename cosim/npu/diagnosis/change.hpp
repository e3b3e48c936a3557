// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstdint>

#include "cosim/npu/diagnosis/sites.hpp"

namespace assay::npu {

/// What is done otherwise at a site. Of a site that reads a register: from where, or which bits.
enum class How : uint8_t {
  None,
  Stale,       ///< the value of the cycle before
  Next,        ///< the value that the register is about to take
  Lane,        ///< of the lane `a` (±1) beside it; where there is none: `b` = 0: 0, 1: its own, 2: around the corner
  Row,         ///< of the row `a` (±1) beside it, likewise
  FirstLane,   ///< of lane 0
  FirstRow,    ///< of row 0
  Value,       ///< the constant `a`
  StuckBit,    ///< bit `a` is always `b`
  Always,      ///< a condition that always holds; `a` = 1: on a command's first beat, 2: on all but the first
  Never,       ///< and one that never does, likewise
  Plus,        ///< a number, `a` more
  Choice,      ///< the site's alternative `a`
  Late,        ///< of a whole register: what it should have shown `a` cycles before
  Early,       ///< what it should show one cycle later
  Frozen,      ///< it keeps its value
  NoReset,     ///< it keeps its value through a reset
  ResetValue,  ///< a reset gives it the value `value`
  Reversed,    ///< its lanes in reverse order; `a` = 1: the bytes of each element
  FlipOnce     ///< bits `value` of one element turn over at the edge that begins cycle `a`
};

/// A single difference from the specification: at one site, or (site Register) of one register as a whole.
struct Change {
  Site site = Site::None;
  How how = How::None;
  int a = 0, b = 0;
  uint64_t value = 0;
  Site also = Site::None;       ///< a second site that reads the other part of the same operand
  size_t field = 0;             ///< site Register: the field
  std::bitset<128> rows, cols;  ///< the destinations it holds for; none set: all
  bool in(int row, int col) const {
    return (rows.none() || rows.test(static_cast<size_t>(row) & 127)) && (cols.none() || cols.test(static_cast<size_t>(col) & 127));
  }
};

/// The neighbour of place i of n; -1 beyond the edge where nothing is there.
inline int neighbour(int i, int n, const Change& change) {
  const int to = i + change.a;
  if (to >= 0 && to < n) return to;
  return change.b == 0 ? -1 : change.b == 1 ? i : (to + n) % n;
}

/// A value with its bit `a` stuck at `b`.
inline uint64_t stuck(uint64_t v, const Change& change) {
  const uint64_t bit = uint64_t{1} << change.a;
  return change.b != 0 ? v | bit : v & ~bit;
}

}  // namespace assay::npu
