// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/reduce.hpp"

#include <algorithm>
#include <numeric>

namespace assay {

std::vector<size_t> reduce(size_t count, size_t least, const std::function<bool(const std::vector<size_t>&)>& test) {
  std::vector<size_t> kept(count);
  std::iota(kept.begin(), kept.end(), size_t{0});
  for (size_t chunk = least == 0 ? count : count / 2; chunk > 0; chunk /= 2) {
    for (size_t end = kept.size(); end > 0;) {
      const size_t begin = end > chunk ? end - chunk : 0;
      if (kept.size() - (end - begin) >= least) {
        std::vector<size_t> fewer(kept.begin(), kept.begin() + static_cast<ptrdiff_t>(begin));
        fewer.insert(fewer.end(), kept.begin() + static_cast<ptrdiff_t>(end), kept.end());
        if (test(fewer)) kept = std::move(fewer);
      }
      end = begin;
    }
  }
  return kept;
}

}  // namespace assay
