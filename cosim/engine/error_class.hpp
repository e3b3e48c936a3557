// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "cosim/engine/lockstep.hpp"
#include "cosim/engine/trace.hpp"

namespace assay {

/// How an element came to differ, seen at the edge before its first difference.
enum class ErrorClass : uint8_t {
  Held,   ///< the RTL keeps its value where the model takes another
  Moved,  ///< the RTL takes another value where the model keeps its own
  Wrong,  ///< both take a value, not the same; or neither does
};
const char* error_class_name(ErrorClass error);

/// Nothing when the trace lacks the cycle of the difference or the one before it, or has no such element.
std::optional<ErrorClass> error_class(const Trace& trace, const Mismatch& first);

}  // namespace assay
