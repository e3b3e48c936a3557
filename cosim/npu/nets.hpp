// SPDX-License-Identifier: Apache-2.0
// RTL built so that every net can be written to an FST: slower to build and to run, made only where such a file is asked for.
#pragma once

#include <filesystem>
#include <memory>

#include "cosim/npu/dut.hpp"
#include "cosim/npu/dut_builder.hpp"

namespace assay::npu {

/// What a traced library exports beside its API.
struct NetsApi {
  void* (*open)(void* dut, const char* file);  ///< the file of this instance; null when it cannot be written
  void (*dump)(void* dut, void* file, unsigned long long cycle);
  void (*close)(void* file);
};

/// The traced part of the adapter, behind that of every library (adapter_source.hpp).
std::string nets_adapter_source();

/// A tile of traced RTL and the file that its nets go to.
class NetsTile {
 public:
  /// Builds the traced library of the config, or finds it. Throws BuildError.
  NetsTile(const HwConfig& config, const std::vector<Field>& fields);

  /// An instance that writes to `file` whenever dump() is called; to be called once.
  std::unique_ptr<Dut> dut(const std::filesystem::path& file);
  /// The nets as they stand in this cycle: a cycle lasts 1 µs, as in waves.fst, and the clock is high in its first half.
  void dump(uint64_t cycle);
  /// Ends the file; the instance must still live.
  void close();

  const BuildInfo& build() const { return build_; }

 private:
  BuildInfo build_;
  const NetsApi* api_ = nullptr;
  void *instance_ = nullptr, *file_ = nullptr;
};

}  // namespace assay::npu
