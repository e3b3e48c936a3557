// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/program_hash.hpp"

#include "cosim/common/process.hpp"

namespace assay::npu {
namespace {

template <class Values>
uint64_t absorb(uint64_t hash, const Values& values) {
  const auto* bytes = reinterpret_cast<const char*>(values.data());
  hash = fnv1a(std::to_string(values.size()) + ";", hash);
  return fnv1a({bytes, values.size() * sizeof values[0]}, hash);
}

}  // namespace

std::string program_hash(const Program& program) {
  uint64_t hash = kFnvStart;
  for (const Phase& phase : program.phases) {
    hash = absorb(hash, phase.commands);
    hash = absorb(hash, phase.weights);
    hash = absorb(hash, phase.activations);
    hash = fnv1a(std::to_string(phase.reset_after) + "," + std::to_string(phase.reset_cycles) + "," + std::to_string(phase.idle_after) + ";", hash);
  }
  return hex64(hash);
}

}  // namespace assay::npu
