// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/accumulators/accumulators.hpp"
#include "model/accumulators/fp_accumulators.hpp"
#include "model/activation/activation.hpp"
#include "model/activation/fp_activation.hpp"
#include "model/array/array.hpp"
#include "model/array/fp_array.hpp"
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
  bool weight_unsigned = false;  // the integer tile
  Format format = Format::Int8;  // the floating-point tile
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

/// The control part, the same for both kinds of tile: FIFOs, dispatch, load and matmul unit, tickets, counters, pins, the field table's frame.
/// What touches array, accumulators and activation unit stands in TileOf below.
struct Tile::Impl {
  explicit Impl(const HwConfig& hw);
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  virtual ~Impl() = default;

  virtual void restart() = 0;
  virtual void step(const TileInputs& in) = 0;
  virtual void word_accesses() const = 0;
  virtual void column_accesses() const = 0;
  virtual bool word_defined(size_t field, size_t part, size_t word) const = 0;
  virtual TagView tags() const = 0;
  void memory_accesses(std::vector<MemoryAccess>& out) const;
  bool fence_now() const { return decision.dispatch && commands.front().command.op == Op::Fence && commands.front().status == Status::Ok; }

  const HwConfig config;
  Queue<CommandEntry> commands;
  Fifo weights, activations;
  Queue<LoadEntry> loads;
  Queue<MatmulEntry> matmuls;
  Queue<ActEntry> acts;
  Fifo output, response;

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
  mutable ColumnAccesses accesses;
  mutable WordAccesses words;

 protected:
  // What a memory field is, found by its number.
  enum class Memory : uint8_t { None, Fifo, Entries, Table };
  struct MemoryField {
    Memory kind = Memory::None;
    const Fifo* fifo = nullptr;
  };
  // Numbers of the memory fields, in table order: seven FIFOs around the table's field.
  struct FifoField {
    uint16_t field = 0;
    const Fifo* fifo = nullptr;
  };
  enum FifoIndex : uint8_t { kCommand, kWeight, kActivation, kLoad, kMatmul, kAct, kOutput, kResponse, kFifos };
  static_assert(kFifos == WordAccesses::kFifos);

  std::array<Fifo*, kFifos> fifos() { return {&commands, &weights, &activations, &loads, &matmuls, &acts, &output, &response}; }
  void reset_control();
  bool row_permitted() const;
  void decide_load();
  void decide_matmul(bool bank_ready);
  void decide_activation(ActivationAction action);
  void decide_dispatch();
  void drive_pins();

  void step_matmul(Issue& issue);
  ShadowWrite step_load(bool switched);
  void retire_matmul(const TagView& tags);
  void step_dispatch();
  void push_load(const Command& c);
  void push_matmul(const Command& c);
  void push_act(const Command& c);
  void respond(uint32_t data, const Command& c, Status status);
  void count();
  void take_inputs(const TileInputs& in);

  void place_front_images();
  void add_front_fields();
  void add_tile_fields(bool dispatch_part);
  void add_back_fields();
  void add_pin_fields();
  void note_memories();
  void fifo_accesses() const;

  // Tag stage that stage 1 of the accumulators' column 0 looks at (spec sections 11 and 17.8).
  int first_tag() const { return config.rows * config.pe_latency + 1; }

  std::array<FifoField, kFifos> fifo_fields_{};
  uint32_t pushed_ = 0;  // bit i: FIFO i was pushed by the edge that began this cycle
  uint16_t table_field_ = 0;
  int table_line_written_ = -1;  // by the edge that began this cycle
  std::vector<MemoryField> memory_of_field_;
  mutable LineVector<uint32_t> written_entries_, read_entries_;
};

struct IntegerDatapath {
  using ArrayType = Array;
  using AccumulatorsType = Accumulators;
  using ActivationType = Activation;
};
struct FloatingDatapath {
  using ArrayType = FpArray;
  using AccumulatorsType = FpAccumulators;
  using ActivationType = FpActivation;
};

/// A tile with its datapath. The kind is chosen once, at construction: one virtual call a step.
template <class D>
struct TileOf final : Tile::Impl {
  TileOf(const HwConfig& hw, Isa isa);

  void restart() override;
  void step(const TileInputs& in) override;
  void word_accesses() const override;
  void column_accesses() const override;
  bool word_defined(size_t field, size_t part, size_t word) const override;
  TagView tags() const override { return array.tags(); }

 private:
  void reset();
  void decide();
  uint16_t flags() const;
  void step_activation(bool out_left);
  void step_array();
  void clear(const Command& c);
  void place_images();
  void build_fields();

  typename D::ArrayType array;
  typename D::AccumulatorsType accumulators;
  typename D::ActivationType activation;
};

}  // namespace assay
