// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cosim/common/random.hpp"
#include "cosim/engine/target.hpp"
#include "cosim/npu/program.hpp"
#include "model/tile/tile.hpp"

namespace assay::npu {

/// The output pins as the driver sees them: the RTL's, or the model's when there is no RTL.
struct OutputPins {
  const uint8_t *cmd_ready, *weight_ready, *act_ready, *out_valid, *rsp_valid, *busy;
  const void* out_data;  ///< C lanes of 32 bits
  const uint64_t* rsp_data;
};

/// When a stream goes and when it holds back, cycle by cycle, from a counter-based generator.
class StallSource {
 public:
  StallSource(const StallProfile& profile, uint64_t seed, uint64_t stream) : profile_(profile), random_(seed, stream) {}
  bool go() { return profile_.kind == StallProfile::Kind::None || draw(); }

 private:
  bool draw();

  StallProfile profile_;
  Random random_;
  uint64_t left_ = 0;
  bool going_ = false;
};

/// Plays a program into the pins and takes what comes out. Its decisions depend on the program, the seed and the output pins only.
class Driver {
 public:
  Driver(const HwConfig& config, const Program& program, uint64_t seed);

  /// The input pins of this cycle. All transfers of the cycle are accounted for at once, since ready and valid are settled.
  const TileInputs& drive(const OutputPins& pins);
  bool finished() const { return state_ == State::Finished; }
  uint64_t cycles_without_progress() const { return cycle_ - last_progress_; }
  bool error_pending() const { return error_.has_value(); }
  std::optional<OutputError> take_error();
  std::string leftovers() const;

  /// Results as they came out of the pins: [job][row·cols + col].
  const std::vector<std::vector<int32_t>>& results() const { return results_; }
  /// Phase of the program, and commands of it that were transferred up to this cycle, its own included.
  struct Position {
    size_t phase, commands;
  };
  Position position() const { return {phase_, command_}; }
  uint64_t beats_received() const { return total_beats_; }
  /// What a driver of the same program received elsewhere.
  void adopt(std::vector<std::vector<int32_t>> results, uint64_t beats) {
    results_ = std::move(results);
    total_beats_ = beats;
  }

 private:
  enum class State : uint8_t { Running, Resetting, Idling, Finished };

  void begin_phase();
  void wait_one_cycle();
  void drive_running(const OutputPins& pins);
  void offer(const OutputPins& pins);
  void take_output(const OutputPins& pins);
  void take_response(const OutputPins& pins);
  void check_beat(const ExpectedBeat& beat, const uint32_t* lanes);
  void fail(OutputError error);
  bool phase_complete(const OutputPins& pins) const;
  const Phase& phase() const { return *now_; }  ///< while one is running
  const uint8_t* idle_bytes() const { return pool_.data() + (cycle_ * 64) % kPoolBytes; }

  static constexpr size_t kPoolBytes = 4096;  ///< random bytes for data pins while valid is 0
  static constexpr uint64_t kDrainCycles = 4;

  const size_t weight_bytes_, activation_bytes_;  ///< of one beat of the stream
  const Program& program_;
  TileInputs inputs_;   ///< what the streams offer
  TileInputs waiting_;  ///< what stands on the pins in a cycle of reset or rest
  State state_ = State::Running;
  size_t phase_ = 0;
  const Phase* now_ = nullptr;  ///< phases[phase_]
  uint64_t cycle_ = 0, phase_cycle_ = 0, last_progress_ = 0, wait_ = 0;
  bool last_idle_ = false;
  std::array<bool, 3> sent_{};  ///< the stream transferred in the last cycle
  size_t command_ = 0, weight_ = 0, activation_ = 0, beat_ = 0, response_ = 0;
  size_t weight_rows_ = 0, activation_beats_ = 0;
  uint64_t total_beats_ = 0;
  StallSource command_stall_, weight_stall_, activation_stall_, output_stall_, response_stall_;
  Random random_;
  std::vector<uint8_t> pool_;
  std::vector<std::vector<int32_t>> results_;
  std::optional<OutputError> error_;
};

}  // namespace assay::npu
