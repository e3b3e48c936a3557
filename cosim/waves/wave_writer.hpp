// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "cosim/engine/trace.hpp"
#include "cosim/waves/selection.hpp"
#include "cosim/waves/wave_file.hpp"

namespace assay::waves {

/// Writes traces of any target into a wave file: per element the RTL's and the model's value side by side (x where undefined), floats also as
/// numbers, where fields and blocks differ, the input pins, clk and the cycle number.
class WaveWriter {
 public:
  /// Declares the signals. Both must outlive the writer.
  WaveWriter(const Trace& layout, const Selection& selection, WaveFile& file);

  /// Appends a stretch; cycles that were written already are passed over.
  void write(const Trace& trace);
  /// Ends the file after the last cycle written.
  void finish();

 private:
  struct Signal {
    WaveFile::Signal signal, value;  ///< value: of floats only
    std::string last;
    bool known = false;  ///< code is the last value
    uint64_t code = 0;
  };
  struct Element {
    ElementPlace place;
    Signal sides[2];
    bool differs = false;
  };
  struct Flag {
    WaveFile::Signal signal;
    int last = -1;
  };
  struct Shown {
    size_t field;
    std::vector<Element> elements;
    Flag differs;
    size_t block;  ///< in blocks_
  };

  void declare_field(size_t field, const Selection& selection);
  void write_cycle(const Trace& trace, uint64_t cycle);
  bool write_field(const Trace& trace, uint64_t cycle, Shown& shown);
  void put(Signal& signal, const std::string& digits, const Field& field);
  void put(Flag& flag, bool value);
  void put_number(WaveFile::Signal signal, uint64_t number, int bits);

  std::vector<Field> fields_;
  WaveFile& file_;
  WaveFile::Signal clk_, cycle_;
  std::vector<Flag> blocks_;
  std::vector<Shown> shown_;
  std::vector<Signal> pins_;
  uint64_t next_ = 0;
  bool empty_ = true;
};

}  // namespace assay::waves
