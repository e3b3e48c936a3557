// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace assay::waves {

/// A file of waves being written: first all scopes and signals, then times in ascending order with what changes at them. Errors of the disk throw
/// std::runtime_error at the latest from finish().
class WaveFile {
 public:
  using Signal = uint32_t;
  virtual ~WaveFile() = default;

  virtual void open_scope(const std::string& name) = 0;
  virtual void close_scope() = 0;
  /// A vector of `bits` bits; its name may hold an index in brackets.
  virtual Signal add(const std::string& name, int bits) = 0;
  /// A number in double precision.
  virtual Signal add_real(const std::string& name) = 0;

  /// What follows happens at this time, in nanoseconds. The first call ends the declarations.
  virtual void at(uint64_t time) = 0;
  /// `digits`: 0, 1 or x, as many as the signal has bits, most significant first.
  virtual void put(Signal signal, const std::string& digits) = 0;
  virtual void put_real(Signal signal, double value) = 0;
  /// The file ends at this time and is complete.
  virtual void finish(uint64_t time) = 0;
};

std::unique_ptr<WaveFile> open_vcd(const std::filesystem::path& file);

/// FST is written by the library that comes with Verilator; a Verilator without it leaves us VCD.
bool has_fst();
/// Null without has_fst().
std::unique_ptr<WaveFile> open_fst(const std::filesystem::path& file);

}  // namespace assay::waves
