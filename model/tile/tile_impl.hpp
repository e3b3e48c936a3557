// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/accumulators/accumulators.hpp"
#include "model/activation/activation.hpp"
#include "model/array/array.hpp"
#include "model/common/fifo.hpp"
#include "model/common/images.hpp"
#include "model/tile/tile.hpp"

namespace assay {

/// Numbers of the counters of spec section 13; kNoCounter is a bin for cycles in which a unit does nothing.
enum Counter : uint8_t {
  kCycles,
  kLoadBusy,
  kLoadHazard,
  kLoadData,
  kMatmulBusy,
  kMatmulBank,
  kMatmulWeights,
  kMatmulData,
  kActBusy,
  kActBank,
  kActOutput,
  kActDrain,
  kDispatchBusy,
  kDispatchQueue,
  kDispatchIdle,
  kDispatchResponse,
  kNoCounter,
  kCounterBins
};

struct CommandEntry {
  Command command;
  Status status = Status::Ok;
};
struct LoadEntry {
  bool weight_unsigned = false;
  int k = 0;
  uint32_t need_switch = 0;
};
struct MatmulEntry {
  Command command;
  uint32_t need_load = 0, need_act = 0;
};
struct ActEntry {
  Command command;
  uint32_t need_matmul = 0;
};

/// A FIFO whose slots are kept unpacked too.
template <class Entry>
struct Queue : Fifo {
  Queue(int depth, int width) : Fifo(depth, width), entries(static_cast<size_t>(depth)) {}
  const Entry& front() const { return entries[head()]; }
  /// Needs !full().
  void push_entry(const void* image, const Entry& entry) {
    entries[tail()] = entry;
    push(image, slot_bytes());
  }
  std::vector<Entry> entries;
};

/// One 10-bit ticket per bank, as numbers and as the packed image.
struct Tickets {
  std::array<uint32_t, 16> value{};
  uint8_t* image = nullptr;
  uint32_t operator[](int bank) const { return value[static_cast<size_t>(bank)]; }
  void advance(int bank);
  void reset(int banks) { value.fill(0), std::memset(image, 0, image_bytes(10 * banks)); }
};

/// What every unit does in the current cycle: a function of the registers alone, found once per cycle.
struct Decision {
  bool idle = true;
  bool load_permitted = false, load_fire = false, load_last = false;
  bool matmul_fire = false, matmul_first = false, matmul_last = false;
  bool dispatch = false;
  ActivationAction act = ActivationAction::None;
  Counter load_counter = kNoCounter, matmul_counter = kNoCounter, act_counter = kNoCounter, dispatch_counter = kNoCounter;
};

struct Tile::Impl {
  Impl(const HwConfig& hw, Isa isa);

  void restart();
  void step(const TileInputs& in);
  void memory_accesses(std::vector<MemoryAccess>& out) const;
  void word_accesses() const;
  void column_accesses() const;
  bool word_defined(size_t field, size_t part, size_t word) const;
  bool fence_now() const { return decision.dispatch && commands.front().command.op == Op::Fence && commands.front().status == Status::Ok; }

  const HwConfig config;
  Queue<CommandEntry> commands;
  Fifo weights, activations;
  Queue<LoadEntry> loads;
  Queue<MatmulEntry> matmuls;
  Queue<ActEntry> acts;
  Fifo output, response;
  Array array;
  Accumulators accumulators;
  Activation activation;

  // The tile's own registers (spec sections 7 to 9, 13).
  ImageWord load_disp, switch_disp;
  Tickets matmul_disp, act_disp, matmul_ret;
  ImageWord load_row, load_done, switch_issued, switch_age, matmul_beat, matmul_addr;
  std::array<uint64_t, kCounterBins> counters{};
  ImageBlock images;  // control registers, and the rows of the array

  Decision decision;
  TileOutputs outputs;
  ptrdiff_t out_data_offset = 0;  // of the head in the output FIFO's memory

  std::vector<Field> fields;

 private:
  // What a memory field is, found by its number.
  enum class Memory : uint8_t { None, Fifo, Entries, Table };
  struct MemoryField {
    Memory kind = Memory::None;
    const Fifo* fifo = nullptr;
  };

  void reset();
  void decide();
  void decide_load();
  void decide_matmul();
  void decide_activation();
  void decide_dispatch();
  void drive_pins();

  void step_activation(bool out_left);
  void step_array();
  void step_load(bool switched, ShadowWrite& write);
  void step_matmul(Issue& issue);
  void retire_matmul(const TagView& tags);
  void step_dispatch();
  void push_load(const Command& c);
  void push_matmul(const Command& c);
  void push_act(const Command& c);
  void respond(uint32_t data, const Command& c, Status status);
  void count();
  void clear(const Command& c);
  void take_inputs(const TileInputs& in);

  void place_images();
  void build_fields();
  void add_tile_fields(bool dispatch_part);
  void add_pin_fields();
  void note_memories();

  // Numbers of the memory fields, in table order: seven FIFOs around the table's field.
  struct FifoField {
    uint16_t field = 0;
    const Fifo* fifo = nullptr;
  };
  enum FifoIndex : uint8_t { kCommand, kWeight, kActivation, kLoad, kMatmul, kAct, kOutput, kResponse, kFifos };
  static_assert(kFifos == WordAccesses::kFifos);
  std::array<FifoField, kFifos> fifo_fields_{};
  uint32_t pushed_ = 0;  // bit i: FIFO i was pushed by the edge that began this cycle
  uint16_t table_field_ = 0;
  int table_line_written_ = -1;  // by the edge that began this cycle
  std::vector<MemoryField> memory_of_field_;

  mutable LineVector<uint32_t> written_entries_, read_entries_;

 public:
  mutable ColumnAccesses accesses;
  mutable WordAccesses words;
};

}  // namespace assay
