// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cosim/engine/lockstep.hpp"
#include "cosim/engine/trace.hpp"
#include "cosim/npu/upstream.hpp"

namespace assay::cli {

/// What a person looks at first: the element of the first divergence, what differs beside it, what it was made from.
struct WaveView {
  uint64_t cycle = 0;       ///< of the first divergence
  std::string title;        ///< the first divergence in words
  bool same_cycle = false;  ///< the first element is a pin, which shows its registers of the same cycle
  std::vector<ElementRef> first, beside, inputs, further;
  std::vector<std::string> pins;  ///< input pins among the sources
};

/// The view of a mismatch. One that lies in no element of the table (an output, an assertion) opens on the output pins.
WaveView view_of(const Mismatch& mismatch, const Trace& trace, const HwConfig& config);

/// The view of a run without a mismatch: the output pins.
WaveView view_of_pins(const Target& target, const HwConfig& config);

/// The GTKWave save file of a view.
std::string save_file_text(const WaveView& view, const Trace& trace, const std::string& wave_file);

}  // namespace assay::cli
