// SPDX-License-Identifier: Apache-2.0
// The entry that libFuzzer calls; ASSAY_FUZZ_TARGET names the function.
#include "tests/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  assay::fuzz::ASSAY_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
