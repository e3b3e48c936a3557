// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <map>
#include <vector>

#include "cosim/npu/coverage/cover.hpp"
#include "model/common/command_table.hpp"

namespace assay::npu {

/// Cover points at dispatch, made from the command table: every command with its modes, what it waited for, its shape, what came before it, and the
/// reasons for which commands are illegal.
class CommandCover {
 public:
  CommandCover(coverage::Space& space, const Tile& model);

  void begin();
  /// A cycle without reset.
  void cycle(const CycleView& view, HitBytes& hits);

 private:
  static constexpr size_t kOpcodes = 16;
  struct Modes {
    coverage::Bins bins;
    const CommandInfo* info = nullptr;
  };
  struct Shape {
    coverage::Bins kn, rows, bank;
  };

  void add_orders(coverage::Space& space);
  void add_modes(coverage::Space& space, const CommandInfo& info);
  void add_shapes(coverage::Space& space, const CommandInfo& info);
  void add_illegal(coverage::Space& space);
  void add_rest(coverage::Space& space);
  void dispatched(const CycleView& view, HitBytes& hits);
  void legal(const CycleView& view, const Command& c, HitBytes& hits);
  void illegal_reasons(const Command& c, HitBytes& hits);
  void shape(const Command& c, HitBytes& hits);
  void idle_wait(const CycleView& view, Op op, HitBytes& hits);
  coverage::Mark mode_mark(const CommandInfo& info, size_t flags) const;
  bool status_possible(size_t opcode, Status status) const;

  bool any_written() const;

  const HwConfig config_;
  const Datapath datapath_;
  const Field* written_ = nullptr;
  LaneField table_written_;
  std::vector<std::string> names_;       ///< of the table's commands, then "illegal"
  std::array<uint8_t, kOpcodes> row_{};  ///< of the table, by opcode
  std::array<uint8_t, 16> group_{};      ///< for triples, by place in names_
  coverage::Bins pairs_, triples_, status_, reasons_, tags_, counters_, fence_, clear_, idle_wait_, tickets_;
  std::vector<Modes> modes_;             ///< by row of the table
  std::map<size_t, Shape> shapes_;       ///< by row
  uint32_t waited_ = 0;                  ///< bit i: the head waited for cause i (queue, idle, response)
  size_t before_ = 0, before_that_ = 0;  ///< places in names_
};

}  // namespace assay::npu
