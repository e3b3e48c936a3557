// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/rtl_coverage.hpp"

#include <dlfcn.h>

#include "cosim/common/process.hpp"

namespace assay::npu {

std::vector<std::string> rtl_coverage_flags() { return {"--coverage-line", "--coverage-toggle"}; }

std::string rtl_coverage_adapter() {
  return R"(
#include "verilated_cov.h"
extern "C" __attribute__((visibility("default"))) void assay_dut_write_coverage(void* p, const char* file) {
  static_cast<Dut*>(p)->context->coveragep()->write(file);
}
)";
}

void write_rtl_coverage(const std::filesystem::path& library, void* instance, const std::filesystem::path& file) {
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
  const auto write = handle == nullptr ? nullptr : reinterpret_cast<void (*)(void*, const char*)>(dlsym(handle, "assay_dut_write_coverage"));
  if (write == nullptr) throw BuildError(library.string() + ": is not loaded or was built without coverage");
  write(instance, file.c_str());
}

}  // namespace assay::npu
