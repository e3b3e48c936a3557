// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/common/json.hpp"

namespace assay::cli {

/// The record as JUnit XML, one suite with one case: a mismatch is a failure, anything else that is no pass an error. Fits docs/schemas/junit.xsd,
/// which is the common part of what Ant's and Jenkins' readers take. Only times and the date change between runs of the same bits.
std::string render_junit(const Json& record);

/// Text as XML holds it in content and attributes; characters that XML cannot hold become U+FFFD.
std::string xml_escaped(const std::string& text);

}  // namespace assay::cli
