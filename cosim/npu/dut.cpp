// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/dut.hpp"

#include <dlfcn.h>

#include "cosim/common/process.hpp"

namespace assay::npu {
namespace {

const AssayDutApi* load(const std::filesystem::path& library) {
  // Never closed: Verilated code registers thread-local state that must outlive its instances.
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw BuildError(std::string("cannot load the Verilated library: ") + dlerror());
  using Entry = const AssayDutApi* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(handle, "assay_dut_api"));
  if (entry == nullptr) throw BuildError(library.string() + ": no assay_dut_api in this library");
  const AssayDutApi* api = entry();
  if (api->version != ASSAY_DUT_ABI_VERSION) {
    throw BuildError(library.string() + ": interface version " + std::to_string(api->version) + ", expected " + std::to_string(ASSAY_DUT_ABI_VERSION));
  }
  return api;
}

}  // namespace

Dut::Dut(const std::filesystem::path& library) : api_(load(library)) {
  host_.user = this;
  host_.parameter = [](void* user, const char* name, int value) { static_cast<Dut*>(user)->parameters_[name] = value; };
  host_.assertion = [](void* user, const char* name) { static_cast<Dut*>(user)->assertions_.emplace_back(name); };
  instance_ = api_->create(&host_);
  find_parts();
}

Dut::Dut(const AssayDutApi& api, void* instance) : api_(&api), instance_(instance) { find_parts(); }

void Dut::find_parts() {
  api_->parts(
      instance_,
      [](void* user, const char* field, int part, void* data, size_t bytes) {
        auto& parts = static_cast<Dut*>(user)->parts_[field];
        if (parts.size() <= static_cast<size_t>(part)) parts.resize(static_cast<size_t>(part) + 1);
        parts[static_cast<size_t>(part)] = {data, bytes};
      },
      this);
}

Dut::~Dut() { api_->destroy(instance_); }

const std::vector<Dut::Part>& Dut::parts(const std::string& name) const {
  const auto it = parts_.find(name);
  if (it == parts_.end()) throw BuildError("the Verilated library has no part " + name);
  return it->second;
}

}  // namespace assay::npu
