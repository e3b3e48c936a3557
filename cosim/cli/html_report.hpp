// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/common/json.hpp"

namespace assay::cli {

/// The record as one HTML page that opens from disk: styles, script and the record itself are inside, nothing is fetched. The page draws itself
/// from that record; where scripts do not run it shows the terminal's report. Same record, same bytes. Throws nlohmann's exceptions when a key
/// that every record has is missing.
std::string render_html(const Json& record);

/// The text as HTML shows it literally.
std::string html_escaped(const std::string& text);

}  // namespace assay::cli
