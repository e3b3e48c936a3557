// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "cosim/npu/planner.hpp"
#include "cosim/npu/stimulus/dials.hpp"
#include "cosim/npu/stimulus/operands.hpp"

namespace assay::npu {

/// Emits commands with the data they take, in the order in which scenes ask for them, disturbed as the dials say: now and then a command is left out,
/// repeated, changes places with the next one, or an illegal one or a barrier stands between. Whatever comes out is what the functional tile is
/// given, so every disturbance has a defined result.
class Maker {
 public:
  Maker(Planner& planner, Random& random, const Dials& dials) : planner_(planner), random_(random), dials_(dials), config_(planner.config()) {}

  const HwConfig& config() const { return config_; }
  Random& random() { return random_; }
  const Dials& dials() const { return dials_; }
  int emitted() const { return emitted_; }
  int emitted_in_phase() const { return emitted_ - phase_begin_; }
  /// End the phase (Planner::idle, Planner::reset).
  void end_by_idle(int cycles);
  void end_by_reset(int after, int cycles);
  int pick(int lo, int hi) { return static_cast<int>(random_.range(lo, hi)); }
  bool chance(double p) { return random_.chance(p); }

  /// A new stretch: how disturbed it is, what its operands are made of.
  void begin(bool disturbed);
  /// The class of the stretch's operands: anew for every command in one stretch of three.
  Values values();

  /// Emits the command with operands of the stretch's class, or with these stream bytes.
  void add(const Command& command);
  void add(const Command& command, std::vector<uint8_t> bytes);
  /// Whatever is held back for a change of places goes out.
  void flush();
  /// A word as it is, without data.
  void add_word(const CommandWord& word);
  /// Commands drawn one by one (add_random_commands).
  void add_random(int count);

  // Legal commands of the stretch's mood; what a scene needs otherwise it sets itself.
  Command load(int k);
  Command matmul(int m, int k, int n);
  Command activate(int m, int n);
  Command of_kind(Op op);         ///< any command of an opcode, with drawn sizes
  Command any_command();          ///< of any opcode of the command table
  Command parameter(int column);  ///< −1: broadcast
  Command table_line();
  Command seed();
  Command barrier();  ///< CLEAR, FENCE, READ_COUNTER or NOP
  /// With drawn sizes, m at most `most`. (Draws never stand in one argument list: their order would be the compiler's.)
  Command any_matmul(int most);
  Command any_activate(int most);
  /// Entries for m beats: base and stride such that all lie in the bank.
  void place(Command& command);

  int draw_k() { return draw_size(dials_.shape(random_), config_.rows, config_.rows, random_); }
  int draw_n() { return draw_size(dials_.shape(random_), config_.cols, config_.cols, random_); }
  int draw_m(int most) { return draw_size(dials_.shape(random_), std::min(most, config_.acc_depth), std::min(most, config_.acc_depth), random_); }

 private:
  struct Held {
    Command command;
    std::vector<uint8_t> bytes;
  };
  void emit(const Command& command, const std::vector<uint8_t>& bytes);
  void intersperse();
  std::vector<uint8_t> operands(const Command& command);
  void output_mode(Command& command);

  Planner& planner_;
  Random& random_;
  const Dials& dials_;
  const HwConfig& config_;
  Values values_ = Values::Uniform;
  bool mixed_values_ = false, unsigned_mood_ = false;
  double illegal_ = 0, edge_ = 0, disorder_ = 0, between_ = 0;
  int banks_ = 1, span_ = 1;  ///< banks and entries in use: few, so that units meet
  size_t format_ = 0;
  std::vector<Held> held_;
  CommandWord last_{};
  int emitted_ = 0, phase_begin_ = 0;
};

/// Scenes: each emits a few to some dozen commands.
void scene_job(Maker& maker);
void scene_switch(Maker& maker);
void scene_handover(Maker& maker);
void scene_params(Maker& maker);
void scene_barrier(Maker& maker);
void scene_triples(Maker& maker, std::vector<uint16_t>& counts);
void scene_overflow(Maker& maker);
void scene_directed(Maker& maker);

}  // namespace assay::npu
