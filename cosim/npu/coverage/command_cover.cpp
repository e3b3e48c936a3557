// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/coverage/command_cover.hpp"

#include <algorithm>

#include "cosim/npu/coverage/classes.hpp"

namespace assay::npu {
namespace {

using coverage::Axis;
using coverage::Mark;

using Labels = std::span<const size_t>;

const Axis kWaitAxis{"wait", {"none", "queue", "idle", "response"}};
const Axis kGroupAxis{"", {"NOP", "LOAD_WEIGHTS", "MATMUL", "ACTIVATE", "parameter", "synchronous", "illegal"}};
constexpr size_t kIllegalGroup = 6;

Axis named(const char* name, const std::vector<std::string>& labels) { return {name, labels}; }

}  // namespace

CommandCover::CommandCover(coverage::Space& space, const Tile& model)
    : config_(model.config()), datapath_(assay::datapath(config_)), table_written_(model.fields(), "activation", "table_written") {
  for (const Field& field : model.fields())
    if (field.block == "accumulators" && field.name == "written") written_ = &field;
  const auto table = command_table(datapath_);
  row_.fill(static_cast<uint8_t>(table.size()));
  for (size_t i = 0; i < table.size(); ++i) {
    const CommandInfo& info = table[i];
    names_.emplace_back(info.name);
    row_[static_cast<size_t>(info.op)] = static_cast<uint8_t>(i);
    group_[i] = info.op == Op::Nop                 ? 0
                : info.unit == CommandUnit::None   ? 5
                : info.op == Op::Activate          ? 3
                : info.unit == CommandUnit::Load   ? 1
                : info.unit == CommandUnit::Matmul ? 2
                                                   : 4;
  }
  group_[names_.size()] = kIllegalGroup;
  names_.emplace_back("illegal");
  add_orders(space);
  for (const CommandInfo& info : table) {
    add_modes(space, info);
    add_shapes(space, info);
  }
  add_illegal(space);
  add_rest(space);
}

void CommandCover::add_orders(coverage::Space& space) {
  const std::string kind = datapath_ == Datapath::Floating ? "float." : "int.";
  pairs_ = space.add({kind + "command.pair",
                      "7",
                      "two commands dispatched one after the other",
                      "{first} followed by {second}",
                      "tile.command_fifo_rptr",
                      {named("first", names_), named("second", names_)}});
  const auto group = [](const char* name) { return Axis{name, kGroupAxis.labels}; };
  triples_ = space.add({"command.triple",
                        "7",
                        "three kinds of command dispatched one after the other",
                        "{first}, {second}, {third} in this order",
                        "tile.command_fifo_rptr",
                        {group("first"), group("second"), group("third")}});
}

/// Flags that make a legal command (spec sections 4 and 17.3, status 2 and 5).
Mark CommandCover::mode_mark(const CommandInfo& info, size_t flags) const {
  if (info.op != Op::Activate) return {};
  Command c;
  for (size_t f = 0; f < info.flags.size(); ++f) c.*info.flags[f].member = (flags >> f & 1) != 0;
  const bool other = flags != 0 && (c.output_unsigned || c.single || c.table || c.relu || c.saturate || c.stochastic);
  return c.raw && other ? never("raw with another mode is illegal") : Mark{};
}

/// Mode × what the command waited for at the head of the command FIFO.
void CommandCover::add_modes(coverage::Space& space, const CommandInfo& info) {
  std::vector<std::string> modes;
  for (size_t m = 0; m < size_t{1} << info.flags.size(); ++m) {
    std::string text;
    for (size_t f = 0; f < info.flags.size(); ++f)
      if ((m >> f & 1) != 0) text += (text.empty() ? "" : "+") + std::string(info.flags[f].name);
    modes.push_back(text.empty() ? "plain" : text);
  }
  const auto mark = [this, &info](Labels l) -> Mark {
    if (const Mark mode = mode_mark(info, l[0]); mode.kind != coverage::BinKind::Normal) return mode;
    const bool can = l[1] == 0 || (l[1] == 1 && info.unit != CommandUnit::None) || (l[1] == 2 && info.waits_idle) || (l[1] == 3 && info.responds);
    return can ? Mark{} : illegal("this command does not wait for it");
  };
  const std::string kind = datapath_ == Datapath::Floating ? "float." : "int.", name(info.name);
  modes_.push_back({space.add({kind + "command." + name,
                               datapath_ == Datapath::Floating ? "17.3" : "4",
                               name + " by mode and by what held it back",
                               name + " in mode {mode} while its unit's queue, the pipeline or the response FIFO makes it wait for: {wait}",
                               "tile.command_fifo_count",
                               {named("mode", modes), kWaitAxis},
                               mark}),
                    &info});
}

void CommandCover::add_shapes(coverage::Space& space, const CommandInfo& info) {
  if (!info.has_k && !info.has_rows) return;
  const std::string name(info.name);
  Shape& shape = shapes_[row_[static_cast<size_t>(info.op)]];
  const HwConfig hw = config_;
  if (info.has_k) {
    const bool both = info.has_rows;
    std::vector<Axis> axes{size_axis("k")};
    if (both) axes.push_back(size_axis("n"));
    shape.kn = space.add({"shape." + name + ".size", "4", "rows and columns that " + name + " uses",
                          name + " with k = {k}" + (both ? ", n = {n}" : "") + " of the tile's", "tile.matmul_queue_count", axes, [hw, both](Labels l) {
                            const bool there = size_class_exists(l[0], hw.rows) && (!both || size_class_exists(l[1], hw.cols));
                            return there ? Mark{} : never("the tile is too small for this class");
                          }});
  }
  if (!info.has_rows) return;
  if (!info.has_k) {
    shape.kn = space.add({"shape." + name + ".size",
                          "4",
                          "columns that " + name + " uses",
                          name + " with n = {n} of the tile's",
                          "tile.act_queue_count",
                          {size_axis("n")},
                          [hw](Labels l) { return size_class_exists(l[0], hw.cols) ? Mark{} : never("the tile is too small for this class"); }});
  }
  shape.rows = space.add({"shape." + name + ".rows",
                          "4",
                          "beats and stride of " + name,
                          name + " with m = {m} of the bank's entries, stride {stride}",
                          "tile.matmul_addr",
                          {size_axis("m"), {"stride", {"0", "1", "2", "more"}}},
                          [](Labels l) {
                            // base + (m−1)·stride ≤ D−1 with m ≥ D−1 ≥ 3
                            return l[0] >= 3 && l[1] >= 2 ? never("the entries would lie beyond the bank: illegal") : Mark{};
                          }});
  std::vector<std::string> banks = coverage::numbers(0, config_.acc_banks - 1);
  shape.bank = space.add({"shape." + name + ".bank",
                          "4",
                          "bank and first entry of " + name,
                          name + " on bank {bank}, base {base}",
                          "tile.matmul_disp",
                          {named("bank", banks), {"base", {"0", "some", "last"}}}});
}

bool CommandCover::status_possible(size_t opcode, Status status) const {
  const CommandInfo* info = command_info(static_cast<Op>(opcode), datapath_);
  if (info == nullptr) return status == Status::UnknownOp;
  const bool floating = datapath_ == Datapath::Floating;
  switch (status) {
    case Status::Reserved:
      return true;
    case Status::Size:
      return info->has_k || info->has_rows;
    case Status::Address:
      return info->has_rows;
    case Status::Value:
      return info->has_column || info->has_index || info->has_format || (!floating && info->op == Op::Activate);
    default:
      return false;
  }
}

void CommandCover::add_illegal(coverage::Space& space) {
  std::vector<std::string> opcodes;
  for (size_t op = 0; op < kOpcodes; ++op) {
    const CommandInfo* info = command_info(static_cast<Op>(op), datapath_);
    opcodes.push_back(info == nullptr ? "opcode " + std::to_string(op) : std::string(info->name));
  }
  const std::string kind = datapath_ == Datapath::Floating ? "float." : "int.";
  status_ =
      space.add({kind + "illegal.status",
                 datapath_ == Datapath::Floating ? "17.3" : "4",
                 "status of illegal commands by opcode and whether they waited for the response FIFO",
                 "an illegal {opcode} that gets status {status}, the response FIFO full: {waited}",
                 "tile.response_fifo_count",
                 {named("opcode", opcodes), {"status", {"1", "2", "3", "4", "5"}}, {"waited", {"no", "yes"}}},
                 [this](Labels l) { return status_possible(l[0], static_cast<Status>(l[1] + 1)) ? Mark{} : illegal("this opcode cannot get this status"); }});
  std::vector<std::string> reasons{
      "m = 0",       "m > D",      "k = 0", "k > R", "n = 0", "n > C", "bank >= B", "entries beyond D", "raw with a mode", "broadcast with a column",
      "column >= C", "index >= 16"};
  if (datapath_ == Datapath::Floating)
    reasons.insert(reasons.end(), {"format of no operand", "format > 8", "saturate to no small float", "stochastic to no small float"});
  else
    reasons.insert(reasons.end(),
                   {"small multiplier", "large multiplier", "shift -32", "shift 31", "zero point", "clamp_lo", "clamp_hi", "clamp_lo > clamp_hi"});
  const bool all_banks = config_.acc_banks == 16;
  reasons_ = space.add({kind + "illegal.reason",
                        datapath_ == Datapath::Floating ? "17.3" : "4",
                        "why a command is illegal: the reasons behind each status",
                        "a command that is legal but for: {reason}",
                        "tile.response_fifo_count",
                        {named("reason", reasons)},
                        [all_banks](Labels l) { return l[0] == 6 && all_banks ? never("every value of the field is a bank") : Mark{}; }});
}

void CommandCover::add_rest(coverage::Space& space) {
  tags_ = space.add(
      {"command.tag", "4", "tags that a response returns", "answered commands with tag {tag}", "tile.response_fifo_mem", {{"tag", {"0", "1..254", "255"}}}});
  counters_ = space.add({"counter.read",
                         "13",
                         "counters read, and what stood there",
                         "READ_COUNTER of {counter}, half {half}, when it is {value}",
                         "tile.counter",
                         {named("counter", {"cycles", "load_busy", "load_stall_hazard", "load_stall_data", "matmul_busy", "matmul_stall_bank",
                                            "matmul_stall_weights", "matmul_stall_data", "act_busy", "act_stall_bank", "act_stall_output", "act_stall_drain",
                                            "dispatch_busy", "dispatch_stall_queue", "dispatch_stall_idle", "dispatch_stall_response"}),
                          {"half", {"low", "high"}},
                          {"value", {"0", "not 0"}}},
                         [](Labels l) { return l[1] == 1 && l[2] == 1 ? never("a counter's upper half takes 2^32 cycles to leave 0") : Mark{}; }});
  fence_ = space.add({"fence.flags", "4", "flags that a FENCE returns", "FENCE while {flags} flags are set", "tile.flags", {{"flags", {"no", "some"}}}});
  clear_ =
      space.add({"clear.what",
                 "4",
                 "what a CLEAR finds to clear",
                 "CLEAR of {what}, which is then {state}",
                 "tile.flags",
                 {{"what", {"flags", "counters", "written", "table"}}, {"state", {"clear", "set"}}},
                 [this](Labels l) -> Mark { return l[0] == 3 && datapath_ == Datapath::Floating ? never("the floating-point tile has no table") : Mark{}; }});
  idle_wait_ = space.add({"dispatch.idle_wait",
                          "7",
                          "what a CLEAR or FENCE at the head waits for",
                          "{op} right behind work that keeps {what}",
                          "tile.command_fifo_count",
                          {{"op", {"CLEAR", "FENCE"}}, {"what", {"load queue", "matmul queue", "activation queue", "tags", "stages", "output FIFO"}}},
                          [](Labels l) { return l[0] == 0 && l[1] == 5 ? never("CLEAR does not wait for the output FIFO") : Mark{}; }});
  tickets_ = space.add({"dispatch.ticket",
                        "7",
                        "values of the tickets, which wrap at 1024",
                        "so many {command} on one bank without a reset in between that the ticket is {value}",
                        "tile.load_disp",
                        {{"command", {"LOAD_WEIGHTS", "switches", "MATMUL", "ACTIVATE"}}, {"value", {"0", "some", "512 and more", "1023"}}}});
}

void CommandCover::begin() {
  waited_ = 0;
  before_ = before_that_ = names_.size();
}

void CommandCover::cycle(const CycleView& view, HitBytes& hits) {
  const Tile::Impl& t = view.tile;
  if (t.decision.dispatch_counter == kNoCounter) return;
  if (t.decision.dispatch) return dispatched(view, hits);
  waited_ |= 1u << (t.decision.dispatch_counter - kDispatchQueue);
  if (t.decision.dispatch_counter == kDispatchIdle) idle_wait(view, t.commands.front().command.op, hits);
}

void CommandCover::idle_wait(const CycleView& view, Op op, HitBytes& hits) {
  const Tile::Impl& t = view.tile;
  const TagView tags = t.tags();
  const bool tagged = std::any_of(tags.columns, tags.columns + t.config.tag_stages(), [](uint32_t c) { return c != 0; });
  const bool queues[] = {!t.loads.empty(), !t.matmuls.empty(), !t.acts.empty()};
  const size_t row = op == Op::Clear ? 0 : 1;
  for (size_t i = 0; i < 3; ++i)
    if (queues[i]) hits(idle_wait_(row, i));
  if (tagged) hits(idle_wait_(row, 3));
  if (!tagged && !queues[0] && !queues[1] && !queues[2] && !t.decision.idle) hits(idle_wait_(row, 4));
  if (t.decision.idle && op == Op::Fence) hits(idle_wait_(row, 5));
}

void CommandCover::dispatched(const CycleView& view, HitBytes& hits) {
  const auto& [c, status] = view.tile.commands.front();
  const bool wrong = status != Status::Ok;
  const size_t now = wrong ? names_.size() - 1 : row_[static_cast<size_t>(c.op)];
  if (before_ < names_.size()) {
    hits(pairs_(before_, now));
    if (before_that_ < names_.size()) hits(triples_(group_[before_that_], group_[before_], group_[now]));
  }
  before_that_ = before_, before_ = now;
  const CommandInfo* info = command_info(c.op, datapath_);
  if (wrong || info->responds) hits(tags_(c.tag == 0 ? 0 : c.tag == 255 ? 2 : 1));
  if (wrong) {
    hits(status_(static_cast<size_t>(c.op), static_cast<size_t>(status) - 1, waited_ != 0 ? 1 : 0));
    illegal_reasons(c, hits);
  } else {
    legal(view, c, hits);
  }
  waited_ = 0;
}

void CommandCover::legal(const CycleView& view, const Command& c, HitBytes& hits) {
  const Tile::Impl& t = view.tile;
  const size_t row = row_[static_cast<size_t>(c.op)];
  const Modes& modes = modes_[row];
  size_t mode = 0;
  for (size_t f = 0; f < modes.info->flags.size(); ++f) mode |= static_cast<size_t>(c.*modes.info->flags[f].member) << f;
  if (waited_ == 0) hits(modes.bins(mode, 0));
  for (size_t cause = 0; cause < 3; ++cause)
    if ((waited_ >> cause & 1) != 0) hits(modes.bins(mode, cause + 1));
  shape(c, hits);
  const auto ticket = [&](size_t which, uint32_t value) { hits(tickets_(which, value == 0 ? 0 : value == 1023 ? 3 : value >= 512 ? 2 : 1)); };
  switch (c.op) {
    case Op::LoadWeights:
      return ticket(0, t.load_disp);
    case Op::Matmul:
      if (c.switch_weights) ticket(1, t.switch_disp);
      return ticket(2, t.matmul_disp[c.bank]);
    case Op::Activate:
      return ticket(3, t.act_disp[c.bank]);
    case Op::ReadCounter: {
      const uint64_t value = t.counters[static_cast<size_t>(c.index)];
      return hits(counters_(c.index, c.high ? 1 : 0, (c.high ? value >> 32 : value & 0xffffffff) != 0 ? 1 : 0));
    }
    case Op::Fence:
      return hits(fence_(t.outputs.flags != 0 ? 1 : 0));
    case Op::Clear:
      if (c.clear_flags) hits(clear_(0, t.outputs.flags != 0 ? 1 : 0));
      if (c.clear_counters) hits(clear_(1, t.counters[kCycles] != 0 ? 1 : 0));
      if (c.clear_written && !hits.both(clear_(2, 0), clear_(2, 1))) hits(clear_(2, any_written() ? 1 : 0));
      if (c.clear_table) hits(clear_(3, table_written_.word(0) != 0 ? 1 : 0));
      return;
    default:
      return;
  }
}

bool CommandCover::any_written() const {
  const size_t bytes = image_bytes(config_.entries());
  for (const FieldPart& part : written_->parts) {
    const auto* at = static_cast<const uint8_t*>(part.data);
    if (std::any_of(at, at + bytes, [](uint8_t b) { return b != 0; })) return true;
  }
  return false;
}

void CommandCover::shape(const Command& c, HitBytes& hits) {
  const auto found = shapes_.find(row_[static_cast<size_t>(c.op)]);
  if (found == shapes_.end()) return;
  const Shape& shape = found->second;
  if (c.op == Op::LoadWeights) return hits(shape.kn(size_class(c.k, config_.rows)));
  if (c.op == Op::Matmul)
    hits(shape.kn(size_class(c.k, config_.rows), size_class(c.n, config_.cols)));
  else
    hits(shape.kn(size_class(c.n, config_.cols)));
  hits(shape.rows(size_class(c.m, config_.acc_depth), std::min(c.stride, 3)));
  hits(shape.bank(c.bank, c.base == 0 ? 0 : c.base == config_.acc_depth - 1 ? 2 : 1));
}

void CommandCover::illegal_reasons(const Command& c, HitBytes& hits) {
  const CommandInfo* info = command_info(c.op, datapath_);
  if (info == nullptr) return;
  size_t number = 0;
  const auto when = [&](bool applies) {
    if (applies) hits(reasons_(number));
    ++number;
  };
  const bool raw = c.op == Op::Activate && c.raw;
  when(info->has_rows && c.m == 0), when(info->has_rows && c.m > config_.acc_depth);
  when(info->has_k && c.k == 0), when(info->has_k && c.k > config_.rows);
  when(info->has_rows && c.n == 0), when(info->has_rows && c.n > config_.cols);
  when(info->has_rows && c.bank >= config_.acc_banks);
  when(info->has_rows && c.m > 0 && c.base + int64_t{c.m - 1} * c.stride > config_.acc_depth - 1);
  const bool float_mode = c.relu || c.format != 0 || c.saturate || c.stochastic;
  const bool integer_mode = c.output_unsigned || c.single || c.table || c.zero_point != 0 || c.clamp_lo != 0 || c.clamp_hi != 0;
  when(raw && (datapath_ == Datapath::Floating ? float_mode : integer_mode));
  when(info->has_column && c.broadcast && c.column != 0), when(info->has_column && c.column >= config_.cols);
  when(info->has_index && c.index >= 16);
  if (datapath_ == Datapath::Floating) {
    const bool operand = c.op == Op::LoadWeights || c.op == Op::Matmul, converts = c.op == Op::Activate && !c.raw;
    const bool small = c.format < kFormats && is_operand_float(static_cast<Format>(c.format));
    when(operand && (c.format >= kFormats || !config_.has(static_cast<Format>(c.format)))), when(converts && c.format >= kFormats);
    when(converts && c.saturate && !small), when(converts && c.stochastic && !small);
    return;
  }
  const bool parameter = c.op == Op::LoadParam, activate = c.op == Op::Activate && !c.raw;
  const int lo = c.output_unsigned ? 0 : -128, hi = c.output_unsigned ? 255 : 127;
  const auto outside = [&](int x) { return activate && (x < lo || x > hi); };
  when(parameter && c.multiplier != 0 && c.multiplier < 1u << 30), when(parameter && c.multiplier >= 1u << 31);
  when(parameter && c.shift == -32), when(parameter && c.shift == 31);
  when(outside(c.zero_point)), when(outside(c.clamp_lo)), when(outside(c.clamp_hi)), when(activate && c.clamp_lo > c.clamp_hi);
}

}  // namespace assay::npu
