// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cosim/engine/target.hpp"
#include "cosim/npu/driver.hpp"
#include "cosim/npu/dut.hpp"
#include "cosim/npu/dut_builder.hpp"
#include "cosim/npu/planned_words.hpp"
#include "cosim/npu/program.hpp"
#include "model/tile/tile.hpp"

namespace assay::npu {

/// Looks at the model while it runs: before every edge, with the pins that the edge will see.
class CycleWatcher {
 public:
  virtual ~CycleWatcher() = default;
  virtual void cycle(const TileInputs& inputs) = 0;
};

/// The built-in target: a Verilated `npu_tile` (optional) beside the golden model, driven by a program.
class NpuTarget : public Target {
 public:
  enum class Use : uint8_t { Lockstep, RtlOnly, ModelOnly };

  /// Builds or finds the Verilated library unless `use` is ModelOnly, and refuses RTL whose own parameters or fields differ from the config.
  NpuTarget(const HwConfig& config, Use use);

  static constexpr int kPhaseShift = 40;  ///< of stimulus_position()

  /// A DUT from elsewhere: a recording, or RTL built in another way. The caller has seen to it that it is the config's.
  NpuTarget(const HwConfig& config, std::unique_ptr<Dut> dut);

  /// Throws BuildError unless the RTL's own elaborated parameters are the config's and its adapter was made from this field table.
  static void require_same_hardware(const Dut& dut, const HwConfig& config, const std::vector<Field>& fields);
  ~NpuTarget() override;

  /// A fresh instance of the RTL: what no reset clears is again as in a new process. Ends the life of every pointer into the old one;
  /// does nothing to a recording and without RTL.
  void renew();

  /// What looks at the model before every edge from now on, or null. It must outlive its use.
  void watch(CycleWatcher* watcher) { watcher_ = watcher; }

  /// The vector to run next; it must outlive the run.
  void load(const Program& program, uint64_t seed);

  const std::vector<Field>& fields() const override { return model_.fields(); }
  const std::vector<std::vector<void*>>& dut_parts() const override { return dut_parts_; }
  std::vector<PinImage> input_pins() const override;
  void begin() override;
  Drive drive(uint64_t cycle) override;
  void clock_dut() override { dut_->clock(); }
  void clock_reference() override {
    if (watcher_ != nullptr) watcher_->cycle(*now_);
    model_.step(*now_);
  }
  void settle_dut() override { dut_->settle(); }
  bool touched_words_differ(uint64_t* planned, uint64_t* done) override;
  void touched_words(std::vector<WordRef>& out) const override;
  bool word_defined(const WordRef& word) const override { return model_.word_defined(word.field, word.part, word.word); }
  bool full_compare_now() const override { return model_.fence_now(); }
  uint64_t cycles_without_progress() const override { return driver_->cycles_without_progress(); }
  bool events_pending() const override { return driver_->error_pending() || (dut_ && !dut_->assertions().empty()); }
  std::optional<OutputError> take_output_error() override { return driver_->take_error(); }
  std::vector<std::string> take_assertions() override;
  /// The driver's phase above, its number of commands below kPhaseShift.
  uint64_t stimulus_position() const override { return uint64_t{driver_->position().phase} << kPhaseShift | driver_->position().commands; }
  std::string leftovers() const override { return driver_->leftovers(); }

  const Driver& driver() const { return *driver_; }
  const Tile& model() const { return model_; }
  const HwConfig& config() const { return model_.config(); }
  bool has_dut() const { return dut_ != nullptr; }
  const BuildInfo& build() const { return build_; }
  /// A performance counter by index (spec section 13): the RTL's, or the model's without RTL.
  uint64_t counter(int index) const;

 protected:
  /// The model's record of the words touched in this cycle: what the compare walks, and what a test may spoil.
  virtual const ColumnAccesses& column_record() const { return model_.column_accesses(); }
  virtual const WordAccesses& word_record() const { return model_.word_accesses(); }

  /// Every memory of the RTL gets random contents of the seed.
  void fill_memories();

 private:
  /// A FIFO or the table on both sides.
  struct WordPair {
    const uint8_t *dut = nullptr, *ref = nullptr;
    size_t bytes = 0;  ///< of a word
    bool differs(size_t word) const;
  };
  struct ColumnMemory {
    const uint32_t *dut, *ref;
  };

  void find_fields();
  void bind();
  void bind_pins();
  void bind_memories();
  uint32_t entries_difference(const uint32_t* entries, uint64_t& words) const;
  void apply_inputs();

  Tile model_;

 protected:
  BuildInfo build_;
  std::unique_ptr<Dut> dut_;
  std::unique_ptr<Driver> driver_;
  const TileInputs* now_ = nullptr;  ///< the pins of this cycle, as the model takes them

 private:
  std::vector<std::vector<void*>> dut_parts_;
  const Program* program_ = nullptr;
  CycleWatcher* watcher_ = nullptr;
  uint64_t seed_ = 0;
  OutputPins pins_{};
  size_t mem_field_ = 0, counter_field_ = 0;
  std::vector<ColumnMemory> mem_;  ///< the accumulators, per column
  std::array<WordPair, WordAccesses::kFifos> fifos_;
  WordPair table_;
  std::unique_ptr<PlannedWords> planned_;
  bool after_reset_ = false;  ///< the edge before this cycle was a reset edge
  mutable std::vector<MemoryAccess> accesses_;

  struct InputPins {
    uint8_t *rst_n, *cmd_valid, *weight_valid, *act_valid, *out_ready, *rsp_ready;
    void *cmd_data, *weight_data, *act_data;
  } in_{};
  size_t weight_bytes_ = 0, act_bytes_ = 0;  ///< of one beat of the streams
};

}  // namespace assay::npu
