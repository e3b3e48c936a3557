// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/common/config.hpp"

namespace assay::dpi {

/// npu_observation.svh: what tb/npu_lockstep_checker.sv includes to collect the observation of tiles of these configs, by the RTL paths of
/// `rtl_map`. One branch per config, chosen by the RTL's parameters. Throws InputError when the map lacks a field.
std::string observation_source(const std::vector<HwConfig>& configs, const std::filesystem::path& rtl_map);

/// The parameters of a config as `key=value …`, and back. Throws InputError naming the key.
std::string parameters_text(const HwConfig& config);
HwConfig config_of_parameters(const std::string& text);

/// The config's parameters under the names of the RTL's, in the order of npu_tile.
struct RtlParameter {
  const char* name;  ///< of npu_tile
  const char* key;   ///< of the config
  int value;
};
std::vector<RtlParameter> rtl_parameters(const HwConfig& config);

}  // namespace assay::dpi
