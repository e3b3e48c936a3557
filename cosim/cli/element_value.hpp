// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/common/json.hpp"

namespace assay::cli {

/// What two differing elements mean in their field's number format, as it stands under `decoded` in a mismatch:
/// `{"rtl": {"value", "class"}, "model": {…}, "ulp", "ulp_reason"}`; null for formats that are no numbers (`bit`, `bits`) and for what is not hex.
///
/// Class: `normal`, `subnormal`, `zero`, `infinity`, `quiet NaN`, `signalling NaN`, or `integer`. Value, as text: an integer in decimal; a float in the
/// fewest digits that read back as it in FP32, or `inf`, `-inf`, `nan`. Ulp: how many steps from number to number of the format lie between the
/// two, through zero when the signs differ; −0 and +0 are one number. It is null, with the reason, when a side is infinite or NaN.
Json decoded_json(const std::string& rtl, const std::string& model, int width, const std::string& format);

}  // namespace assay::cli
