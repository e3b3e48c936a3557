// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/common/config.hpp"
#include "model/common/fields.hpp"

namespace assay::npu {

/// What a build took; zero seconds when the library came out of the cache.
struct BuildInfo {
  std::filesystem::path library;
  std::string key;  ///< hash of RTL sources, config, flags and tool versions
  bool cached = false;
  double verilate_seconds = 0, compile_seconds = 0;
};

/// The C++ compiler for Verilated code: clang++-19 where present, else g++.
std::string verilated_compiler();

/// Builds the Verilated tile of a config, or finds it in the cache. Safe with several builders at once: one builds, the others wait.
/// `fields` is the field table whose RTL paths cosim/npu/rtl_map.yaml gives. Throws BuildError with the tool's output.
BuildInfo build_tile(const HwConfig& config, const std::vector<Field>& fields);

/// The same with every net traced, arrays and wide vectors included (nets.hpp): a library of its own.
BuildInfo build_traced_tile(const HwConfig& config, const std::vector<Field>& fields);

/// Makes a file in `folder`, under the name `file`, and says how long it took.
using MakeFile = std::function<void(const std::filesystem::path& folder, const std::filesystem::path& file, BuildInfo& info)>;

/// The file NAME-KEY SUFFIX of the cache, made unless it is there. Safe with several builders at once.
BuildInfo cached_build(const std::string& name, const std::string& key, const std::string& suffix, const MakeFile& make);

/// What a Verilated tile with its probes is built from, waivers and packages first; and its RTL parameters as options of Verilator.
std::vector<std::string> tile_sources();
std::vector<std::string> tile_parameters(const HwConfig& config);

/// Versions of Verilator and of the compiler, for keys of the cache.
std::string tool_versions_text();

/// The RTL parameter Formats: bit i is the format of code i.
int format_mask(const HwConfig& config);

/// Verilator's --unroll-count for a config: just enough for its generate loops, so that loops over columns stay rolled.
std::string unroll_count(const HwConfig& config);

/// Builds the combinational bench module `npu_pe` or `npu_requantise` with the ports named here.
struct UnitPorts {
  std::vector<std::string> inputs, outputs;
};
BuildInfo build_unit(const std::string& module, const UnitPorts& ports);

/// The RTL sources of the array and what it stands on, packages first.
std::vector<std::string> array_sources();

/// Hash over everything the RTL is built from: the source hash of replay tokens.
std::string rtl_source_hash();

}  // namespace assay::npu
