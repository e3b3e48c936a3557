// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "cosim/npu/generated.hpp"
#include "cosim/npu/lanes.hpp"
#include "cosim/npu/operand.hpp"

namespace assay::npu {
namespace {

/// What a stretch of commands has in common. Uniform choice everywhere rarely makes two units meet on one bank or one entry; moods
/// that narrow the choice do.
struct Mood {
  int max_m = 8;    ///< beats of a MATMUL or ACTIVATE
  int banks = 2;    ///< banks in use, from 0
  int entries = 4;  ///< span of addresses in use
  bool full_tiles = false;
  double illegal = 0.05;
  std::array<int, 9> weight{};  ///< of each opcode; LOAD_SEED stands in the place of LOAD_TABLE
};

class StressMaker {
 public:
  StressMaker(Planner& planner, Random& random) : planner_(planner), random_(random), config_(planner.config()) {}

  void run(int count) {
    for (int i = 0; i < count; ++i) {
      if (left_-- <= 0) change_mood();
      Command command = random_.chance(0.35) && has_last_ ? follow_up() : any_command();
      command.tag = static_cast<uint8_t>(random_.below(256));
      CommandWord word = encoded(command);
      if (random_.chance(mood_.illegal)) word = spoiled(command);
      add(word);
    }
  }

 private:
  CommandWord encoded(const Command& command) const { return encode(command, datapath(config_)); }
  int pick(int lo, int hi) { return static_cast<int>(random_.range(lo, hi)); }
  /// Small sizes, the limit and its neighbour more often than the rest.
  int size_up_to(int limit) {
    switch (random_.below(6)) {
      case 0:
        return 1;
      case 1:
        return limit;
      case 2:
        return std::max(1, limit - 1);
      default:
        return pick(1, limit);
    }
  }

  void change_mood();
  Command any_command();
  Command follow_up();
  Command matmul();
  Command activate();
  Command load_weights();
  Command load_param();
  Command load_table();
  Command load_seed();
  void place(Command& command);
  void output_mode(Command& command);
  void float_output_mode(Command& command);
  uint8_t operand_format();
  uint32_t float_bias();
  CommandWord spoiled(const Command& command);
  CommandWord spoil(Command command, int way);        ///< ways 0 … 13
  void spoil_place(Command& command, int way);        ///< 0 … 6: size and address
  void spoil_value(Command& command, int way);        ///< 7 … 11: parameters, formats, indices
  void spoil_float_value(Command& command, int way);  ///< the same
  void add(const CommandWord& word);
  std::vector<uint8_t> bytes(int rows, int width);
  std::vector<uint8_t> codes(const Command& command, int rows, int width);

  Planner& planner_;
  Random& random_;
  const HwConfig& config_;
  Mood mood_;
  int left_ = 0;
  bool has_last_ = false;
  Command last_;  ///< the last MATMUL: what follow-ups refer to
};

void StressMaker::change_mood() {
  const int depth = config_.acc_depth;
  left_ = pick(8, 40);
  mood_.max_m = random_.chance(0.6) ? std::min(depth, 6) : random_.chance(0.7) ? std::min(depth, 24) : std::min(depth, 64);
  mood_.banks = random_.chance(0.5) ? 1 : random_.chance(0.5) ? 2 : config_.acc_banks;
  mood_.entries = random_.chance(0.3) ? 1 : random_.chance(0.5) ? 4 : depth;
  mood_.full_tiles = random_.chance(0.5);
  mood_.illegal = random_.chance(0.2) ? 0.3 : 0.04;
  // Order: nop, load_weights, matmul, activate, load_param, load_table, clear, fence, read_counter.
  constexpr std::array<std::array<int, 9>, 5> kinds{{{2, 14, 30, 24, 14, 6, 2, 3, 4},     // everything
                                                     {0, 40, 50, 6, 2, 0, 0, 1, 1},       // loads and switches crowd each other
                                                     {0, 2, 50, 46, 0, 0, 0, 1, 1},       // banks handed to and fro
                                                     {1, 4, 10, 40, 30, 10, 1, 2, 2},     // parameters against beats in flight
                                                     {4, 8, 24, 16, 8, 4, 12, 14, 10}}};  // barriers
  mood_.weight = kinds[random_.below(kinds.size())];
}

Command StressMaker::any_command() {
  int total = 0;
  for (const int w : mood_.weight) total += w;
  int draw = pick(0, total - 1);
  size_t op = 0;
  while (draw >= mood_.weight[op]) draw -= mood_.weight[op++];
  Command command;
  command.op = static_cast<Op>(op);
  if (command.op == Op::LoadTable && config_.floating()) return load_seed();
  switch (command.op) {
    case Op::LoadWeights:
      return load_weights();
    case Op::Matmul:
      return matmul();
    case Op::Activate:
      return activate();
    case Op::LoadParam:
      return load_param();
    case Op::LoadTable:
      return load_table();
    case Op::Clear:
      command.clear_flags = random_.chance(0.5);
      command.clear_counters = random_.chance(0.2);
      command.clear_written = random_.chance(0.3);
      if (!config_.floating()) command.clear_table = random_.chance(0.3);
      return command;
    case Op::ReadCounter:
      command.high = random_.chance(0.3);
      command.index = pick(0, 15);
      return command;
    default:
      return command;
  }
}

/// Something about the entries the last MATMUL wrote: read them, accumulate onto them, or the next tile.
Command StressMaker::follow_up() {
  Command command = last_;
  switch (random_.below(4)) {
    case 0:
      return load_weights();
    case 1:
      command.accumulate = true;
      command.switch_weights = random_.chance(0.5);
      last_ = command;
      return command;
    default:
      command = Command{};
      command.op = Op::Activate;
      output_mode(command);
      command.bank = last_.bank;
      command.m = last_.m;
      command.n = random_.chance(0.8) ? last_.n : size_up_to(config_.cols);
      command.base = last_.base;
      command.stride = last_.stride;
      return command;
  }
}

void StressMaker::place(Command& command) {
  command.bank = pick(0, std::min(mood_.banks, config_.acc_banks) - 1);
  command.m = size_up_to(mood_.max_m);
  const int depth = config_.acc_depth;
  command.base = random_.chance(0.1) ? depth - 1 : pick(0, std::min(mood_.entries, depth) - 1);
  const int room = depth - 1 - command.base;
  if (command.m == 1) {
    command.stride = random_.chance(0.5) ? 1 : pick(0, 65535);  // not used, yet allowed to be anything
    return;
  }
  const int most = room / (command.m - 1);
  if (most > 0 && random_.chance(0.6))
    command.stride = 1;
  else
    command.stride = random_.chance(0.5) ? most : pick(0, most);
  if (random_.chance(0.1)) command.stride = 0;
}

Command StressMaker::matmul() {
  Command command;
  command.op = Op::Matmul;
  place(command);
  if (config_.floating()) {
    command.format = operand_format();
    command.bf16_entries = random_.chance(0.3);
  } else {
    command.activation_unsigned = random_.chance(0.4);
  }
  command.switch_weights = random_.chance(0.7);
  command.accumulate = random_.chance(0.5);
  command.k = mood_.full_tiles ? config_.rows : size_up_to(config_.rows);
  command.n = mood_.full_tiles ? config_.cols : size_up_to(config_.cols);
  last_ = command;
  has_last_ = true;
  return command;
}

Command StressMaker::load_weights() {
  Command command;
  command.op = Op::LoadWeights;
  if (config_.floating())
    command.format = operand_format();
  else
    command.weight_unsigned = random_.chance(0.4);
  command.k = mood_.full_tiles ? config_.rows : size_up_to(config_.rows);
  return command;
}

void StressMaker::output_mode(Command& command) {
  command.raw = random_.chance(0.25);
  if (command.raw) return;
  if (config_.floating()) return float_output_mode(command);
  command.single = random_.chance(0.5);
  command.table = random_.chance(0.3);
  command.output_unsigned = random_.chance(0.4);
  const int lo = command.output_unsigned ? 0 : -128;
  command.zero_point = random_.chance(0.3) ? lo + 255 * pick(0, 1) : pick(lo, lo + 255);
  command.clamp_lo = random_.chance(0.5) ? lo : pick(lo, lo + 255);
  command.clamp_hi = random_.chance(0.5) ? lo + 255 : pick(command.clamp_lo, lo + 255);
}

Command StressMaker::activate() {
  Command command;
  command.op = Op::Activate;
  output_mode(command);
  place(command);
  command.n = size_up_to(config_.cols);
  return command;
}

/// Any format of results; the narrow ones more often, with and without saturation and stochastic rounding.
void StressMaker::float_output_mode(Command& command) {
  command.relu = random_.chance(0.3);
  const bool narrowing = random_.chance(0.7);
  command.format = static_cast<uint8_t>(narrowing ? pick(static_cast<int>(Format::Bf16), kFormats - 1) : pick(0, static_cast<int>(Format::Fp32)));
  if (!narrowing) return;
  command.saturate = random_.chance(0.4);
  command.stochastic = random_.chance(0.4);
}

uint8_t StressMaker::operand_format() {
  std::vector<uint8_t> formats;
  for (int code = 0; code < kFormats; ++code)
    if (config_.has(static_cast<Format>(code))) formats.push_back(static_cast<uint8_t>(code));
  return formats[random_.below(formats.size())];
}

uint32_t StressMaker::float_bias() {
  const std::array<FloatClass, 5> classes{FloatClass::Normal, FloatClass::Normal, FloatClass::Corners, FloatClass::Specials, FloatClass::Uniform};
  const FloatClass cls = classes[random_.below(classes.size())];
  return static_cast<uint32_t>(random_codes(cls, Format::Fp32, 1, 1, KAxis::Columns, random_)[0]);
}

Command StressMaker::load_seed() {
  Command command;
  command.op = Op::LoadSeed;
  // Lane 0 of the last one would be 0, which the generator must not be.
  command.seed = random_.chance(0.7) ? static_cast<uint32_t>(random_.next()) : random_.chance(0.5) ? 0 : 0x9E3779B9u;
  return command;
}

Command StressMaker::load_param() {
  Command command;
  command.op = Op::LoadParam;
  command.broadcast = random_.chance(0.6);
  command.column = command.broadcast ? 0 : pick(0, config_.cols - 1);
  if (config_.floating()) {
    command.bias = static_cast<int32_t>(float_bias());
    return command;
  }
  command.bias = random_.chance(0.2) ? (random_.chance(0.5) ? INT32_MAX : INT32_MIN) : pick(-200000, 200000);
  constexpr std::array<uint32_t, 4> corners{0, 1u << 30, (1u << 31) - 1, (1u << 30) + 1};
  command.multiplier = random_.chance(0.3) ? corners[random_.below(4)] : static_cast<uint32_t>(random_.range(1 << 30, INT32_MAX));
  command.shift = random_.chance(0.7) ? pick(-14, 1) : pick(-31, 30);
  return command;
}

Command StressMaker::load_table() {
  Command command;
  command.op = Op::LoadTable;
  command.line = pick(0, 31);
  for (uint8_t& byte : command.table_bytes) byte = static_cast<uint8_t>(random_.below(256));
  return command;
}

/// An illegal word near the command, of a random status: some ways do not apply to every command, so it tries until one bites.
CommandWord StressMaker::spoiled(const Command& command) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    const int way = pick(0, 13);  // drawn by itself: in an argument list the compiler would choose the order
    const CommandWord word = spoil(random_.chance(0.5) ? command : random_.chance(0.5) ? matmul() : activate(), way);
    if (check_command(word, config_) != Status::Ok) return word;
  }
  return encoded(command);
}

void StressMaker::spoil_place(Command& command, int way) {
  switch (way) {
    case 0:
      command.m = random_.chance(0.5) ? 0 : pick(config_.acc_depth + 1, 65535);
      break;
    case 1:
      command.k = random_.chance(0.5) ? 0 : pick(config_.rows + 1, 255);
      break;
    case 2:
      command.n = random_.chance(0.5) ? 0 : pick(config_.cols + 1, 255);
      break;
    case 3:
      command.bank = pick(std::min(config_.acc_banks, 15), 15);
      break;
    case 4:
      command.base = random_.chance(0.5) ? config_.acc_depth : pick(config_.acc_depth, 65535);
      break;
    case 5:  // one entry too far
      command.m = std::max(command.m, 2);
      command.stride = (config_.acc_depth - 1 - std::min(command.base, config_.acc_depth - 1)) / (command.m - 1) + 1;
      break;
    default:
      command.stride = pick(32768, 65535);
      break;
  }
}

void StressMaker::spoil_value(Command& command, int way) {
  switch (way) {
    case 7:
      command = load_param();
      command.multiplier = random_.chance(0.5) ? static_cast<uint32_t>(pick(1, (1 << 30) - 1)) : 1u << 31 | static_cast<uint32_t>(pick(0, 9));
      break;
    case 8:
      command = load_param();
      command.shift = random_.chance(0.5) ? -32 : 31;
      break;
    case 9:
      command = load_param();
      command.broadcast = random_.chance(0.5);
      command.column = pick(config_.cols, 255);
      break;
    case 10:
      command = activate();
      command.zero_point = random_.chance(0.5) ? -129 : 128;
      std::swap(command.clamp_lo, command.clamp_hi);
      break;
    default:
      command = Command{};
      command.op = Op::ReadCounter;
      command.index = pick(16, 31);
      break;
  }
}

void StressMaker::spoil_float_value(Command& command, int way) {
  switch (way) {
    case 7:  // a code the tile lacks, of a load or a matmul
      command = random_.chance(0.5) ? matmul() : load_weights();
      command.format = static_cast<uint8_t>(pick(0, 15));
      break;
    case 8:
      command = activate();
      command.raw = false;
      command.format = static_cast<uint8_t>(pick(kFormats, 15));
      break;
    case 9:
      command = load_param();
      command.broadcast = random_.chance(0.5);
      command.column = pick(config_.cols, 255);
      break;
    case 10:  // a mode the format does not have, or anything beside raw
      command = activate();
      command.raw = random_.chance(0.5);
      command.format = static_cast<uint8_t>(pick(0, static_cast<int>(Format::Fp32)));
      command.saturate = random_.chance(0.5);
      command.stochastic = !command.saturate;
      break;
    default:
      command = Command{};
      command.op = Op::ReadCounter;
      command.index = pick(16, 31);
      break;
  }
}

CommandWord StressMaker::spoil(Command command, int way) {
  CommandWord word{};
  if (way == 12) {  // an unknown opcode with anything behind it
    for (uint32_t& w : word) w = static_cast<uint32_t>(random_.next());
    const bool table = config_.floating() && random_.chance(0.2);
    const int unknown = table ? static_cast<int>(Op::LoadTable) : pick(config_.floating() ? 10 : 9, 15);
    word[0] = (word[0] & ~0xFu) | static_cast<uint32_t>(unknown);
    return word;
  }
  if (way == 13) {  // one bit turned over: mostly a reserved one
    word = encoded(command);
    const auto bit = random_.below(128);
    word[bit / 32] ^= 1u << (bit % 32);
    return word;
  }
  if (way < 7)
    spoil_place(command, way);
  else if (config_.floating())
    spoil_float_value(command, way);
  else
    spoil_value(command, way);
  return encoded(command);
}

std::vector<uint8_t> StressMaker::bytes(int rows, int width) {
  const auto count = static_cast<size_t>(rows) * static_cast<size_t>(width);
  const auto values = random_values(static_cast<RandomClass>(random_.below(7)), count, -128, 127, random_);
  std::vector<uint8_t> out(count);
  for (size_t i = 0; i < count; ++i) out[i] = static_cast<uint8_t>(values[i] & 0xFF);
  return out;
}

/// Operands of one class each: unrelated, they would mostly end in infinities and NaNs.
std::vector<uint8_t> StressMaker::codes(const Command& command, int rows, int width) {
  const bool weights = command.op == Op::LoadWeights;
  const auto format = static_cast<Format>(command.format);
  const auto cls = random_.chance(0.5) ? FloatClass::Normal : static_cast<FloatClass>(random_.below(kFloatClassNames.size()));
  const auto values = random_codes(cls, format, rows, width, weights ? KAxis::Rows : KAxis::Columns, random_);
  LaneRows lanes(config_, rows, width, format_bits(format));
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < width; ++c) lanes.put(r, c, values[static_cast<size_t>(r * width + c)]);
  return lanes.take();
}

void StressMaker::add(const CommandWord& word) {
  const Command command = decode(word, datapath(config_));
  const bool legal = check_command(word, config_) == Status::Ok;
  const auto data = [&](int rows, int width) { return config_.floating() ? codes(command, rows, width) : bytes(rows, width); };
  if (legal && command.op == Op::LoadWeights) return planner_.command(word, data(command.k, config_.cols));
  if (legal && command.op == Op::Matmul) return planner_.command(word, {}, data(command.m, config_.rows));
  planner_.command(word);
}

}  // namespace

void add_random_commands(Planner& planner, Random& random, int count) { StressMaker(planner, random).run(count); }

Program make_random_program(const HwConfig& config, uint64_t seed, int commands) {
  Planner planner(config, "random");
  Random random(seed, 0x50A4);
  add_random_commands(planner, random, commands);
  return planner.finish();
}

namespace {

/// Odd seeds run freely, even ones with profiles drawn from the seed on every stream.
StallProfiles stall_of_seed(uint64_t seed) { return seed % 2 == 0 ? parse_stall("random", seed) : StallProfiles{}; }

}  // namespace

Program make_stress_test(const HwConfig& config, uint64_t seed) {
  Planner planner(config, "stress");
  Random random(seed, 0x57E55);
  add_random_commands(planner, random, 400);
  return planner.finish(stall_of_seed(seed));
}

Program make_reset_test(const HwConfig& config, uint64_t seed) {
  Planner planner(config, "reset");
  Random random(seed, 0x4E5E7);
  for (int phase = 0; phase < 8; ++phase) {
    add_random_commands(planner, random, static_cast<int>(random.range(5, 80)));
    const auto cycles = static_cast<int>(random.range(1, 4));
    planner.reset(random.chance(0.2) ? random.range(0, 12) : random.range(12, 800), cycles);
  }
  add_random_commands(planner, random, 60);
  return planner.finish(stall_of_seed(seed));
}

}  // namespace assay::npu
