// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cosim/engine/trace.hpp"

namespace assay {

/// How the RTL's sequence of values of one element stands to the model's, from the cycle on in which they part.
struct Skew {
  enum class Verdict : uint8_t {
    Late,   ///< the model's sequence, `cycles` later
    Early,  ///< the model's sequence, `cycles` earlier
    Lane,   ///< the model's sequence of the neighbouring element, `cycles` later (negative: earlier)
    Held,   ///< the RTL keeps its value where the model moves on; no shift explains what follows
    Moved,  ///< the RTL changes its value where the model keeps it
    Wrong,  ///< both move, to different values
    None,   ///< nothing to compare
  };
  /// A shift: RTL in cycle t is the model in cycle t − cycles of the element `lanes` further along `dimension` of the index.
  struct Shift {
    int cycles = 0;     ///< positive: late
    int lanes = 0;      ///< −1, 0, 1
    int dimension = 0;  ///< of the index; means nothing when lanes is 0
    bool operator==(const Shift&) const = default;
  };
  /// What the verdict rests on.
  struct Evidence {
    uint64_t from = 0;      ///< the cycle in which the element begins to differ; earlier than the one that compared it where a memory was read late
    uint64_t compared = 0;  ///< cycles looked at from there on
    uint64_t matching = 0;  ///< how many of them, from the first on, the shift explains; 0 without a shift
    uint64_t changes = 0;   ///< changes of the RTL's value among those, which the model makes too, shifted
    uint64_t distinct = 0;  ///< different values of the RTL among those; without a shift among all that were looked at
  };
  Verdict verdict = Verdict::None;
  Shift shift;
  std::vector<Shift> also;  ///< other shifts that explain as much, simplest first: a systolic array has neighbours that are its past
  Evidence evidence;
};

constexpr int kSkewCycles = 8;  ///< shifts tried: so many cycles and one lane both ways, and both at once

/// Judges the element that differs in `cycle`. A shift is believed when it explains at least 16 cycles without a gap (all there are, when there are
/// fewer) and what it explains is not what any quiet register shows: the RTL makes a change that the model makes at another time (for more than one
/// cycle, or a lane: two such changes, of single bits three, or values of 16 significant bits together).
Skew find_skew(const Trace& trace, size_t field, const std::vector<int64_t>& index, uint64_t cycle);

/// "late", "early", "lane", "held", "moved", "wrong", "none".
const char* skew_name(Skew::Verdict verdict);

}  // namespace assay
