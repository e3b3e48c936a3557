// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cosim/engine/trace.hpp"

namespace assay::npu {

/// All state of one side in one cycle, a field's elements one after another, each in as many 64-bit words as its width needs.
using TileState = std::vector<uint64_t>;

/// When an element has a value (spec section 14, valid conditions).
enum class Validity : uint8_t { Always, Occupied, Written, TableWritten, OutValid, RspValid };

/// A field's place in a TileState.
struct Slot {
  size_t at = 0;           ///< first word
  int words = 1;           ///< 64-bit words of an element
  int count = 1;           ///< elements
  int lanes = 1;           ///< elements of a part: [R][C] fields have C
  int width = 1;           ///< bits of an element
  size_t field = 0;        ///< number in the field table
  bool memory = false;     ///< takes no reset
  bool by_column = false;  ///< shape [C][E]: the parts are columns

  /// Where the rules that make an element stand: its row, and its column or lane.
  int row_of(int element) const { return by_column ? element % lanes : count == lanes ? 0 : element / lanes; }
  int col_of(int element) const { return by_column ? element / lanes : count == lanes ? element : lanes == 1 ? element : element % lanes; }
  Validity validity = Validity::Always;
  size_t condition = 0;  ///< the field that Written, TableWritten, OutValid and RspValid look at; Occupied: rptr, with count behind it
};

/// Where every field of a tile lies, and how to get there from a trace.
class StateLayout {
 public:
  explicit StateLayout(const std::vector<Field>& fields);

  size_t words() const { return words_; }
  const std::vector<Slot>& slots() const { return slots_; }
  const Slot& slot(size_t field) const { return slots_[field]; }
  /// By name; `required` = false gives an empty slot (count 0) for a field that this tile does not have.
  const Slot& find(const std::string& name, bool required = true) const;

  /// One side of a trace in a cycle that it holds.
  TileState unpack(const Trace& trace, Side side, uint64_t cycle) const;
  /// The packed image of spec section 14 of one part.
  void unpack_part(const Slot& slot, size_t part, const uint8_t* image, TileState& out) const;
  /// And back.
  void pack_part(const Slot& slot, size_t part, const TileState& state, uint8_t* image) const;

  /// Whether the element has a value, as this state's own registers say.
  bool defined(const TileState& state, const Slot& slot, int element) const;

 private:
  void find_conditions(const std::vector<Field>& fields);
  std::vector<Slot> slots_;
  std::vector<std::string> names_;
  Slot none_;
  size_t words_ = 0;
};

/// Bits [lo, lo + n) of a packed word, n ≤ 64.
uint64_t word_bits(const uint64_t* words, int lo, int n);
/// Replaces them.
void put_word_bits(uint64_t* words, int lo, int n, uint64_t value);

}  // namespace assay::npu
