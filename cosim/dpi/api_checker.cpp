// SPDX-License-Identifier: Apache-2.0
#include "cosim/dpi/api.hpp"
#include "cosim/dpi/simulator.hpp"

namespace assay::dpi {
namespace {

Checker& checker_of(Session& s) {
  if (!s.checker) s.checker = std::make_unique<Checker>(s.config);
  return *s.checker;
}

/// Runs `body(checker)` on a checker that has begun.
template <class Body>
int with_checker(void* handle, Body body) noexcept {
  const int status = guarded(handle, [&](Session& s) -> int {
    if (!s.checker || !s.checker->begun()) return failed(s, ASSAY_DPI_ORDER, "the checker has not begun, expected assay_dpi_checker_begin before it");
    if (s.checker->finished()) return failed(s, ASSAY_DPI_ALREADY, "the checker has given its verdict: another run needs another handle");
    return body(s, *s.checker);
  });
  if (status < 0 && handle != nullptr && session(handle)->bench) {
    guarded(handle, [](Session& s) {
      s.bench->write_error(s.error);
      return 0;
    });
  }
  return status;
}

int status_of(Checker::Next next) { return next == Checker::Next::Cycle ? ASSAY_DPI_OK : next == Checker::Next::Memories ? ASSAY_DPI_MEMORIES : ASSAY_DPI_END; }

std::string unknown_text(int unknown) {
  std::string text;
  const std::pair<int, const char*> groups[] = {{ASSAY_DPI_X_HANDSHAKE, "reset, valid and ready inputs"},
                                                {ASSAY_DPI_X_COMMAND, "command data"},
                                                {ASSAY_DPI_X_WEIGHT, "weight data"},
                                                {ASSAY_DPI_X_ACTIVATION, "activation data"},
                                                {ASSAY_DPI_X_STATE, "observed state"}};
  for (const auto& [bit, name] : groups)
    if ((unknown & bit) != 0) text += (text.empty() ? "" : "; ") + std::string(name);
  return text.empty() ? "group " + std::to_string(unknown) : text;
}

}  // namespace
}  // namespace assay::dpi

using namespace assay::dpi;

ASSAY_DPI_EXPORT int assay_dpi_checker_parameter(void* handle, const char* key, int value) {
  return guarded(handle, [&](Session& s) -> int {
    require(key, "key");
    if (!s.configured) return failed(s, ASSAY_DPI_ORDER, "the handle has no config yet, expected assay_dpi_configure before it");
    checker_of(s).parameter(key, value);
    return ASSAY_DPI_OK;
  });
}

ASSAY_DPI_EXPORT int assay_dpi_checker_begin(void* handle, const char* hash) {
  const int status = guarded(handle, [&](Session& s) -> int {
    require(hash, "hash");
    if (!s.configured) return failed(s, ASSAY_DPI_ORDER, "the handle has no config yet, expected assay_dpi_configure before it");
    Checker& checker = checker_of(s);
    if (checker.begun()) return failed(s, ASSAY_DPI_ALREADY, "a checker has begun with this handle: a second tile needs a handle of its own");
    checker.begin(hash);
    remember_scope(&s);
    return ASSAY_DPI_OK;
  });
  if (status < 0 && handle != nullptr && session(handle)->bench) {
    guarded(handle, [](Session& s) {
      s.bench->write_error(s.error);
      return 0;
    });
  }
  return status;
}

ASSAY_DPI_EXPORT int assay_dpi_checker_cycle(void* handle, int unknown, const uint32_t* observation) {
  return with_checker(handle, [&](Session& s, Checker& checker) -> int {
    if (unknown != 0) return failed(s, ASSAY_DPI_UNKNOWN_BITS, "X or Z in " + unknown_text(unknown) + ": the cycle was not compared");
    require(observation, "observation");
    return status_of(checker.cycle(simulation_time(), observation));
  });
}

ASSAY_DPI_EXPORT int assay_dpi_checker_memory(void* handle, int index, const uint32_t* words) {
  return with_checker(handle, [&](Session&, Checker& checker) -> int {
    require(words, "words");
    const size_t count = checker.state().observation().memories.size();
    if (index < 0 || static_cast<size_t>(index) >= count) {
      throw assay::InputError("argument:1: index: is " + std::to_string(index) + ", expected 0 … " + std::to_string(count - 1));
    }
    checker.memory(static_cast<size_t>(index), words);
    return ASSAY_DPI_OK;
  });
}

ASSAY_DPI_EXPORT int assay_dpi_checker_resume(void* handle) {
  return with_checker(handle, [&](Session& s, Checker& checker) -> int {
    if (!checker.waits()) return failed(s, ASSAY_DPI_ORDER, "no cycle waits for memories, expected assay_dpi_checker_cycle to have asked for them");
    return status_of(checker.resume());
  });
}

ASSAY_DPI_EXPORT int assay_dpi_checker_finish(void* handle) {
  return with_checker(handle, [&](Session& s, Checker& checker) -> int {
    const assay::LockstepResult& result = checker.finish();
    s.report = report_text(s.config, result);
    if (s.bench) s.bench->write_outcome(result);
    return result.verdict == assay::Verdict::Pass ? 0 : result.verdict == assay::Verdict::Mismatch ? 1 : 4;
  });
}

ASSAY_DPI_EXPORT const char* assay_dpi_report(void* handle) {
  return handle == nullptr ? assay_dpi_status_name(ASSAY_DPI_NULL_HANDLE) : session(handle)->report.c_str();
}

// The checker takes the parameters by its own calls; the probes tell them to hosts that have no checker.
ASSAY_DPI_EXPORT void assay_parameter(const char*, int) {}

ASSAY_DPI_EXPORT void assay_assertion(const char* name) {
  void* handle = handle_of_scope();
  guarded(handle, [&](Session& s) {
    if (s.checker) s.checker->assertion(simulation_time(), name == nullptr ? "" : name);
    return ASSAY_DPI_OK;
  });
}
