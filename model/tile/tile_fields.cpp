// SPDX-License-Identifier: Apache-2.0
// The tile's field table (spec section 14) and the accesses to its memories.
#include "model/tile/tile_impl.hpp"

namespace assay {

// The order of the units; within each, that of the table.
void Tile::Impl::place_front_images() {
  for (Fifo* fifo : {static_cast<Fifo*>(&commands), &weights, &activations}) fifo->add_images(images);
  const int tickets = 10 * config.acc_banks;
  images.add(&load_disp, 10), images.add(&switch_disp, 10), images.add(&matmul_disp.image, tickets), images.add(&act_disp.image, tickets);
  for (Fifo* fifo : {static_cast<Fifo*>(&loads), static_cast<Fifo*>(&matmuls), static_cast<Fifo*>(&acts)}) fifo->add_images(images);
  images.add(&load_row, clog2(config.rows)), images.add(&load_done, 10), images.add(&switch_issued, 10);
  images.add(&switch_age, clog2(config.switch_age_limit() + 1)), images.add(&matmul_beat, 16), images.add(&matmul_addr, 16);
  images.add(&matmul_ret.image, tickets);
}

template <class D>
void TileOf<D>::place_images() {
  place_front_images();
  array.add_images(images);
  accumulators.add_images(images);
  activation.add_images(images);
  output.add_images(images), response.add_images(images);
  images.place();
}

void Tile::Impl::add_front_fields() {
  commands.add_fields(fields, "command_fifo");
  weights.add_fields(fields, "weight_fifo");
  activations.add_fields(fields, "activation_fifo");
  add_tile_fields(true);
  loads.add_fields(fields, "load_queue");
  matmuls.add_fields(fields, "matmul_queue");
  acts.add_fields(fields, "act_queue");
  add_tile_fields(false);
}

template <class D>
void TileOf<D>::build_fields() {
  add_front_fields();
  array.add_array_fields(fields);
  array.add_pe_fields(fields);
  accumulators.add_fields(fields);
  activation.add_fields(fields);
  add_back_fields();
}

void Tile::Impl::add_back_fields() {
  output.add_fields(fields, "output_fifo");
  response.add_fields(fields, "response_fifo");
  Field counter{"tile", "counter", {kNoCounter}, 48, "uint", FieldClass::Counter, "", Split::Element, false, {}};
  for (size_t i = 0; i < kNoCounter; ++i) counter.parts.push_back({&counters[i], nullptr});
  fields.push_back(counter);
  add_pin_fields();
  note_memories();
}

// Rows 2 (dispatch) and 4 (load and matmul unit) of the table.
void Tile::Impl::add_tile_fields(bool dispatch_part) {
  const auto add = [&](const char* name, std::vector<int> shape, int width, const void* at) {
    fields.push_back({"tile", name, std::move(shape), width, "uint", FieldClass::Control, "", Split::None, false, {{at, nullptr}}});
  };
  if (dispatch_part) {
    add("load_disp", {}, 10, load_disp.image());
    add("switch_disp", {}, 10, switch_disp.image());
    add("matmul_disp", {config.acc_banks}, 10, matmul_disp.image);
    add("act_disp", {config.acc_banks}, 10, act_disp.image);
    return;
  }
  add("load_row", {}, clog2(config.rows), load_row.image());
  add("load_done", {}, 10, load_done.image());
  add("switch_issued", {}, 10, switch_issued.image());
  add("switch_age", {}, clog2(config.switch_age_limit() + 1), switch_age.image());
  add("matmul_beat", {}, 16, matmul_beat.image());
  add("matmul_addr", {}, 16, matmul_addr.image());
  add("matmul_ret", {config.acc_banks}, 10, matmul_ret.image);
}

void Tile::Impl::add_pin_fields() {
  const auto add = [&](const char* name, std::vector<int> shape, int width, const char* format, const char* valid, FieldPart part) {
    fields.push_back({"tile", name, std::move(shape), width, format, FieldClass::Pin, valid, Split::None, false, {part}});
  };
  add("cmd_ready", {}, 1, "bit", "", {&outputs.cmd_ready, nullptr});
  add("weight_ready", {}, 1, "bit", "", {&outputs.weight_ready, nullptr});
  add("act_ready", {}, 1, "bit", "", {&outputs.act_ready, nullptr});
  add("out_valid", {}, 1, "bit", "", {&outputs.out_valid, nullptr});
  add("out_data", {config.cols}, 32, "int32", "out_valid", {output.mem(), &out_data_offset});
  add("rsp_valid", {}, 1, "bit", "", {&outputs.rsp_valid, nullptr});
  add("rsp_data", {}, 48, "bits", "rsp_valid", {&outputs.rsp_data, nullptr});
  add("busy", {}, 1, "bit", "", {&outputs.busy, nullptr});
  add("flags", {}, config.flag_bits(), "bits", "", {&outputs.flags, nullptr});
}

void Tile::Impl::note_memories() {
  const auto all = fifos();
  memory_of_field_.resize(fields.size());
  size_t fifo = 0;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (!fields[i].memory) continue;
    if (fields[i].cls == FieldClass::Fifo) {
      fifo_fields_[fifo] = {static_cast<uint16_t>(i), all[fifo]};
      memory_of_field_[i] = {Memory::Fifo, all[fifo]};
      ++fifo;
    } else if (fields[i].block == "accumulators") {
      memory_of_field_[i] = {Memory::Entries, nullptr};
    } else {
      table_field_ = static_cast<uint16_t>(i);
      memory_of_field_[i] = {Memory::Table, nullptr};
    }
  }
}

template <class D>
bool TileOf<D>::word_defined(size_t field, size_t part, size_t word) const {
  const MemoryField& memory = memory_of_field_[field];
  switch (memory.kind) {
    case Memory::Fifo:
      return memory.fifo->occupied(word);
    case Memory::Entries:
      return accumulators.written(part, word);
    case Memory::Table:
      return ((activation.table_written() >> word) & 1) != 0;
    default:
      return true;
  }
}

// The newest word when it has just been pushed, and the head when it is read.
void Tile::Impl::fifo_accesses() const {
  const auto bit = [](bool set, FifoIndex i) { return (set ? 1u : 0u) << i; };
  uint32_t read = bit(!commands.empty(), kCommand) | bit(decision.load_fire, kWeight) | bit(decision.matmul_fire, kActivation) | bit(!loads.empty(), kLoad) |
                  bit(!matmuls.empty(), kMatmul) | bit(!acts.empty(), kAct) | bit(!output.empty(), kOutput) | bit(!response.empty(), kResponse);
  for (uint32_t left = read; left != 0; left &= left - 1) {
    const auto i = static_cast<size_t>(std::countr_zero(left));
    words.head[i] = static_cast<uint32_t>(fifo_fields_[i].fifo->head());
  }
  for (uint32_t left = pushed_; left != 0; left &= left - 1) {
    const auto i = static_cast<size_t>(std::countr_zero(left));
    words.newest[i] = static_cast<uint32_t>(fifo_fields_[i].fifo->newest());
    if (words.newest[i] == words.head[i]) read &= ~(1u << i);  // a stale head only clears a bit that is 0
  }
  words.pushed = pushed_, words.read = read;
}

template <class D>
void TileOf<D>::word_accesses() const {
  fifo_accesses();
  words.table_lines = activation.table_lines_read() | (table_line_written_ >= 0 ? 1u << table_line_written_ : 0u);
}

void Tile::Impl::memory_accesses(std::vector<MemoryAccess>& out) const {
  word_accesses();
  out.clear();
  for (size_t i = 0; i < kFifos; ++i) {
    if (i == kOutput) {
      for (uint32_t left = words.table_lines; left != 0; left &= left - 1) out.push_back({table_field_, 0, static_cast<uint32_t>(std::countr_zero(left))});
    }
    if (((words.pushed >> i) & 1) != 0) out.push_back({fifo_fields_[i].field, 0, words.newest[i]});
    if (((words.read >> i) & 1) != 0) out.push_back({fifo_fields_[i].field, 0, words.head[i]});
  }
}

template <class D>
void TileOf<D>::column_accesses() const {
  uint32_t any = 0;
  if (array.live()) {
    const TagView tags = array.tags();
    any = accumulators.list_entries(tags.entry + first_tag(), tags.columns + first_tag(), {written_entries_.data(), read_entries_.data()});
  } else if (accesses.written == nullptr || accesses.any_written || accesses.any_read) {
    std::fill(written_entries_.begin(), written_entries_.end(), ColumnAccesses::kNoEntry);
    std::fill(read_entries_.begin(), read_entries_.end(), ColumnAccesses::kNoEntry);
  }
  accesses.any_written = (any & kAnyWritten) != 0, accesses.any_read = (any & kAnyRead) != 0;
  accesses.written = written_entries_.data();
  accesses.read = read_entries_.data();
  accesses.activation_read = decision.act == ActivationAction::Beat;
  if (!accesses.activation_read) return;
  const Command& head = acts.front().command;
  accesses.activation_entry = static_cast<uint32_t>(head.bank * config.acc_depth) + activation.address(head);
  accesses.activation_columns = accumulators.defined_columns(accesses.activation_entry, head.n);
}

// What tile.cpp and the class's users call; the rest is used here only.
#define ASSAY_INSTANTIATE(D)                        \
  template void TileOf<D>::place_images();          \
  template void TileOf<D>::build_fields();          \
  template void TileOf<D>::word_accesses() const;   \
  template void TileOf<D>::column_accesses() const; \
  template bool TileOf<D>::word_defined(size_t, size_t, size_t) const;
ASSAY_INSTANTIATE(IntegerDatapath)
ASSAY_INSTANTIATE(FloatingDatapath)
#undef ASSAY_INSTANTIATE

}  // namespace assay
