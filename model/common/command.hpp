// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/common/config.hpp"

namespace assay {

/// A command as it crosses the pins: 128 bits, word 0 least significant (spec section 4).
using CommandWord = std::array<uint32_t, 4>;

enum class Op : uint8_t { Nop, LoadWeights, Matmul, Activate, LoadParam, LoadTable, Clear, Fence, ReadCounter, LoadSeed };

constexpr uint32_t kTicketMask = 1023;  ///< tickets have 10 bits (spec section 7)

/// Response status codes (spec section 4).
enum class Status : uint8_t { Ok = 0, UnknownOp = 1, Reserved = 2, Size = 3, Address = 4, Value = 5 };

/// Which layout a command has: spec section 4, or 17.3.
enum class Datapath : uint8_t { Integer, Floating };
inline Datapath datapath(const HwConfig& config) { return config.floating() ? Datapath::Floating : Datapath::Integer; }

/// The fields of every command of both datapaths, under their spec names; those an opcode does not have are 0.
struct Command {
  Op op = Op::Nop;
  uint8_t tag = 0;
  bool weight_unsigned = false, activation_unsigned = false, output_unsigned = false;
  bool switch_weights = false;  ///< `switch` of the spec
  bool accumulate = false;
  bool raw = false, single = false, table = false;
  bool broadcast = false, high = false;
  bool clear_flags = false, clear_counters = false, clear_written = false, clear_table = false;
  int bank = 0, m = 0, k = 0, n = 0, base = 0, stride = 0;
  int zero_point = 0, clamp_lo = 0, clamp_hi = 0;  ///< signed, 9 bits
  int column = 0, line = 0, index = 0;
  int32_t bias = 0;
  uint32_t multiplier = 0;
  int shift = 0;       ///< signed, 6 bits
  uint8_t format = 0;  ///< a code of spec section 17.1, 4 bits, also an illegal one
  bool bf16_entries = false, relu = false, saturate = false, stochastic = false;
  uint32_t seed = 0;
  std::array<uint8_t, 8> table_bytes{};  ///< entry 8·line + i
  bool operator==(const Command&) const = default;
};

/// Packs the fields of `command.op` into their bits; fields of other opcodes are ignored, values are cut to their width.
CommandWord encode(const Command& command, Datapath datapath = Datapath::Integer);

/// Unpacks the fields of the word's opcode. For an unknown opcode `op` holds the raw value.
Command decode(const CommandWord& word, Datapath datapath = Datapath::Integer);

/// Bits [lowest, lowest + width) of a command word hold one field.
struct CommandField {
  int lowest, width;
  bool is_signed;
};

/// The fields of an opcode: the command table of spec sections 4 and 17.3, without opcode and tag. Empty for one the datapath does not have.
std::vector<CommandField> command_fields(Op op, Datapath datapath);

/// The lowest status that applies to the word (spec section 4), Status::Ok when it is legal.
Status check_command(const CommandWord& word, const HwConfig& config);

}  // namespace assay
