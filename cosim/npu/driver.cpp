// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/driver.hpp"

#include <cstring>

#include "cosim/common/process.hpp"

namespace assay::npu {

bool StallSource::draw() {
  if (profile_.kind == StallProfile::Kind::Bubble) return !random_.chance(profile_.bubble);
  if (left_ == 0) {
    going_ = !going_;
    left_ = static_cast<uint64_t>(random_.range(profile_.burst_min, profile_.burst_max));
  }
  if (left_ > 0) --left_;
  return going_;
}

Driver::Driver(const HwConfig& config, const Program& program, uint64_t seed)
    : weight_bytes_(static_cast<size_t>(config.cols * config.lane_bytes())),
      activation_bytes_(static_cast<size_t>(config.rows * config.lane_bytes())),
      program_(program),
      command_stall_(program.stall.commands, seed, 1),
      weight_stall_(program.stall.weights, seed, 2),
      activation_stall_(program.stall.activations, seed, 3),
      output_stall_(program.stall.output, seed, 4),
      response_stall_(program.stall.response, seed, 5),
      random_(seed, 6),
      pool_(kPoolBytes + 512) {
  for (uint8_t& byte : pool_) byte = static_cast<uint8_t>(random_.next());
  for (const Job& job : program.jobs) results_.emplace_back(static_cast<size_t>(job.rows) * static_cast<size_t>(job.cols));
  begin_phase();
}

void Driver::begin_phase() {
  command_ = weight_ = activation_ = beat_ = response_ = 0;
  phase_cycle_ = 0;
  inputs_ = TileInputs{};
  sent_ = {};
  if (phase_ >= program_.phases.size()) {
    state_ = State::Idling;
    last_idle_ = true;
    wait_ = kDrainCycles;
    weight_rows_ = activation_beats_ = 0;
    return;
  }
  now_ = &program_.phases[phase_];
  weight_rows_ = phase().weights.size() / weight_bytes_;
  activation_beats_ = phase().activations.size() / activation_bytes_;
}

const TileInputs& Driver::drive(const OutputPins& pins) {
  if (state_ == State::Running && phase().reset_after >= 0 && phase_cycle_ >= static_cast<uint64_t>(phase().reset_after)) {
    state_ = State::Resetting;
    wait_ = static_cast<uint64_t>(phase().reset_cycles);
  }
  if (state_ == State::Running) drive_running(pins);
  const bool running = state_ == State::Running;
  if (!running) wait_one_cycle();
  ++cycle_;
  ++phase_cycle_;
  return running ? inputs_ : waiting_;  // by reference: a copy would load whole words of what has just been stored byte by byte
}

/// A cycle of reset or rest: data pins random; under reset the handshake pins too, because nothing may be taken then.
void Driver::wait_one_cycle() {
  waiting_ = TileInputs{};
  waiting_.cmd_data = reinterpret_cast<const uint32_t*>(idle_bytes());
  waiting_.weight_data = waiting_.act_data = idle_bytes();
  last_progress_ = cycle_;
  if (state_ == State::Resetting) {
    const uint8_t bits = *idle_bytes();
    waiting_.rst_n = false;
    waiting_.cmd_valid = (bits & 1) != 0;
    waiting_.weight_valid = (bits & 2) != 0;
    waiting_.act_valid = (bits & 4) != 0;
    waiting_.out_ready = (bits & 8) != 0;
    waiting_.rsp_ready = (bits & 16) != 0;
  }
  if (wait_ > 0) --wait_;
  if (wait_ > 0 || state_ == State::Finished) return;
  if (last_idle_) {
    state_ = State::Finished;
  } else {
    ++phase_;
    state_ = State::Running;
    begin_phase();
  }
}

void Driver::drive_running(const OutputPins& pins) {
  if (phase_complete(pins)) {
    state_ = State::Idling;
    wait_ = 1 + static_cast<uint64_t>(phase().idle_after);
    return;
  }
  take_output(pins);
  take_response(pins);
  offer(pins);
}

/// Valid, once raised, stays until the transfer; a transfer of this cycle advances the stream.
void Driver::offer(const OutputPins& pins) {
  const auto stream = [this](bool& valid, uint8_t ready, size_t& at, size_t end, StallSource& stall, bool& sent) {
    if (sent) valid = false;
    sent = false;
    if (!valid) valid = at < end && stall.go();
    if (valid && ready != 0) {
      sent = true;
      last_progress_ = cycle_;
    }
    const size_t shown = at;
    if (sent) ++at;
    return shown;
  };
  const size_t command = stream(inputs_.cmd_valid, *pins.cmd_ready, command_, phase().commands.size(), command_stall_, sent_[0]);
  const size_t weight = stream(inputs_.weight_valid, *pins.weight_ready, weight_, weight_rows_, weight_stall_, sent_[1]);
  const size_t act = stream(inputs_.act_valid, *pins.act_ready, activation_, activation_beats_, activation_stall_, sent_[2]);
  inputs_.cmd_data = inputs_.cmd_valid ? phase().commands[command].data() : reinterpret_cast<const uint32_t*>(idle_bytes());
  inputs_.weight_data = inputs_.weight_valid ? phase().weights.data() + weight * weight_bytes_ : idle_bytes() + 16;
  inputs_.act_data = inputs_.act_valid ? phase().activations.data() + act * activation_bytes_ : idle_bytes() + 32;
}

void Driver::take_output(const OutputPins& pins) {
  inputs_.out_ready = output_stall_.go();
  if (!inputs_.out_ready || *pins.out_valid == 0) return;
  last_progress_ = cycle_;
  ++total_beats_;
  if (beat_ >= phase().beats.size()) return fail({OutputError::Kind::Functional, "activation", "out_data", {static_cast<int64_t>(beat_)}, "a beat", "no beat"});
  check_beat(phase().beats[beat_++], static_cast<const uint32_t*>(pins.out_data));
}

void Driver::check_beat(const ExpectedBeat& beat, const uint32_t* lanes) {
  const auto hex = [](uint32_t value) { return hex64(value).substr(8); };
  for (size_t c = 0; c < beat.lanes.size() && beat.checked; ++c) {
    if (lanes[c] == beat.lanes[c]) continue;
    const auto index = beat.job < 0 ? std::vector<int64_t>{static_cast<int64_t>(beat_) - 1, static_cast<int64_t>(c)}
                                    : std::vector<int64_t>{beat.row, beat.col + static_cast<int64_t>(c)};
    fail({OutputError::Kind::Functional, "activation", beat.job < 0 ? "out_data" : program_.jobs[static_cast<size_t>(beat.job)].name, index, hex(lanes[c]),
          hex(beat.lanes[c])});
    break;
  }
  if (beat.job < 0) return;
  const Job& job = program_.jobs[static_cast<size_t>(beat.job)];
  const size_t at = static_cast<size_t>(beat.row) * static_cast<size_t>(job.cols) + static_cast<size_t>(beat.col);
  for (size_t c = 0; c < static_cast<size_t>(beat.cols); ++c) {
    const auto value = static_cast<int32_t>(lanes[c]);
    results_[static_cast<size_t>(beat.job)][at + c] = value;
    if (!job.expect.empty() && job.expect[at + c] != value) {
      fail({OutputError::Kind::Expect,
            "activation",
            job.name,
            {beat.row, beat.col + static_cast<int64_t>(c)},
            hex(lanes[c]),
            hex(static_cast<uint32_t>(job.expect[at + c]))});
    }
  }
}

void Driver::take_response(const OutputPins& pins) {
  inputs_.rsp_ready = response_stall_.go();
  if (!inputs_.rsp_ready || *pins.rsp_valid == 0) return;
  last_progress_ = cycle_;
  const uint64_t got = *pins.rsp_data;
  const auto index = std::vector<int64_t>{static_cast<int64_t>(response_)};
  if (response_ >= phase().responses.size()) return fail({OutputError::Kind::Functional, "tile", "rsp_data", index, hex64(got).substr(4), "no response"});
  const ExpectedResponse& want = phase().responses[response_++];
  const uint64_t word = (uint64_t{want.status} << 40) | (uint64_t{want.tag} << 32) | (want.data_known ? want.data : got & 0xFFFFFFFFu);
  if (word != got) fail({OutputError::Kind::Functional, "tile", "rsp_data", index, hex64(got).substr(4), hex64(word).substr(4)});
}

/// The first error of a cycle is kept; a functional difference outranks the vector's own expectation.
void Driver::fail(OutputError error) {
  if (!error_) error_ = std::move(error);
}

std::optional<OutputError> Driver::take_error() {
  auto error = std::move(error_);
  error_.reset();
  return error;
}

bool Driver::phase_complete(const OutputPins& pins) const {
  if (*pins.busy != 0) return false;  // by far the most cycles
  const Phase& p = phase();
  return p.reset_after < 0 && command_ == p.commands.size() && weight_ == weight_rows_ && activation_ == activation_beats_ && beat_ >= p.beats.size() &&
         response_ >= p.responses.size() && *pins.out_valid == 0 && *pins.rsp_valid == 0;
}

std::string Driver::leftovers() const {
  return finished() ? "" : "the vector did not finish: phase " + std::to_string(phase_ + 1) + " of " + std::to_string(program_.phases.size());
}

}  // namespace assay::npu
