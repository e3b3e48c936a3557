// SPDX-License-Identifier: Apache-2.0
#include "model/common/command.hpp"

#include <type_traits>

namespace assay {
namespace {

constexpr int kCounters = 16;

uint64_t half(const CommandWord& word, size_t i) { return word[2 * i] | uint64_t{word[2 * i + 1]} << 32; }

// Bits [lo, lo + width), width <= 32: shifted out of the two 64-bit halves, of which it may touch both.
uint64_t get(const CommandWord& word, int lo, int width) {
  const uint64_t low = half(word, 0), high = half(word, 1);
  const uint64_t from_low = lo >= 64 ? 0 : low >> lo;
  const uint64_t from_high = lo >= 64 ? high >> (lo - 64) : lo > 32 ? high << (64 - lo) : 0;
  return (from_low | from_high) & ((uint64_t{1} << width) - 1);
}

// The same bits become the low `width` bits of value; they were 0.
void put(CommandWord& word, int lo, int width, uint64_t value) {
  const uint64_t bits = (value & ((uint64_t{1} << width) - 1)) << (lo % 32);  // below 2^63: lo % 32 + width <= 63
  const auto at = static_cast<size_t>(lo) / 32;
  word[at] |= static_cast<uint32_t>(bits);
  if (bits >> 32 != 0) word[at + 1] |= static_cast<uint32_t>(bits >> 32);
}

bool known(Op op, Datapath datapath) {
  if (op == Op::LoadTable) return datapath == Datapath::Integer;
  if (op == Op::LoadSeed) return datapath == Datapath::Floating;
  return op <= Op::ReadCounter;
}

// Bank, entries and columns: the same bits in both layouts.
template <class C, class Visit>
void visit_matrix(C& c, Visit& visit) {
  visit(20, 4, false, c.bank), visit(24, 16, false, c.m), visit(48, 8, false, c.n);
  visit(56, 16, false, c.base), visit(72, 16, false, c.stride);
}

// The layout of spec section 17.3, once: calls visit(lowest bit, width, is_signed, member) for every field of command.op.
template <class C, class Visit>
void visit_floating(C& c, Visit visit) {
  switch (c.op) {
    case Op::LoadWeights:
      visit(40, 8, false, c.k), visit(88, 4, false, c.format);
      break;
    case Op::Matmul:
      visit(17, 1, false, c.switch_weights), visit(18, 1, false, c.accumulate), visit(19, 1, false, c.bf16_entries);
      visit(40, 8, false, c.k), visit_matrix(c, visit), visit(88, 4, false, c.format);
      break;
    case Op::Activate:
      visit(17, 1, false, c.raw), visit(19, 1, false, c.relu), visit_matrix(c, visit);
      visit(88, 4, false, c.format), visit(92, 1, false, c.saturate), visit(93, 1, false, c.stochastic);
      break;
    case Op::LoadParam:
      visit(16, 1, false, c.broadcast), visit(24, 8, false, c.column), visit(32, 32, true, c.bias);
      break;
    case Op::Clear:
      visit(16, 1, false, c.clear_flags), visit(17, 1, false, c.clear_counters), visit(18, 1, false, c.clear_written);
      break;
    case Op::ReadCounter:
      visit(16, 1, false, c.high), visit(24, 5, false, c.index);
      break;
    case Op::LoadSeed:
      visit(32, 32, false, c.seed);
      break;
    default:
      break;
  }
}

// The layout of spec section 4, in the same way.
template <class C, class Visit>
void visit_integer(C& c, Visit visit) {
  switch (c.op) {
    case Op::LoadWeights:
      visit(16, 1, false, c.weight_unsigned), visit(40, 8, false, c.k);
      break;
    case Op::Matmul:
      visit(16, 1, false, c.activation_unsigned), visit(17, 1, false, c.switch_weights), visit(18, 1, false, c.accumulate);
      visit(40, 8, false, c.k), visit_matrix(c, visit);
      break;
    case Op::Activate:
      visit(16, 1, false, c.output_unsigned), visit(17, 1, false, c.raw), visit(18, 1, false, c.single);
      visit(19, 1, false, c.table), visit_matrix(c, visit);
      visit(88, 9, true, c.zero_point), visit(97, 9, true, c.clamp_lo), visit(106, 9, true, c.clamp_hi);
      break;
    case Op::LoadParam:
      visit(16, 1, false, c.broadcast), visit(24, 8, false, c.column), visit(32, 32, true, c.bias);
      visit(64, 32, false, c.multiplier), visit(96, 6, true, c.shift);
      break;
    case Op::LoadTable:
      visit(24, 5, false, c.line);
      for (int i = 0; i < 8; ++i) visit(32 + 8 * i, 8, false, c.table_bytes[static_cast<size_t>(i)]);
      break;
    case Op::Clear:
      visit(16, 1, false, c.clear_flags), visit(17, 1, false, c.clear_counters), visit(18, 1, false, c.clear_written);
      visit(19, 1, false, c.clear_table);
      break;
    case Op::ReadCounter:
      visit(16, 1, false, c.high), visit(24, 5, false, c.index);
      break;
    default:
      break;
  }
}

template <class C, class Visit>
void visit_fields(C& c, Datapath datapath, Visit visit) {
  if (datapath == Datapath::Floating)
    visit_floating(c, visit);
  else
    visit_integer(c, visit);
}

// Bits of the word that are not named for its opcode (spec sections 4 and 17.3, status 2).
bool reserved_bits_set(const CommandWord& word, Command c, Datapath datapath) {
  CommandWord named{};
  put(named, 0, 4, 15), put(named, 8, 8, 255);
  visit_fields(c, datapath, [&](int lo, int width, bool, auto&) { put(named, lo, width, ~uint64_t{0}); });
  for (size_t i = 0; i < word.size(); ++i)
    if ((word[i] & ~named[i]) != 0) return true;
  if (c.op == Op::Activate && c.raw && datapath == Datapath::Floating) return c.relu || c.format != 0 || c.saturate || c.stochastic;
  if (c.op == Op::Activate && c.raw) return c.output_unsigned || c.single || c.table || c.zero_point != 0 || c.clamp_lo != 0 || c.clamp_hi != 0;
  return c.op == Op::LoadParam && c.broadcast && c.column != 0;
}

bool bad_size(const Command& c, const HwConfig& config) {
  const bool has_k = c.op == Op::LoadWeights || c.op == Op::Matmul;
  const bool has_mn = c.op == Op::Matmul || c.op == Op::Activate;
  return (has_mn && (c.m == 0 || c.m > config.acc_depth || c.n == 0 || c.n > config.cols)) || (has_k && (c.k == 0 || c.k > config.rows));
}

bool bad_address(const Command& c, const HwConfig& config) {
  if (c.op != Op::Matmul && c.op != Op::Activate) return false;
  // base < 2^16 and (m − 1)·stride < 2^32: exact in 64 bits.
  return c.bank >= config.acc_banks || c.base + int64_t{c.m - 1} * c.stride > config.acc_depth - 1;
}

bool bad_floating_value(const Command& c, const HwConfig& config) {
  if (c.op == Op::LoadWeights || c.op == Op::Matmul) return c.format >= kFormats || !config.has(static_cast<Format>(c.format));
  if (c.op == Op::LoadParam) return c.column >= config.cols;
  if (c.op == Op::ReadCounter) return c.index >= kCounters;
  if (c.op != Op::Activate || c.raw) return false;
  return c.format >= kFormats || ((c.saturate || c.stochastic) && !is_operand_float(static_cast<Format>(c.format)));
}

bool bad_value(const Command& c, const HwConfig& config) {
  if (config.floating()) return bad_floating_value(c, config);
  if (c.op == Op::LoadParam) {
    const bool bad_multiplier = c.multiplier != 0 && (c.multiplier < (1u << 30) || c.multiplier >= (1u << 31));
    return bad_multiplier || c.shift == -32 || c.shift == 31 || c.column >= config.cols;
  }
  if (c.op == Op::ReadCounter) return c.index >= kCounters;
  if (c.op != Op::Activate) return false;
  const int lo = c.output_unsigned ? 0 : -128, hi = c.output_unsigned ? 255 : 127;
  const auto outside = [&](int x) { return x < lo || x > hi; };
  return outside(c.zero_point) || outside(c.clamp_lo) || outside(c.clamp_hi) || c.clamp_lo > c.clamp_hi;
}

}  // namespace

CommandWord encode(const Command& command, Datapath datapath) {
  CommandWord word{};
  put(word, 0, 4, static_cast<uint64_t>(command.op));
  put(word, 8, 8, command.tag);
  visit_fields(command, datapath, [&](int lo, int width, bool, const auto& member) { put(word, lo, width, static_cast<uint64_t>(member)); });
  return word;
}

Command decode(const CommandWord& word, Datapath datapath) {
  Command c;
  c.op = static_cast<Op>(get(word, 0, 4));
  c.tag = static_cast<uint8_t>(get(word, 8, 8));
  visit_fields(c, datapath, [&](int lo, int width, bool is_signed, auto& member) {
    uint64_t value = get(word, lo, width);
    // sign extension from `width` bits: ones above when the top bit is set
    if (is_signed && ((value >> (width - 1)) & 1) != 0) value |= ~uint64_t{0} << width;
    member = static_cast<std::remove_reference_t<decltype(member)>>(value);
  });
  return c;
}

std::vector<CommandField> command_fields(Op op, Datapath datapath) {
  std::vector<CommandField> out;
  Command command;
  command.op = op;
  if (known(op, datapath)) visit_fields(command, datapath, [&](int lowest, int width, bool is_signed, auto&) { out.push_back({lowest, width, is_signed}); });
  return out;
}

Status check_command(const CommandWord& word, const HwConfig& config) {
  const Command c = decode(word, datapath(config));
  if (!known(c.op, datapath(config))) return Status::UnknownOp;
  if (reserved_bits_set(word, c, datapath(config))) return Status::Reserved;
  if (bad_size(c, config)) return Status::Size;
  if (bad_address(c, config)) return Status::Address;
  return bad_value(c, config) ? Status::Value : Status::Ok;
}

}  // namespace assay
