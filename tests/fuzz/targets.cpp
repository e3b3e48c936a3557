// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/targets.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

namespace assay::fuzz {

const std::vector<Target>& targets() {
  static const std::vector<Target> all{{"config", config}, {"vector", vector},       {"npy", npy}, {"suite", suite}, {"manifest", manifest},
                                       {"chunk", chunk},   {"recording", recording},
#ifdef ASSAY_FUZZ_RECORD  // needs the whole command, which the sanitizers' build leaves out
                                       {"record", record}
#endif
  };
  return all;
}

MemoryFile::MemoryFile(std::string_view bytes) : descriptor_(memfd_create("fuzz", MFD_CLOEXEC)), path_("/proc/self/fd/" + std::to_string(descriptor_)) {
  if (descriptor_ < 0 || write(descriptor_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) std::abort();
}

MemoryFile::~MemoryFile() { close(descriptor_); }

}  // namespace assay::fuzz
