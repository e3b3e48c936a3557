// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/playback.hpp"

#include <algorithm>
#include <cstring>

#include "model/common/bits.hpp"
#include "model/common/config.hpp"

namespace assay::npu {
namespace {

/// What stands behind the C interface.
struct Playback {
  explicit Playback(RecordingReader& r) : recording(r), state(r.state_bytes()) {
    for (const RecordingReader::Image& image : r.layout()) {
      if (image.name.starts_with("in.")) inputs.push_back({image, std::vector<uint8_t>((image.bytes + 7) / 8 * 8)});
    }
  }

  struct Input {
    RecordingReader::Image image;
    std::vector<uint8_t> given;
  };

  void restart() {
    recording.rewind();
    std::fill(state.begin(), state.end(), uint8_t{0});
    cycle = 0;
    std::vector<std::string> none;
    recording.next(state.data(), none);
  }

  void check_inputs() const {
    for (const Input& input : inputs) {
      if (std::memcmp(input.given.data(), state.data() + input.image.offset, input.image.bytes) == 0) continue;
      throw InputError(recording.name() + ":1: recording: cycle " + std::to_string(cycle) + ": " + input.image.name.substr(3) +
                       ": what this revision gives the RTL differs from what was recorded, expected the revision that recorded it");
    }
  }

  void clock() {
    check_inputs();
    broken.clear();
    recording.next(state.data(), broken);
    ++cycle;
    if (dut == nullptr) return;
    for (const std::string& name : broken) dut->assertions().push_back(name);
  }

  RecordingReader& recording;
  LineVector<uint8_t> state;
  std::vector<Input> inputs;
  std::vector<std::string> broken;
  Dut* dut = nullptr;
  uint64_t cycle = 0;
};

Playback& self(void* dut) { return *static_cast<Playback*>(dut); }

/// "pe.psum/3" is part 3 of pe.psum; an input pin has one part.
void parts(void* dut, AssayPartSink sink, void* user) {
  Playback& p = self(dut);
  for (Playback::Input& input : p.inputs) sink(user, input.image.name.c_str(), 0, input.given.data(), input.image.bytes);
  for (const RecordingReader::Image& image : p.recording.layout()) {
    const size_t slash = image.name.rfind('/');
    if (slash == std::string::npos) continue;
    sink(user, image.name.substr(0, slash).c_str(), std::stoi(image.name.substr(slash + 1)), p.state.data() + image.offset, image.bytes);
  }
}

const AssayDutApi kApi = {ASSAY_DUT_ABI_VERSION,
                          "",
                          nullptr,
                          [](void* dut) { delete static_cast<Playback*>(dut); },
                          [](void* dut) { self(dut).clock(); },
                          [](void*) {},
                          parts,
                          [](void* dut) { self(dut).restart(); }};

}  // namespace

std::unique_ptr<Dut> play_back(RecordingReader& recording) {
  auto playback = std::make_unique<Playback>(recording);
  Playback* instance = playback.release();
  auto dut = std::make_unique<Dut>(kApi, instance);
  instance->dut = dut.get();
  return dut;
}

}  // namespace assay::npu
