// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/nets.hpp"

#include <dlfcn.h>

#include "cosim/common/process.hpp"
#include "model/common/assert.hpp"

namespace assay::npu {

std::string nets_adapter_source() {
  return R"(
#include "verilated_fst_c.h"
namespace {
struct NetsApi {
  void* (*open)(void* dut, const char* file);
  void (*dump)(void* dut, void* file, unsigned long long cycle);
  void (*close)(void* file);
};
void* nets_open(void* p, const char* name) {
  auto* dut = static_cast<Dut*>(p);
  HostScope scope(*dut);
  dut->context->traceEverOn(true);
  auto file = std::make_unique<VerilatedFstC>();
  file->set_time_unit("1us");
  file->set_time_resolution("100ns");
  dut->top->trace(file.get(), 99);
  file->open(name);
  return file->isOpen() ? file.release() : nullptr;
}
void nets_dump(void* p, void* f, unsigned long long cycle) {
  auto* dut = static_cast<Dut*>(p);
  auto* file = static_cast<VerilatedFstC*>(f);
  HostScope scope(*dut);
  dut->top->clk_i = 1;
  file->dump(static_cast<uint64_t>(10 * cycle));
  dut->top->clk_i = 0;
  file->dump(static_cast<uint64_t>(10 * cycle + 5));
}
void nets_close(void* f) {
  auto* file = static_cast<VerilatedFstC*>(f);
  file->close();
  delete file;
}
const NetsApi kNets = {nets_open, nets_dump, nets_close};
}  // namespace
extern "C" __attribute__((visibility("default"))) const void* assay_nets_api(void) { return &kNets; }
)";
}

NetsTile::NetsTile(const HwConfig& config, const std::vector<Field>& fields) : build_(build_traced_tile(config, fields)) {}

std::unique_ptr<Dut> NetsTile::dut(const std::filesystem::path& file) {
  ASSAY_ASSERT(file_ == nullptr);
  auto dut = std::make_unique<Dut>(build_.library);
  void* handle = dlopen(build_.library.c_str(), RTLD_NOW | RTLD_LOCAL);  // loaded already
  using Entry = const void* (*)();
  const auto entry = handle == nullptr ? nullptr : reinterpret_cast<Entry>(dlsym(handle, "assay_nets_api"));
  if (entry == nullptr) throw BuildError(build_.library.string() + ": no assay_nets_api in this library");
  api_ = static_cast<const NetsApi*>(entry());
  instance_ = dut->instance();
  file_ = api_->open(instance_, file.c_str());
  if (file_ == nullptr) throw BuildError(file.string() + ": cannot be written");
  return dut;
}

void NetsTile::dump(uint64_t cycle) { api_->dump(instance_, file_, cycle); }

void NetsTile::close() {
  if (file_ != nullptr) api_->close(file_);
  file_ = nullptr;
}

}  // namespace assay::npu
