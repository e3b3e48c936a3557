// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "cosim/engine/trace.hpp"

namespace assay {

/// Which elements differ from a cycle on, and when.
struct Spread {
  struct Element {
    std::vector<int64_t> index;
    uint64_t first = 0;   ///< cycle in which it begins to differ
    uint64_t cycles = 0;  ///< how many of the cycles looked at it differs in
  };
  struct Cell {
    uint64_t cycle;
    int64_t row, col;
  };
  struct PerField {
    size_t field = 0;
    uint64_t first = 0;             ///< cycle in which the first of its elements begins to differ
    std::vector<Element> elements;  ///< all that differ at some time, by first cycle, then row-major
    std::vector<Cell> cells;        ///< of a field with two dimensions: what differs in each cycle, row-major, cut as `map_cycles` says
  };
  uint64_t from = 0, to = 0;     ///< cycles looked at
  uint64_t elements = 0;         ///< that differ at some time, of all fields
  uint64_t map_cycles = 0;       ///< so many cycles from `from` on have all their cells; less than to − from + 1 when there were too many
  std::vector<PerField> fields;  ///< by first cycle, then in table order: upstream first
};

/// Cycles `from` to the end of the trace. At most `max_cells` cells of all fields together are kept: the first cycles with all their cells.
Spread find_spread(const Trace& trace, uint64_t from, uint64_t max_cells);

/// The elements of a part that differ in a cycle, in ascending order.
std::vector<uint64_t> differing_elements(const Trace& trace, uint64_t cycle, size_t field, size_t part);

}  // namespace assay
