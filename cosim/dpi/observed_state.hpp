// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "cosim/dpi/observation.hpp"
#include "cosim/npu/dut.hpp"
#include "model/tile/tile.hpp"

namespace assay::dpi {

/// What a SystemVerilog checker has handed over of one tile: the struct of the last cycle, and each memory as it stands in the RTL, kept up to date by
/// the words that the struct carries. Pins that a driver wants to see on the tile lie beside it.
class ObservedState {
 public:
  explicit ObservedState(const HwConfig& config);

  /// The struct of this cycle, as 32-bit words, least significant first; observation().bytes of them are read.
  void take(const uint32_t* words);
  /// Memory `index` of observation().memories, its words' images one after the other.
  void take_memory(size_t index, const uint32_t* words);

  /// The input pins that the struct of this cycle shows.
  const TileInputs& inputs() const { return inputs_; }

  const Observation& observation() const { return o_; }
  uint8_t* member(size_t m) { return raw() + o_.members[m].offset; }
  /// The struct as it was taken last.
  std::vector<uint8_t> bytes() const { return {raw_.begin(), raw_.begin() + static_cast<ptrdiff_t>(o_.bytes)}; }
  void restore(const std::vector<uint8_t>& bytes);

  /// Places for the pins that a driver drives, in the order of Observation::kInputs.
  std::vector<uint8_t>& driven(size_t input) { return driven_[input]; }

  /// The state as a DUT whose parts lie in here; it must not outlive this.
  std::unique_ptr<npu::Dut> as_dut();

 private:
  friend void observed_parts(void* state, AssayPartSink sink, void* user);
  struct Word {
    size_t entry, word, bytes, depth;  ///< offsets in the struct, size, words of the memory
    uint8_t* memory;
  };
  uint8_t* raw() { return raw_.data(); }
  void update_words();

  std::vector<Field> fields_;
  Observation o_;
  std::vector<uint8_t> raw_;
  std::vector<std::vector<uint8_t>> memories_;
  std::vector<Word> words_;
  std::array<std::vector<uint8_t>, Observation::kInputCount> driven_;
  std::array<size_t, Observation::kInputCount> input_offset_{};
  TileInputs inputs_;
};

}  // namespace assay::dpi
