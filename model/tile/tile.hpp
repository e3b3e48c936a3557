// SPDX-License-Identifier: Apache-2.0
// Golden model of the whole tile: command dispatch, load unit, matmul unit, array, accumulators, activation unit, FIFOs.
// Latency: cycle-accurate, one step() per clock edge.
// Formats: INT8/UINT8 in, INT32 inside, 32-bit lanes out; the floating-point tile: BF16/FP16/FP8 in, FP32 inside, every format of section 17.1 out.
// Overflow and rounding: docs/spec.md sections 5 and 17.5.
// Twin: rtl/tile/npu_tile.sv
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "model/common/command.hpp"
#include "model/common/config.hpp"
#include "model/common/fields.hpp"
#include "model/common/isa.hpp"

namespace assay {

/// The input pins of one cycle. Data pointers must be readable in every cycle (garbage while valid is 0), unaligned is fine.
struct TileInputs {
  bool rst_n = true;
  bool cmd_valid = false, weight_valid = false, act_valid = false, out_ready = false, rsp_ready = false;
  const uint32_t* cmd_data = nullptr;    ///< 4 words
  const uint8_t* weight_data = nullptr;  ///< C lanes of HwConfig::lane_bits(), little-endian
  const uint8_t* act_data = nullptr;     ///< R lanes
};

/// The output pins of one cycle: a function of the state alone.
struct TileOutputs {
  uint8_t cmd_ready = 0, weight_ready = 0, act_ready = 0, out_valid = 0, rsp_valid = 0, busy = 0;
  uint16_t flags = 0;                  ///< HwConfig::flag_bits() bits
  const uint32_t* out_data = nullptr;  ///< C lanes; defined while out_valid
  uint64_t rsp_data = 0;               ///< 48 bits; defined while rsp_valid
};

/// Memory entries to compare in this cycle besides the always-compared fields: (index of the field in Tile::fields(), part, word).
/// Written: by the edge that began this cycle. Read: by the logic in this cycle.
struct MemoryAccess {
  uint16_t field;
  uint16_t part;
  uint32_t word;
};

/// The accumulator words to compare in this cycle, one slot per column, kNoEntry where there is none.
struct ColumnAccesses {
  static constexpr uint32_t kNoEntry = ~0u;
  bool any_written = false, any_read = false;
  const uint32_t* written = nullptr;  ///< [C] entry written by the edge that began this cycle
  const uint32_t* read = nullptr;     ///< [C] entry read by accumulate in this cycle (written, no hit)
  bool activation_read = false;       ///< the activation unit reads `activation_entry` of columns < activation_columns (those where it is written)
  uint32_t activation_entry = 0;
  int activation_columns = 0;
};

/// The FIFO words and table lines to compare in this cycle, as sets: what memory_accesses() lists, cheap enough for every cycle.
/// FIFO i is the i-th field of class fifo.
struct WordAccesses {
  static constexpr size_t kFifos = 8;
  uint32_t pushed = 0;       ///< bit i: word newest[i] of FIFO i was pushed by the edge that began this cycle
  uint32_t read = 0;         ///< bit i: word head[i] of FIFO i is read in this cycle, and is not the one just pushed
  uint32_t table_lines = 0;  ///< bit l: line l of the table
  std::array<uint32_t, kFifos> newest{}, head{};
};

/// Cycle-accurate golden model of `npu_tile`. Deterministic, no I/O, no clock of its own. Not thread-safe; instances are independent.
class Tile {
 public:
  /// The instruction set is the best this processor has; a test may ask for a lower one (more than it has is cut down). Same bits at all.
  explicit Tile(const HwConfig& config, Isa isa = best_isa());
  ~Tile();
  Tile(Tile&&) noexcept;
  Tile& operator=(Tile&&) noexcept;

  /// Back to the state right after a reset edge, memories zero: the fresh model that a vector starts with.
  void restart();

  /// Output pins of the current cycle.
  const TileOutputs& outputs() const;

  /// One rising clock edge with these input pins (also when inputs.rst_n is false).
  void step(const TileInputs& inputs);

  /// The field table in the spec's order; pointers stay valid for the life of the object.
  const std::vector<Field>& fields() const;

  /// Table and FIFO words touched in the current cycle (see MemoryAccess), in table order; overwrites `out` (no allocation
  /// after the first calls). Words that are undefined now are not listed. The accumulators' words are column_accesses().
  void memory_accesses(std::vector<MemoryAccess>& out) const;

  /// The same as sets.
  const WordAccesses& word_accesses() const;

  /// The accumulators' part of the same, cheap enough for every cycle.
  const ColumnAccesses& column_accesses() const;

  /// Whether a word of a memory field is defined now (FIFO slot occupied, entry or table line written).
  bool word_defined(size_t field, size_t part, size_t word) const;

  /// True in the cycle in which a FENCE leaves the command FIFO (a full memory compare is due).
  bool fence_now() const;

  const HwConfig& config() const;

  /// The registers as the model keeps them, for what looks on from inside: coverage (model/tile/tile_impl.hpp).
  struct Impl;
  const Impl& inside() const { return *impl_; }

 private:
  template <class D>
  friend struct TileOf;
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay
