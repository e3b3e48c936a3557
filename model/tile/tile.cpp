// SPDX-License-Identifier: Apache-2.0
#include "model/tile/tile.hpp"

#include "model/tile/tile_impl.hpp"

namespace assay {
namespace {

constexpr uint64_t kCounterMask = low_mask(48);                           // spec section 13
constexpr int kActWidth = 138, kResponseWidth = 48, kCommandWidth = 128;  // spec section 6
int load_width(const HwConfig& hw) { return hw.floating() ? 22 : 19; }    // spec sections 6, 17.2
int matmul_width(const HwConfig& hw) { return hw.floating() ? 95 : 91; }

}  // namespace

void Tickets::advance(int bank) {
  uint32_t& ticket = value[static_cast<size_t>(bank)];
  ticket = (ticket + 1) & kTicketMask;
  put_bits(image, 10 * static_cast<size_t>(bank), 10, ticket);
}

Tile::Impl::Impl(const HwConfig& hw)
    : config(hw),
      commands(hw.command_fifo_depth, kCommandWidth),
      weights(hw.weight_fifo_depth, hw.lane_bits() * hw.cols),
      activations(hw.activation_fifo_depth, hw.lane_bits() * hw.rows),
      loads(hw.queue_depth, load_width(hw)),
      matmuls(hw.queue_depth, matmul_width(hw)),
      acts(hw.queue_depth, kActWidth),
      output(hw.output_fifo_depth, 32 * hw.cols),
      response(hw.response_fifo_depth, kResponseWidth) {
  const auto lanes = static_cast<size_t>(round_up(hw.cols, 16));
  written_entries_.resize(lanes), read_entries_.resize(lanes);
}

template <class D>
TileOf<D>::TileOf(const HwConfig& hw, Isa isa) : Tile::Impl(hw), array(hw, isa, false), accumulators(hw, isa), activation(hw, isa) {
  place_images();
  build_fields();
  restart();
}

template <class D>
void TileOf<D>::restart() {
  for (Fifo* fifo : fifos()) fifo->clear_memory();
  accumulators.clear_memory();
  activation.clear_memory();
  reset();
}

template <class D>
void TileOf<D>::reset() {
  reset_control();
  array.reset();
  accumulators.reset();
  activation.reset();
  decide();
}

void Tile::Impl::reset_control() {
  for (Fifo* fifo : fifos()) fifo->reset();
  pushed_ = 0;
  for (ImageWord* word : {&load_disp, &switch_disp, &load_row, &load_done, &switch_issued, &matmul_beat, &matmul_addr}) *word = 0;
  switch_age = static_cast<uint32_t>(config.switch_age_limit());  // spec sections 8, 17.6: the only reset value here that is not 0
  matmul_disp.reset(config.acc_banks), act_disp.reset(config.acc_banks), matmul_ret.reset(config.acc_banks);
  counters.fill(0);
  table_line_written_ = -1;
}

template <class D>
void TileOf<D>::step(const TileInputs& in) {
  if (!in.rst_n) return reset();
  pushed_ = 0;
  table_line_written_ = -1;
  const bool out_left = in.out_ready && !output.empty();
  const bool rsp_left = in.rsp_ready && !response.empty();
  const Command* clearing =
      decision.dispatch && commands.front().command.op == Op::Clear && commands.front().status == Status::Ok ? &commands.front().command : nullptr;
  step_activation(out_left);
  step_array();
  if (decision.dispatch) step_dispatch();
  count();
  if (clearing != nullptr) clear(*clearing);  // wins over every set and count of this edge
  if (decision.dispatch) commands.pop();
  if (rsp_left) response.pop();
  take_inputs(in);
  decide();
}

template <class D>
void TileOf<D>::step_activation(bool out_left) {
  // The output FIFO has room: credit_q counts the beats in flight and in the FIFO.
  if (activation.step_stages(accumulators.read_values(), output.slot(output.tail()))) {
    output.push();
    pushed_ |= 1u << kOutput;
  }
  if (decision.act == ActivationAction::Beat) {
    const Command& head = acts.front().command;
    accumulators.read(static_cast<uint32_t>(head.bank * config.acc_depth) + activation.address(head), head.n);
    if (activation.fire_beat(head)) acts.pop();
  } else if (decision.act == ActivationAction::Parameter) {
    const Command& head = acts.front().command;
    activation.fire_parameter(head);
    if (head.op == Op::LoadTable) table_line_written_ = head.line;
    acts.pop();
  }
  if (out_left) {
    output.pop();
    activation.output_left();
  }
}

template <class D>
void TileOf<D>::step_array() {
  if (array.live()) {
    const TagView tags = array.tags();
    const int stage1 = first_tag();
    retire_matmul(tags);
    accumulators.step(array.results(), tags.entry + stage1, tags.columns + stage1);
  }
  Issue issue;
  if (decision.matmul_fire) {
    step_matmul(issue);
    issue.written_columns = accumulators.note_issue(issue.entry, issue.columns);
  }
  array.step(issue, step_load(issue.switch_weights));
  if (decision.load_fire) weights.pop();
  if (decision.matmul_fire) activations.pop();
}

void Tile::Impl::retire_matmul(const TagView& tags) {
  const auto last_stage = static_cast<size_t>(config.tag_stages() - 1);
  const uint32_t entry = tags.entry[last_stage];
  // an idle stage is 0, so kLast implies a valid one
  if ((entry & TagView::kLast) != 0) matmul_ret.advance(static_cast<int>(entry & TagView::kEntry) / config.acc_depth);
}

void Tile::Impl::step_matmul(Issue& issue) {
  const Command& c = matmuls.front().command;
  const uint32_t addr = decision.matmul_first ? static_cast<uint32_t>(c.base) : matmul_addr;
  issue.valid = true;
  issue.switch_weights = decision.matmul_first && c.switch_weights;
  issue.last = decision.matmul_last;
  issue.accumulate = c.accumulate;
  issue.activation_unsigned = c.activation_unsigned;
  issue.k = c.k;
  issue.columns = c.n;
  issue.entry = static_cast<uint32_t>(c.bank * config.acc_depth) + addr;
  issue.beat = activations.head_data();
  issue.format = static_cast<Format>(c.format);
  issue.bf16_entries = c.bf16_entries;
  matmul_addr = (addr + static_cast<uint32_t>(c.stride)) & 0xffff;  // modulo 2^16
  matmul_beat = decision.matmul_last ? 0 : matmul_beat + 1;
  if (decision.matmul_last) matmuls.pop();
}

ShadowWrite Tile::Impl::step_load(bool switched) {
  if (switched) switch_issued = (switch_issued + 1) & kTicketMask;
  const auto limit = static_cast<uint32_t>(config.switch_age_limit());
  switch_age = switched ? 1 : switch_age < limit ? switch_age + 1 : limit;
  if (!decision.load_fire) return {};
  const LoadEntry& load = loads.front();
  const ShadowWrite write{true, load.weight_unsigned, static_cast<int>(load_row), weights.head_data(), load.format};
  load_row = decision.load_last ? 0 : load_row + 1;
  if (decision.load_last) {
    load_done = (load_done + 1) & kTicketMask;
    loads.pop();
  }
  return write;
}

void Tile::Impl::push_load(const Command& c) {
  Packer<2> image;  // one word is filled
  if (config.floating())
    image.add(c.format, 4);
  else
    image.add(c.weight_unsigned ? 1 : 0, 1);
  image.add(static_cast<uint64_t>(c.k), 8);
  image.add(switch_disp, 10);
  loads.push_entry(image.words, {c.weight_unsigned, static_cast<Format>(c.format), c.k, switch_disp});
  load_disp = (load_disp + 1) & kTicketMask;
}

void Tile::Impl::push_matmul(const Command& c) {
  const uint32_t need_act = act_disp[c.bank];
  Packer<2> image;
  if (config.floating())
    image.add(c.format, 4), image.add(c.switch_weights ? 1 : 0, 1), image.add(c.accumulate ? 1 : 0, 1), image.add(c.bf16_entries ? 1 : 0, 1);
  else
    image.add(c.activation_unsigned ? 1 : 0, 1), image.add(c.switch_weights ? 1 : 0, 1), image.add(c.accumulate ? 1 : 0, 1);
  image.add(static_cast<uint64_t>(c.bank), 4), image.add(static_cast<uint64_t>(c.m), 16), image.add(static_cast<uint64_t>(c.k), 8);
  image.add(static_cast<uint64_t>(c.n), 8), image.add(static_cast<uint64_t>(c.base), 16), image.add(static_cast<uint64_t>(c.stride), 16);
  image.add(load_disp, 10), image.add(need_act, 10);
  matmuls.push_entry(image.words, {c, load_disp, need_act});
  matmul_disp.advance(c.bank);
  if (c.switch_weights) switch_disp = (switch_disp + 1) & kTicketMask;
}

void Tile::Impl::push_act(const Command& c) {
  const uint32_t need_matmul = c.op == Op::Activate ? matmul_disp[c.bank] : 0;
  Packer<3> image;
  uint64_t halves[2];
  std::memcpy(halves, commands.head_data(), sizeof halves);
  image.add(halves[0], 64), image.add(halves[1], 64), image.add(need_matmul, 10);
  acts.push_entry(image.words, {c, need_matmul});
  if (c.op == Op::Activate) act_disp.advance(c.bank);
}

void Tile::Impl::respond(uint32_t data, const Command& c, Status status) {
  const uint64_t image = data | static_cast<uint64_t>(c.tag) << 32 | static_cast<uint64_t>(status) << 40;
  response.push(&image, response.slot_bytes());
  pushed_ |= 1u << kResponse;
}

void Tile::Impl::step_dispatch() {
  const auto& [c, status] = commands.front();
  if (status != Status::Ok) return respond(0, c, status);
  switch (c.op) {
    case Op::LoadWeights:
      push_load(c), pushed_ |= 1u << kLoad;
      break;
    case Op::Matmul:
      push_matmul(c), pushed_ |= 1u << kMatmul;
      break;
    case Op::Activate:
    case Op::LoadParam:
    case Op::LoadTable:
    case Op::LoadSeed:
      push_act(c), pushed_ |= 1u << kAct;
      break;
    case Op::Fence:
      respond(outputs.flags, c, Status::Ok);
      break;
    case Op::ReadCounter: {
      const uint64_t counter = counters[static_cast<size_t>(c.index)];  // 48 bits: the high word has 16
      respond(static_cast<uint32_t>(c.high ? counter >> 32 : counter), c, Status::Ok);
      break;
    }
    default:
      break;
  }
}

void Tile::Impl::count() {
  const auto up = [&](Counter i) { counters[i] = (counters[i] + 1) & kCounterMask; };
  up(kCycles), up(decision.load_counter), up(decision.matmul_counter), up(decision.act_counter), up(decision.dispatch_counter);
}

template <class D>
void TileOf<D>::clear(const Command& c) {
  if (c.clear_flags) array.clear_flags(), accumulators.clear_flags(), activation.clear_flags();
  if (c.clear_counters) counters.fill(0);
  if (c.clear_written) accumulators.clear_written();
  if (c.clear_table) activation.clear_table_written();
}

void Tile::Impl::take_inputs(const TileInputs& in) {
  if (in.cmd_valid && outputs.cmd_ready != 0) {
    CommandWord word;
    std::memcpy(word.data(), in.cmd_data, sizeof word);
    commands.push_entry(word.data(), {decode(word, datapath(config)), check_command(word, config)});
    pushed_ |= 1u << kCommand;
  }
  if (in.weight_valid && outputs.weight_ready != 0) {
    weights.push_beat(in.weight_data, static_cast<size_t>(config.cols * config.lane_bytes()));
    pushed_ |= 1u << kWeight;
  }
  if (in.act_valid && outputs.act_ready != 0) {
    activations.push_beat(in.act_data, static_cast<size_t>(config.rows * config.lane_bytes()));
    pushed_ |= 1u << kActivation;
  }
}

Tile::Tile(const HwConfig& config, Isa isa) {
  check_config(config, config.name);
  const Isa level = usable_isa(isa, best_isa());
  if (config.floating())
    impl_ = std::make_unique<TileOf<FloatingDatapath>>(config, level);
  else
    impl_ = std::make_unique<TileOf<IntegerDatapath>>(config, level);
}
Tile::~Tile() = default;
Tile::Tile(Tile&&) noexcept = default;
Tile& Tile::operator=(Tile&&) noexcept = default;

void Tile::restart() { impl_->restart(); }
const TileOutputs& Tile::outputs() const { return impl_->outputs; }
void Tile::step(const TileInputs& inputs) { impl_->step(inputs); }
const std::vector<Field>& Tile::fields() const { return impl_->fields; }
void Tile::memory_accesses(std::vector<MemoryAccess>& out) const { impl_->memory_accesses(out); }
bool Tile::word_defined(size_t field, size_t part, size_t word) const { return impl_->word_defined(field, part, word); }
bool Tile::fence_now() const { return impl_->fence_now(); }
const HwConfig& Tile::config() const { return impl_->config; }

const WordAccesses& Tile::word_accesses() const {
  impl_->word_accesses();
  return impl_->words;
}

const ColumnAccesses& Tile::column_accesses() const {
  impl_->column_accesses();
  return impl_->accesses;
}

}  // namespace assay
