// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cosim/engine/trace.hpp"

namespace assay::waves {

/// A GTKWave save file, written from top to bottom: what stands in the viewer's list, how it is shown, where the markers are.
class SaveFile {
 public:
  /// `wave_file`: name of the file beside it; `cycle`: where the primary marker stands, a few cycles right of the left edge.
  SaveFile(const std::string& wave_file, uint64_t cycle);

  /// The marker A in an earlier cycle.
  void mark(uint64_t cycle) { marked_ = cycle; }

  void comment(const std::string& text);
  void open_group(const std::string& title, bool closed = false);
  void close_group();
  void clock_and_cycle();
  /// RTL and model of an element, floats also as numbers.
  void element(const Field& field, const std::vector<int64_t>& index);
  void pin(const Trace::Pin& pin);
  void differs(const std::string& path, const std::string& shown_as);

  std::string text() const;

 private:
  enum class Colour : uint8_t { Normal = 0, Red = 1, Green = 4 };
  void signal(const std::string& path, int bits, uint32_t flags, const std::string& shown_as, Colour colour = Colour::Normal);
  void flags(uint32_t flags);

  std::string wave_file_, traces_;
  std::vector<std::string> groups_;  ///< open ones
  uint64_t cycle_, marked_;
};

}  // namespace assay::waves
