// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/npy.hpp"
#include "cosim/npu/vector.hpp"
#include "cosim/sweep/suite.hpp"
#include "model/common/config.hpp"
#include "tests/fuzz/targets.hpp"

namespace assay::fuzz {
namespace {

const std::string kProject = ASSAY_PROJECT_DIR;

const HwConfig& shipped(const char* name) {
  static const HwConfig integer = load_config(kProject + "/rtl/configs/int8_4x4.yaml"), floating = load_config(kProject + "/rtl/configs/fp_4x4.yaml");
  return name[0] == 'i' ? integer : floating;
}

}  // namespace

bool config(std::string_view bytes) {
  const MemoryFile file(bytes);
  try {
    config_hash(load_config(file.path()));
    return true;
  } catch (const InputError&) {
    return false;
  }
}

bool vector(std::string_view bytes) {
  const MemoryFile file(bytes);
  npu::LoadOptions options;
  options.project_root = kProject;
  options.data_root = kProject + "/tests/fuzz";
  bool taken = false;
  try {
    const npu::Needs needs = npu::vector_needs(file.path());
    npu::vector_hash(file.path(), options);
    for (const char* name : {"integer", "floating"}) {
      if (!needs.fit(shipped(name))) continue;
      npu::load_vector(file.path(), shipped(name), options);
      taken = true;
    }
  } catch (const InputError&) {
    return false;
  } catch (const npu::DataMissing&) {
    return false;
  }
  return taken;
}

bool npy(std::string_view bytes) {
  try {
    npu::parse_npy(bytes);
    return true;
  } catch (const npu::DataError&) {
    return false;
  }
}

bool suite(std::string_view bytes) {
  const MemoryFile file(bytes);
  try {
    sweep::load_suite(file.path());
    return true;
  } catch (const InputError&) {
    return false;
  }
}

}  // namespace assay::fuzz
