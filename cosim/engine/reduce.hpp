// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace assay {

/// Which of `count` things a test cannot do without, as ascending places: chunks are left out from the end towards the start, in halves, quarters, … down to
/// single things, and stay out when `test` still holds for what is left. At least `least` are kept. `test` is taken to hold for all of them.
///
/// The answer depends on `test` alone. Leaving out one thing more may still hold where two had to go together: callers repeat until nothing changes.
std::vector<size_t> reduce(size_t count, size_t least, const std::function<bool(const std::vector<size_t>& kept)>& test);

}  // namespace assay
