// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace assay::dpi {

/// What the simulator that has loaded this library offers through svdpi and VPI. Its functions are weak references, so that the library also loads
/// where there is no simulator; what then needs one throws BuildError.

/// Simulation time in units of the simulator's precision; 0 without VPI.
uint64_t simulation_time();

/// Remembers `handle` with the scope of this call, which is a context function called from a checker inside the tile.
void remember_scope(void* handle);
/// The handle of the checker in the same tile as the scope of this call; null when there is none.
void* handle_of_scope();
/// Full name of the tile that the scope of this call stands in.
std::string tile_of_scope();

/// A variable of the RTL: its name, and for an array the word that is meant, else -1.
struct Variable {
  std::string name;
  int64_t word = -1;
};

/// The variable's value as 32-bit words, least significant first.
std::vector<uint32_t> read_variable(const Variable& variable);
/// Deposits a value; it stays until the RTL writes the variable.
void write_variable(const Variable& variable, const std::vector<uint32_t>& value);

}  // namespace assay::dpi
