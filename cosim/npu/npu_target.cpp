// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/npu_target.hpp"

#include <bit>
#include <cstring>
#include <utility>

#include "cosim/common/process.hpp"
#include "cosim/engine/compare_plan.hpp"
#include "cosim/engine/element.hpp"
#include "cosim/npu/adapter_source.hpp"
#include "model/common/assert.hpp"
#include "model/common/bits.hpp"

namespace assay::npu {
namespace {

size_t field_index(const std::vector<Field>& fields, const std::string& block, const std::string& name) {
  for (size_t f = 0; f < fields.size(); ++f) {
    if (fields[f].block == block && fields[f].name == name) return f;
  }
  throw AssertionError("no field " + block + "." + name);
}

constexpr const char* kInputPins[] = {"rst_ni",      "cmd_valid_i", "cmd_data_i",  "weight_valid_i", "weight_data_i",
                                      "act_valid_i", "act_data_i",  "out_ready_i", "rsp_ready_i"};

OutputPins pins_of(const TileOutputs& o) { return {&o.cmd_ready, &o.weight_ready, &o.act_ready, &o.out_valid, &o.rsp_valid, &o.busy, o.out_data, &o.rsp_data}; }

using Piece __attribute__((vector_size(16))) = uint64_t;

/// Differing bits of two places in a word.
template <class Number>
Number difference(const uint8_t* a, const uint8_t* b) {
  Number x, y;
  std::memcpy(&x, a, sizeof x);
  std::memcpy(&y, b, sizeof y);
  return static_cast<Number>(x ^ y);
}

}  // namespace

/// A word of up to 8 bytes is one integer, a longer one whole 32-bit words (spec section 14): no call for what is mostly 8 or 16 bytes.
inline bool NpuTarget::WordPair::differs(size_t word) const {
  const uint8_t* a = dut + word * bytes;
  const uint8_t* b = ref + word * bytes;
  if (bytes == 1) return *a != *b;
  if (bytes == 2) return difference<uint16_t>(a, b) != 0;
  if (bytes == 4) return difference<uint32_t>(a, b) != 0;
  if (bytes < 16) return (difference<uint64_t>(a, b) | difference<uint64_t>(a + bytes - 8, b + bytes - 8)) != 0;
  Piece diff = difference<Piece>(a + bytes - 16, b + bytes - 16);
  for (size_t at = 0; at + 16 < bytes; at += 16) diff |= difference<Piece>(a + at, b + at);
  return (diff[0] | diff[1]) != 0;
}

NpuTarget::NpuTarget(const HwConfig& config, Use use) : model_(config) {
  find_fields();
  if (use != Use::ModelOnly) {
    build_ = build_tile(config, fields());
    dut_ = std::make_unique<Dut>(build_.library);
    bind();
    require_same_hardware(*dut_, config, fields());
  }
  if (use == Use::RtlOnly) dut_parts_.clear();
}

NpuTarget::NpuTarget(const HwConfig& config, std::unique_ptr<Dut> dut) : model_(config), dut_(std::move(dut)) {
  find_fields();
  bind();
}

void NpuTarget::find_fields() {
  mem_field_ = field_index(fields(), "accumulators", "mem");
  counter_field_ = field_index(fields(), "tile", "counter");
}

NpuTarget::~NpuTarget() = default;

/// The places of every part in the Verilated instance; a size that differs from the image means that RTL and table disagree.
void NpuTarget::bind() {
  for (const Field& field : fields()) {
    const auto& parts = dut_->parts(field.block + "." + field.name);
    const size_t bytes = part_bytes(field);
    std::vector<void*> places;
    for (const Dut::Part& part : parts) {
      if (part.bytes != bytes) {
        throw BuildError(field.block + "." + field.name + ": the RTL holds " + std::to_string(part.bytes) + " bytes, the field table " + std::to_string(bytes));
      }
      places.push_back(part.data);
    }
    if (places.size() != field.parts.size()) throw BuildError(field.block + "." + field.name + ": the RTL has another number of parts than the field table");
    dut_parts_.push_back(std::move(places));
  }
  bind_memories();
  bind_pins();
  planned_ = std::make_unique<PlannedWords>(config(), fields());
  weight_bytes_ = static_cast<size_t>(config().cols * config().lane_bytes());
  act_bytes_ = static_cast<size_t>(config().rows * config().lane_bytes());
}

void NpuTarget::bind_pins() {
  const auto pin = [this](const char* name) { return static_cast<const uint8_t*>(dut_->part(std::string("tile.") + name).data); };
  pins_ = {pin("cmd_ready"), pin("weight_ready"), pin("act_ready"), pin("out_valid"),
           pin("rsp_valid"), pin("busy"),         pin("out_data"),  reinterpret_cast<const uint64_t*>(pin("rsp_data"))};
  const auto byte = [this](const char* port) { return static_cast<uint8_t*>(dut_->part(std::string("in.") + port).data); };
  in_ = {byte("rst_ni"),      byte("cmd_valid_i"), byte("weight_valid_i"), byte("act_valid_i"), byte("out_ready_i"),
         byte("rsp_ready_i"), byte("cmd_data_i"),  byte("weight_data_i"),  byte("act_data_i")};
}

void NpuTarget::bind_memories() {
  size_t fifo = 0;
  for (size_t f = 0; f < fields().size(); ++f) {
    const Field& field = fields()[f];
    if (!field.memory) continue;
    const WordPair words{static_cast<const uint8_t*>(dut_parts_[f][0]), static_cast<const uint8_t*>(field.parts[0].data), image_bytes(field.width)};
    if (f == mem_field_) {
      for (size_t c = 0; c < field.parts.size(); ++c)
        mem_.push_back({static_cast<const uint32_t*>(dut_parts_[f][c]), static_cast<const uint32_t*>(field.parts[c].data)});
    } else if (field.cls == FieldClass::Fifo) {
      fifos_.at(fifo++) = words;
    } else {
      table_ = words;
    }
  }
  ASSAY_ASSERT(fifo == fifos_.size());
}

void NpuTarget::require_same_hardware(const Dut& dut, const HwConfig& c, const std::vector<Field>& fields) {
  const std::pair<const char*, int> wanted[] = {{"rows", c.rows},
                                                {"cols", c.cols},
                                                {"acc_banks", c.acc_banks},
                                                {"acc_depth", c.acc_depth},
                                                {"command_fifo_depth", c.command_fifo_depth},
                                                {"weight_fifo_depth", c.weight_fifo_depth},
                                                {"activation_fifo_depth", c.activation_fifo_depth},
                                                {"queue_depth", c.queue_depth},
                                                {"output_fifo_depth", c.output_fifo_depth},
                                                {"response_fifo_depth", c.response_fifo_depth},
                                                {"formats", format_mask(c)},
                                                {"pe_latency", c.pe_latency}};
  for (const auto& [name, value] : wanted) {
    const auto it = dut.parameters().find(name);
    if (it == dut.parameters().end()) throw BuildError(std::string("the RTL did not report its parameter ") + name);
    if (it->second != value) {
      throw BuildError(std::string(name) + ": the RTL was elaborated with " + std::to_string(it->second) + ", the config says " + std::to_string(value));
    }
  }
  if (dut.field_table_hash() != npu::field_table_hash(fields)) throw BuildError("the Verilated library was made from another field table");
}

std::vector<PinImage> NpuTarget::input_pins() const {
  std::vector<PinImage> pins;
  if (!dut_) return pins;
  for (const char* name : kInputPins) {
    const Dut::Part part = dut_->part(std::string("in.") + name);
    const std::string pin = name;
    const int lanes = pin == "weight_data_i" ? config().cols : config().rows;
    const int bits = pin == "cmd_data_i" ? 128 : pin.ends_with("_data_i") ? lanes * config().lane_bits() : 1;
    pins.push_back({pin, part.data, part.bytes, bits});
  }
  return pins;
}

void NpuTarget::renew() {
  if (!dut_ || build_.library.empty()) return;
  dut_ = std::make_unique<Dut>(build_.library);
  dut_parts_.clear();
  mem_.clear();
  bind();
}

void NpuTarget::load(const Program& program, uint64_t seed) {
  program_ = &program;
  seed_ = seed;
}

void NpuTarget::begin() {
  ASSAY_ASSERT(program_ != nullptr);
  model_.restart();
  driver_ = std::make_unique<Driver>(config(), *program_, seed_);
  if (!dut_) return;
  planned_->restart();
  after_reset_ = false;
  if (dut_->restart()) return;
  *in_.rst_n = 0;
  *in_.cmd_valid = *in_.weight_valid = *in_.act_valid = *in_.out_ready = *in_.rsp_ready = 0;
  dut_->clock();
  fill_memories();
  dut_->clock();
  dut_->settle();
  dut_->assertions().clear();
}

/// Every memory of the RTL starts with random contents: what is undefined must not matter.
void NpuTarget::fill_memories() {
  Random random(seed_, 7);
  for (size_t f = 0; f < fields().size(); ++f) {
    const Field& field = fields()[f];
    if (!field.memory) continue;
    const size_t word = image_bytes(field.width);
    for (const Dut::Part& part : dut_->parts(field.block + "." + field.name)) {
      auto* bytes = static_cast<uint8_t*>(part.data);
      for (size_t at = 0; at + 8 <= part.bytes; at += 8) {
        const uint64_t value = random.next();
        std::memcpy(bytes + at, &value, 8);
      }
      if (field.width % 8 == 0 && (field.width % 32 == 0 || field.width <= 32)) continue;  // no unused bits
      for (size_t w = 0; w < part.bytes / word; ++w) {                                     // unused upper bits of a word stay 0
        for (size_t bit = static_cast<size_t>(field.width); bit < word * 8; ++bit) bytes[w * word + bit / 8] &= static_cast<uint8_t>(~(1u << (bit % 8)));
      }
    }
  }
}

Target::Drive NpuTarget::drive(uint64_t) {
  if (driver_->finished()) return Drive::Finished;
  if (!dut_) pins_ = pins_of(model_.outputs());
  now_ = &driver_->drive(pins_);
  if (dut_) apply_inputs();
  return driver_->finished() ? Drive::Finished : Drive::Running;
}

void NpuTarget::apply_inputs() {
  const TileInputs& in = *now_;
  *in_.rst_n = in.rst_n;
  *in_.cmd_valid = in.cmd_valid;
  *in_.weight_valid = in.weight_valid;
  *in_.act_valid = in.act_valid;
  *in_.out_ready = in.out_ready;
  *in_.rsp_ready = in.rsp_ready;
  std::memcpy(in_.cmd_data, in.cmd_data, 16);
  copy_word(in_.weight_data, in.weight_data, weight_bytes_);
  copy_word(in_.act_data, in.act_data, act_bytes_);
}

/// Differing bits of the accumulator words at the columns' entries, one slot per column; adds their number to `words`.
uint32_t NpuTarget::entries_difference(const uint32_t* entries, uint64_t& words) const {
  uint32_t diff = 0, found = 0;
  for (const ColumnMemory& column : mem_) {
    const uint32_t entry = *entries++;
    if (entry == ColumnAccesses::kNoEntry) continue;
    diff |= column.dut[entry] ^ column.ref[entry];
    ++found;
  }
  words += found;
  return diff;
}

/// Done is what was walked, from the model's record of accesses; planned is counted from the registers.
bool NpuTarget::touched_words_differ(uint64_t* planned, uint64_t* done) {
  const ColumnAccesses& columns = column_record();
  uint32_t diff = 0;
  uint64_t memory_words = 0;
  if (columns.any_written) diff |= entries_difference(columns.written, memory_words);
  if (columns.any_read) diff |= entries_difference(columns.read, memory_words);
  if (columns.activation_read) {
    const auto count = static_cast<size_t>(columns.activation_columns);
    for (size_t c = 0; c < count; ++c) diff |= mem_[c].dut[columns.activation_entry] ^ mem_[c].ref[columns.activation_entry];
    memory_words += count;
  }
  const WordAccesses& words = word_record();
  bool differs = diff != 0;
  uint64_t fifo_words = 0;
  for (uint32_t left = words.pushed; left != 0; left &= left - 1, ++fifo_words) {
    const auto i = static_cast<size_t>(std::countr_zero(left));
    differs |= fifos_[i].differs(words.newest[i]);
  }
  for (uint32_t left = words.read; left != 0; left &= left - 1, ++fifo_words) {
    const auto i = static_cast<size_t>(std::countr_zero(left));
    differs |= fifos_[i].differs(words.head[i]);
  }
  for (uint32_t left = words.table_lines; left != 0; left &= left - 1, ++memory_words) differs |= table_.differs(static_cast<size_t>(std::countr_zero(left)));
  const auto memory = static_cast<size_t>(FieldClass::Memory), fifo = static_cast<size_t>(FieldClass::Fifo);
  done[memory] += memory_words, done[fifo] += fifo_words;
  planned_->count(after_reset_, planned[memory], planned[fifo]);
  after_reset_ = !now_->rst_n;
  return differs;
}

void NpuTarget::touched_words(std::vector<WordRef>& out) const {
  out.clear();
  const ColumnAccesses& columns = model_.column_accesses();
  for (size_t c = 0; c < static_cast<size_t>(config().cols); ++c) {
    if (columns.any_written && columns.written[c] != ColumnAccesses::kNoEntry) out.push_back({mem_field_, c, columns.written[c]});
    if (columns.any_read && columns.read[c] != ColumnAccesses::kNoEntry) out.push_back({mem_field_, c, columns.read[c]});
    if (columns.activation_read && c < static_cast<size_t>(columns.activation_columns)) out.push_back({mem_field_, c, columns.activation_entry});
  }
  model_.memory_accesses(accesses_);
  for (const MemoryAccess& access : accesses_) out.push_back({access.field, access.part, access.word});
}

std::vector<std::string> NpuTarget::take_assertions() {
  if (dut_->assertions().empty()) return {};
  return std::exchange(dut_->assertions(), {});
}

uint64_t NpuTarget::counter(int index) const {
  uint64_t value = 0;
  const void* image = dut_ ? dut_->parts("tile.counter")[static_cast<size_t>(index)].data : fields()[counter_field_].parts[static_cast<size_t>(index)].data;
  std::memcpy(&value, image, sizeof value);
  return value;
}

}  // namespace assay::npu
