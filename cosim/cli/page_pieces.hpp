// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::cli {

// The pieces of the HTML report as they stand under cosim/cli/page/, taken into the program when it is built: a report needs no file beside it.
extern const char* const kPageFrame;   ///< with {{title}}, {{style}}, {{plain}}, {{record}}, {{script}} in it
extern const char* const kPageStyle;   ///< CSS
extern const char* const kPageScript;  ///< JavaScript, all files of it in their order

// docs/schemas/result.schema.json and mismatch.schema.json, so that a stored record is checked before it is used.
extern const char* const kResultSchema;
extern const char* const kMismatchSchema;

}  // namespace assay::cli
