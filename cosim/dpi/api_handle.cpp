// SPDX-License-Identifier: Apache-2.0
#include "cosim/dpi/api.hpp"
#include "cosim/dpi/observation_source.hpp"

namespace assay::dpi {
namespace {

int configure(Session& s, const HwConfig& config) {
  if (s.configured) return failed(s, ASSAY_DPI_ALREADY, "this handle has its config, " + s.config.name + ": another instance needs another handle");
  s.config = config;
  s.configured = true;
  return ASSAY_DPI_OK;
}

}  // namespace
}  // namespace assay::dpi

using namespace assay::dpi;

ASSAY_DPI_EXPORT int assay_dpi_api_version(void) { return ASSAY_DPI_API_VERSION; }

ASSAY_DPI_EXPORT int assay_dpi_open(int api_version, void** handle) {
  if (handle == nullptr) return ASSAY_DPI_NULL_HANDLE;
  *handle = nullptr;
  if (api_version != ASSAY_DPI_API_VERSION) return ASSAY_DPI_WRONG_VERSION;
  auto* opened = new (std::nothrow) Session;
  *handle = opened;
  return opened == nullptr ? ASSAY_DPI_MODEL_ERROR : ASSAY_DPI_OK;
}

ASSAY_DPI_EXPORT int assay_dpi_close(void* handle) {
  if (handle == nullptr) return ASSAY_DPI_NULL_HANDLE;
  delete session(handle);
  return ASSAY_DPI_OK;
}

ASSAY_DPI_EXPORT const char* assay_dpi_last_error(void* handle) {
  return handle == nullptr ? assay_dpi_status_name(ASSAY_DPI_NULL_HANDLE) : session(handle)->error.c_str();
}

ASSAY_DPI_EXPORT const char* assay_dpi_status_name(int status) {
  switch (status) {
    case ASSAY_DPI_OK:
      return "ok";
    case ASSAY_DPI_MEMORIES:
      return "memories wanted";
    case ASSAY_DPI_END:
      return "the run has ended";
    case ASSAY_DPI_DIFFERS:
      return "the values differ";
    case ASSAY_DPI_NULL_HANDLE:
      return "the handle is null";
    case ASSAY_DPI_WRONG_VERSION:
      return "the caller was written for another version of this interface";
    case ASSAY_DPI_BAD_INPUT:
      return "bad input";
    case ASSAY_DPI_WRONG_HARDWARE:
      return "the hardware is not the config's";
    case ASSAY_DPI_UNKNOWN_BITS:
      return "X or Z where a value is needed";
    case ASSAY_DPI_ALREADY:
      return "done before with this handle";
    case ASSAY_DPI_ORDER:
      return "called before what it needs";
    case ASSAY_DPI_MODEL_ERROR:
      return "error inside the model";
    default:
      return "no status of this interface";
  }
}

ASSAY_DPI_EXPORT int assay_dpi_configure(void* handle, const char* parameters) {
  return guarded(handle, [&](Session& s) {
    require(parameters, "parameters");
    return configure(s, config_of_parameters(parameters));
  });
}

ASSAY_DPI_EXPORT int assay_dpi_configure_file(void* handle, const char* file) {
  return guarded(handle, [&](Session& s) {
    require(file, "file");
    return configure(s, assay::load_config(file));
  });
}
