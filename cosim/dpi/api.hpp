// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <new>
#include <string>

#include "cosim/common/process.hpp"
#include "cosim/dpi/assay_dpi.h"
#include "cosim/dpi/session.hpp"
#include "cosim/npu/vector.hpp"

#define ASSAY_DPI_EXPORT extern "C" __attribute__((visibility("default")))

namespace assay::dpi {

inline Session* session(void* handle) { return static_cast<Session*>(handle); }

inline int failed(Session& s, int status, const std::string& text) {
  s.error = text;
  return status;
}

/// Runs `body(session)`; whatever it throws becomes a status and the handle's last error.
template <class Body>
int guarded(void* handle, Body body) noexcept {
  if (handle == nullptr) return ASSAY_DPI_NULL_HANDLE;
  Session& s = *session(handle);
  try {
    try {
      return body(s);
    } catch (const InputError& error) {
      return failed(s, ASSAY_DPI_BAD_INPUT, error.what());
    } catch (const npu::DataMissing& error) {
      return failed(s, ASSAY_DPI_BAD_INPUT, error.what());
    } catch (const BuildError& error) {
      return failed(s, ASSAY_DPI_WRONG_HARDWARE, error.what());
    } catch (const std::exception& error) {
      return failed(s, ASSAY_DPI_MODEL_ERROR, error.what());
    }
  } catch (...) {
    return ASSAY_DPI_MODEL_ERROR;
  }
}

/// Refuses a missing argument.
inline void require(const void* argument, const char* name) {
  if (argument == nullptr) throw InputError(std::string("argument:1: ") + name + ": is null, expected a value");
}

}  // namespace assay::dpi
