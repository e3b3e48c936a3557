// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "cosim/engine/recording.hpp"
#include "cosim/npu/dut.hpp"

namespace assay::npu {

/// A recording as a DUT without logic: a clock edge brings the state that was observed next. The input pins it is given must be the
/// recorded ones; it throws InputError in the first cycle in which they are not. The reader must outlive it.
std::unique_ptr<Dut> play_back(RecordingReader& recording);

}  // namespace assay::npu
