// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "cosim/dpi/api.hpp"
#include "cosim/dpi/simulator.hpp"

namespace assay::dpi {
namespace {

/// Runs `body(bench)`; an error also goes into the run's result file, since a simulator keeps its exit code to itself.
template <class Body>
int with_bench(void* handle, Body body) noexcept {
  const int status = guarded(handle, [&](Session& s) -> int {
    if (!s.bench) return failed(s, ASSAY_DPI_ORDER, "the handle has no run, expected assay_dpi_bench_open before it");
    return body(s, *s.bench);
  });
  if (status < 0 && handle != nullptr && session(handle)->bench) {
    guarded(handle, [](Session& s) {
      s.bench->write_error(s.error);
      return 0;
    });
  }
  return status;
}

}  // namespace
}  // namespace assay::dpi

using namespace assay::dpi;

ASSAY_DPI_EXPORT int assay_dpi_bench_open(void* handle, const char* file) {
  return guarded(handle, [&](Session& s) -> int {
    require(file, "file");
    if (s.configured || s.bench) return failed(s, ASSAY_DPI_ALREADY, "this handle has its config, " + s.config.name + ": a run needs a fresh handle");
    const BenchOrder order = read_order(file);
    s.config = assay::load_config(order.config);
    s.configured = true;
    s.checker = std::make_unique<Checker>(s.config);
    s.bench = std::make_unique<BenchRun>(order, s.config, *s.checker);
    return ASSAY_DPI_OK;
  });
}

ASSAY_DPI_EXPORT int assay_dpi_bench_fill(void* handle, const char* tile) {
  return with_bench(handle, [&](Session&, BenchRun& bench) {
    require(tile, "tile");
    bench.fill(tile);
    return ASSAY_DPI_OK;
  });
}

ASSAY_DPI_EXPORT int assay_dpi_bench_deposit(void* handle) {
  return with_bench(handle, [](Session&, BenchRun& bench) {
    bench.deposit();
    return ASSAY_DPI_OK;
  });
}

ASSAY_DPI_EXPORT int assay_dpi_bench_drive(void* handle, int outputs, const uint32_t* out_data, int64_t rsp_data, int* pins, uint32_t* cmd_data,
                                           uint32_t* weight_data, uint32_t* act_data) {
  return with_bench(handle, [&](Session& s, BenchRun& bench) -> int {
    if (!s.checker->begun()) return failed(s, ASSAY_DPI_ORDER, "no checker has begun with this handle, expected npu_lockstep_checker bound to the tile");
    if (!bench.drive({outputs, out_data, rsp_data})) return ASSAY_DPI_END;
    *pins = bench.driven_pins();
    ObservedState& state = s.checker->state();
    const auto copy = [&](uint32_t* to, size_t input) {
      const size_t bytes = state.observation().members[state.observation().inputs[input]].bytes;
      if (bytes % 4 != 0) *to = 0;
      std::memcpy(to, state.driven(input).data(), bytes);
    };
    copy(cmd_data, 6);
    copy(weight_data, 7);
    copy(act_data, 8);
    return ASSAY_DPI_OK;
  });
}
