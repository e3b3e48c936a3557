// SPDX-License-Identifier: Apache-2.0
// cmd items: fewer beats and rows, smaller sizes, fields at the values a vector need not name.
#include <algorithm>
#include <cstring>

#include "cosim/engine/reduce.hpp"
#include "cosim/npu/shrink_search.hpp"

namespace assay::npu {
namespace {

using Raw = Recipe::Raw;
using Places = std::vector<size_t>;

/// A field of commands and its plainest value; `sizes` are lowered step by step, everything else in one.
struct Knob {
  int Command::*member;
  int plain;
};
constexpr Knob kPlain[] = {{&Command::bank, 0},   {&Command::base, 0}, {&Command::stride, 1}, {&Command::zero_point, 0},
                           {&Command::column, 0}, {&Command::line, 0}, {&Command::index, 0},  {&Command::shift, 1}};
constexpr Knob kSizes[] = {{&Command::m, 1}, {&Command::n, 1}, {&Command::k, 1}};
constexpr bool Command::*kFlags[] = {&Command::weight_unsigned, &Command::activation_unsigned, &Command::output_unsigned,
                                     &Command::switch_weights,  &Command::accumulate,          &Command::single,
                                     &Command::table,           &Command::broadcast,           &Command::high,
                                     &Command::clear_flags,     &Command::clear_counters,      &Command::clear_written,
                                     &Command::clear_table,     &Command::bf16_entries,        &Command::relu,
                                     &Command::saturate,        &Command::stochastic};

bool takes(const Command& command, int Command::*member) {
  const bool data = command.op == Op::LoadWeights || command.op == Op::Matmul;
  if (member == &Command::m) return command.op == Op::Activate;  // a MATMUL's go with its data
  if (member == &Command::k) return command.op == Op::Matmul;    // a LOAD_WEIGHTS' go with its data
  return member != &Command::n || data || command.op == Op::Activate;
}

class Commands {
 public:
  explicit Commands(Search& search) : search_(search), config_(search.config()), path_(datapath(config_)) {}

  void shrink(size_t at);
  void together();

 private:
  const Raw& item(size_t at) const { return std::get<Raw>(search_.best().recipe.items[at]); }
  bool legal(const Raw& raw) const { return check_command(raw.word, config_) == Status::Ok; }
  bool rewrite(Raw& raw, const Command& command) const;
  template <class Change>
  bool attempt(size_t at, Change change);
  void data_rows(size_t at);
  void size(size_t at, const Knob& knob);
  void bias(size_t at);

  Search& search_;
  const HwConfig& config_;
  Datapath path_;
};

/// The word of another command in the place of a legal one; it must be legal, too.
bool Commands::rewrite(Raw& raw, const Command& command) const {
  const CommandWord word = encode(command, path_);
  if (word == raw.word || check_command(word, config_) != Status::Ok) return false;
  raw.word = word;
  CommandData(config_, command, !raw.weights.empty()).settle(raw);
  return true;
}

/// `change` alters the fields and answers whether it did.
template <class Change>
bool Commands::attempt(size_t at, Change change) {
  return search_.attempt_item<Raw>(at, [&](Raw& raw) {
    Command command = decode(raw.word, path_);
    return change(command) && rewrite(raw, command);
  });
}

/// Fewer beats of a MATMUL, rows of a LOAD_WEIGHTS.
void Commands::data_rows(size_t at) {
  const Raw from = item(at);
  const bool load = !from.weights.empty();
  const std::vector<uint8_t>& bytes = load ? from.weights : from.activations;
  const size_t row = static_cast<size_t>((load ? config_.cols : config_.rows) * config_.lane_bytes());
  reduce(bytes.size() / row, 1, [&](const Places& kept) {
    return search_.attempt_item<Raw>(at, [&](Raw& raw) {
      std::vector<uint8_t> rows;
      for (const size_t r : kept)
        rows.insert(rows.end(), bytes.begin() + static_cast<ptrdiff_t>(r * row), bytes.begin() + static_cast<ptrdiff_t>((r + 1) * row));
      (load ? raw.weights : raw.activations) = std::move(rows);
      Command command = decode(raw.word, path_);
      (load ? command.k : command.m) = static_cast<int>(kept.size());
      return rewrite(raw, command);
    });
  });
}

void Commands::size(size_t at, const Knob& knob) {
  const auto now = [&] { return decode(item(at).word, path_).*knob.member; };
  const auto lowered = [&](int value) {
    return attempt(at, [&](Command& command) {
      if (value >= command.*knob.member) return false;
      command.*knob.member = value;
      return true;
    });
  };
  if (lowered(knob.plain)) return;
  for (int step = (now() - knob.plain) / 2; step > 0; step /= 2) lowered(now() - step);
}

/// 0, 1, or an integer as near to 0 as halving takes it; FP32 bits are not halved.
void Commands::bias(size_t at) {
  const auto becomes = [&](auto next) {
    return attempt(at, [&](Command& command) {
      const int32_t value = next(command.bias);
      return std::exchange(command.bias, value) != value;
    });
  };
  if (becomes([](int32_t) { return 0; })) return;
  const bool floating = path_ == Datapath::Floating;
  if (becomes([&](int32_t) { return floating ? 0x3F800000 : 1; }) || floating) return;
  while (decode(item(at).word, path_).bias / 2 != 0 && becomes([](int32_t value) { return value / 2; })) {
  }
}

void Commands::shrink(size_t at) {
  if (!legal(item(at))) return;
  if (!item(at).weights.empty() || !item(at).activations.empty()) data_rows(at);
  const Op op = decode(item(at).word, path_).op;
  for (const Knob& knob : kSizes)
    if (takes(decode(item(at).word, path_), knob.member)) size(at, knob);
  for (const Knob& knob : kPlain) attempt(at, [&](Command& c) { return std::exchange(c.*knob.member, knob.plain) != knob.plain; });
  for (bool Command::*const flag : kFlags) attempt(at, [&](Command& c) { return std::exchange(c.*flag, false); });
  if (op == Op::LoadParam) bias(at);
  if (op == Op::LoadSeed) attempt(at, [](Command& c) { return std::exchange(c.seed, 0u) != 0; });
  if (op == Op::LoadTable) attempt(at, [](Command& c) { return std::exchange(c.table_bytes, {}) != decltype(c.table_bytes){}; });
  if (op == Op::LoadParam && path_ == Datapath::Integer) attempt(at, [](Command& c) { return std::exchange(c.multiplier, 1u << 30) != 1u << 30; });
  if (op != Op::Activate) return;
  if (path_ == Datapath::Floating) {
    attempt(at, [](Command& c) { return std::exchange(c.format, static_cast<uint8_t>(Format::Fp32)) != static_cast<uint8_t>(Format::Fp32); });
    attempt(at, [](Command& c) {
      if (c.raw) return false;
      c.relu = c.saturate = c.stochastic = false;
      c.format = 0;
      return c.raw = true;
    });
    return;
  }
  attempt(at, [](Command& c) {
    const int lo = c.raw || c.output_unsigned ? 0 : -128, hi = c.raw ? 0 : lo + 255;
    const bool low = std::exchange(c.clamp_lo, lo) != lo, high = std::exchange(c.clamp_hi, hi) != hi;
    return low || high;
  });
  attempt(at, [](Command& c) {
    if (c.raw) return false;
    c.output_unsigned = c.single = c.table = false;
    c.zero_point = c.clamp_lo = c.clamp_hi = 0;
    return c.raw = true;
  });
}

/// What several commands must agree on: banks, addresses, columns, inner size.
void Commands::together() {
  const auto all = [&](auto change) {
    search_.attempt_change([&](ShrinkCase& candidate) {
      bool any = false;
      for (Recipe::Item& entry : candidate.recipe.items) {
        auto* raw = std::get_if<Raw>(&entry);
        if (raw == nullptr || !legal(*raw)) continue;
        Command command = decode(raw->word, path_);
        any |= change(command) && rewrite(*raw, command);
      }
      return any;
    });
  };
  for (const Knob& knob : kPlain) {
    if (knob.member == &Command::shift) continue;
    all([&](Command& c) { return std::exchange(c.*knob.member, knob.plain) != knob.plain; });
  }
  for (int n = 1; n < config_.cols; n *= 2) all([&](Command& c) { return takes(c, &Command::n) && std::exchange(c.n, std::min(c.n, n)) > n; });
}

}  // namespace

CommandData::CommandData(const HwConfig& config, const Command& command, bool weights)
    : weights_(weights),
      lane_bytes_(static_cast<size_t>(config.lane_bytes())),
      width_(static_cast<size_t>(weights ? config.cols : config.rows)),
      least_(weights ? 1 : static_cast<size_t>(command.k)) {
  const bool known = command.format < kFormats;  // any other is that of an illegal command, whose data nothing reads
  code_bits_ = config.floating() && known ? format_bits(static_cast<Format>(command.format)) : 8;
  is_signed_ = !config.floating() && !(weights ? command.weight_unsigned : command.activation_unsigned);
}

int64_t CommandData::get(const Recipe::Raw& raw, size_t lane) const {
  const uint8_t* at = bytes_of(raw).data() + lane * lane_bytes_;
  if (code_bits_ == 16) return at[0] | at[1] << 8;
  return is_signed_ ? int64_t{static_cast<int8_t>(at[0])} : int64_t{at[0]};
}

void CommandData::put(Recipe::Raw& raw, size_t lane, int64_t value) const {
  store(bytes_of(raw).data() + lane * lane_bytes_, value);
  settle(raw);
}

/// As LaneRows puts it.
void CommandData::store(uint8_t* at, int64_t value) const {
  at[0] = static_cast<uint8_t>(value & 0xFF);
  if (lane_bytes_ == 2) at[1] = static_cast<uint8_t>(code_bits_ == 16 ? value >> 8 & 0xFF : (value ^ 0xA5) & 0xFF);
}

void CommandData::settle(Recipe::Raw& raw) const {
  std::vector<uint8_t>& bytes = bytes_of(raw);
  const size_t lanes = bytes.size() / lane_bytes_;
  if (lanes == 0) return;
  size_t used = least_;
  for (size_t lane = 0; lane < lanes; ++lane)
    if (get(raw, lane) != 0) used = std::max(used, lane % width_ + 1);
  for (size_t lane = 0; lane < lanes; ++lane) {
    uint8_t* at = bytes.data() + lane * lane_bytes_;
    if (lane % width_ < used)
      store(at, get(raw, lane));
    else
      std::memset(at, 0, lane_bytes_);
  }
}

void shrink_commands(Search& search) {
  Commands commands(search);
  commands.together();
  for (size_t at = 0; at < search.best().recipe.items.size(); ++at)
    if (std::holds_alternative<Recipe::Raw>(search.best().recipe.items[at])) commands.shrink(at);
}

}  // namespace assay::npu
