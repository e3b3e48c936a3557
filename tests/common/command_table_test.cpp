// SPDX-License-Identifier: Apache-2.0
#include "model/common/command_table.hpp"

#include <bit>

#include "tests/catch.hpp"

using namespace assay;

namespace {

HwConfig tile(bool floating) {
  HwConfig c{"t", 4, 4, 2, 32, 4, 8, 4, 4, 16, 4};
  if (floating) c.formats = format_mask(Format::Bf16);
  return c;
}

Command with(Op op, bool Command::*member) {
  Command c;
  c.op = op;
  if (member != nullptr) c.*member = true;
  return c;
}

}  // namespace

TEST_CASE("command table: it has the opcodes that the tile knows, each once", "[common]") {
  for (const bool floating : {false, true}) {
    const Datapath path = floating ? Datapath::Floating : Datapath::Integer;
    for (uint32_t op = 0; op < 16; ++op) {
      const bool known = check_command({op, 0, 0, 0}, tile(floating)) != Status::UnknownOp;
      INFO("opcode " << op << ", floating " << floating);
      CHECK((command_info(static_cast<Op>(op), path) != nullptr) == known);
    }
  }
}

TEST_CASE("command table: its flags are the commands' fields of one bit, all of them", "[common]") {
  for (const bool floating : {false, true}) {
    const Datapath path = floating ? Datapath::Floating : Datapath::Integer;
    for (const CommandInfo& info : command_table(path)) {
      INFO(info.name << ", floating " << floating);
      const CommandWord plain = encode(with(info.op, nullptr), path);
      CommandWord named = plain;
      for (const CommandFlag& flag : info.flags) {
        const CommandWord word = encode(with(info.op, flag.member), path);
        int bits = 0;
        for (size_t w = 0; w < 4; ++w) bits += std::popcount(word[w] ^ plain[w]), named[w] |= word[w];
        CHECK(bits == 1);
      }
      // a bit that is neither a flag nor part of a number is reserved: as many flags as bits that turn one member alone
      size_t flags = 0;
      for (int bit = 16; bit < 128; ++bit) {
        CommandWord word = plain;
        word[static_cast<size_t>(bit / 32)] |= 1u << (bit % 32);
        const Command got = decode(word, path), none = decode(plain, path);
        for (bool Command::*member :
             {&Command::weight_unsigned, &Command::activation_unsigned, &Command::output_unsigned, &Command::switch_weights, &Command::accumulate,
              &Command::raw, &Command::single, &Command::table, &Command::broadcast, &Command::high, &Command::clear_flags, &Command::clear_counters,
              &Command::clear_written, &Command::clear_table, &Command::bf16_entries, &Command::relu, &Command::saturate, &Command::stochastic})
          flags += got.*member != none.*member;
      }
      CHECK(flags == info.flags.size());
    }
  }
}

TEST_CASE("command table: what has a size, a column or an index can be too large", "[common]") {
  for (const bool floating : {false, true}) {
    const Datapath path = floating ? Datapath::Floating : Datapath::Integer;
    for (const CommandInfo& info : command_table(path)) {
      INFO(info.name << ", floating " << floating);
      Command c;
      c.op = info.op;
      c.format = 4, c.k = c.m = c.n = 1;
      c.clamp_hi = 1;
      const auto status = [&] { return check_command(encode(c, path), tile(floating)); };
      CHECK(status() == Status::Ok);
      c.k = 5;
      CHECK((status() == Status::Size) == info.has_k);
      c.k = 1, c.m = 33;
      CHECK((status() == Status::Size) == info.has_rows);
      c.m = 1, c.column = 4;
      CHECK((status() == Status::Value) == info.has_column);
      c.column = 0, c.index = 16;
      CHECK((status() == Status::Value) == info.has_index);
      c.index = 0, c.format = 5;
      CHECK((status() == Status::Value) == (info.has_format && info.unit != CommandUnit::Activation));
    }
  }
}
