// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "cosim/engine/forwarding_target.hpp"
#include "cosim/engine/recording.hpp"

namespace assay {

/// Input pins first, then every part of every field: what a recording of this target holds.
std::vector<RecordedImage> recorded_images(const Target& target);

/// A target whose inputs and observed state are written down while it runs.
class RecordingTarget final : public ForwardingTarget {
 public:
  RecordingTarget(Target& inner, std::filesystem::path file, const std::string& header, const NamedBytes& files)
      : ForwardingTarget(inner), writer_(std::move(file), header, files, recorded_images(inner)) {}

  Drive drive(uint64_t cycle) override {
    const Drive state = inner_.drive(cycle);
    writer_.cycle();
    clocked_ = false;
    return state;
  }
  void clock_dut() override {
    inner_.clock_dut();
    clocked_ = true;
  }
  std::vector<std::string> take_assertions() override {
    auto names = inner_.take_assertions();
    for (const std::string& name : names) writer_.assertion(name);
    return names;
  }

  /// After the run. What the last edge led to is written too, so that a check may take it.
  void finish() {
    if (clocked_) writer_.cycle();
    writer_.finish();
  }

 private:
  RecordingWriter writer_;
  bool clocked_ = false;
};

}  // namespace assay
