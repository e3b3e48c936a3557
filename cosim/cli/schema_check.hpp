// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "cosim/common/json.hpp"

namespace assay::cli {

/// Gives the text of a schema file, for instance "result.schema.json".
using SchemaFiles = std::function<std::string(const std::string& file)>;

/// What is wrong with a document according to a schema file, or the part of it that a JSON pointer names: a line per finding, `/pointer: what`;
/// empty when nothing is. Knows draft 2020-12 as far as docs/schemas use it and throws std::runtime_error at any other keyword, so that nothing
/// is silently not checked.
std::string schema_findings(const Json& document, const std::string& file, const std::string& pointer, const SchemaFiles& files);

/// The schemas of records as they stood when the command was built; throws std::runtime_error for another name.
std::string built_in_schema(const std::string& file);

}  // namespace assay::cli
