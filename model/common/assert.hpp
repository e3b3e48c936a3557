// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <source_location>
#include <stdexcept>
#include <string>

namespace assay {

/// A broken internal contract: a bug of Assay, never of its input.
struct AssertionError : std::logic_error {
  using std::logic_error::logic_error;
};

constexpr void assert_that(bool holds, const char* text, const std::source_location at = std::source_location::current()) {
  if (!holds) throw AssertionError(std::string(at.file_name()) + ":" + std::to_string(at.line()) + ": broken contract: " + text);
}

}  // namespace assay

#define ASSAY_ASSERT(condition) ::assay::assert_that(static_cast<bool>(condition), #condition)
