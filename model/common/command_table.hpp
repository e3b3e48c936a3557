// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "model/common/command.hpp"

namespace assay {

/// Whose queue a command goes to (spec section 7).
enum class CommandUnit : uint8_t { None, Load, Matmul, Activation };

/// A one-bit field of a command.
struct CommandFlag {
  std::string_view name;  ///< as in the spec
  bool Command::*member;
};

/// One row of the command tables of spec sections 4 and 17.3, with what section 7 says about its dispatch: for those who go through all commands
/// (coverage, generators of programs) instead of naming them one by one.
struct CommandInfo {
  Op op;
  std::string_view name;
  CommandUnit unit = CommandUnit::None;
  bool responds = false;                 ///< pushes a response, so it waits for the response FIFO
  bool waits_idle = false;               ///< dispatched only when nothing is under way
  bool waits_output = false;             ///< and only when the output FIFO is empty
  bool has_k = false, has_rows = false;  ///< field k; fields bank, m, n, base, stride
  bool has_format = false, has_column = false, has_index = false;
  std::vector<CommandFlag> flags = {};
};

/// The commands that a tile knows, in the order of their opcodes.
std::span<const CommandInfo> command_table(Datapath datapath);

/// The row of an opcode, or null when it is unknown there.
const CommandInfo* command_info(Op op, Datapath datapath);

}  // namespace assay
