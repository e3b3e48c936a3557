// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cosim/coverage/results.hpp"

namespace assay::coverage {

/// Bins that need not be hit for now: by whom, why, until when.
struct Waiver {
  std::string bins;  ///< name of bins, `*` stands for any text
  std::string reason, owner;
  std::string expires;  ///< YYYY-MM-DD, the last day on which it counts
  std::string place;    ///< file:line
};

/// Reads `schema: assay/waivers/1`. Throws InputError as file:line: key.
std::vector<Waiver> load_waivers(const std::filesystem::path& file);

/// Whether a name matches a pattern in which `*` stands for any text.
bool matches(const std::string& pattern, const std::string& name);

/// A wanted bin that nothing hit.
struct Hole {
  std::string point, label, section, reach;
  const Waiver* waiver = nullptr;  ///< the first valid one that names it
  std::string name() const { return point + "/" + label; }
};

/// Results against waivers.
struct Judged {
  uint64_t bins = 0, hit = 0, waived = 0;     ///< wanted bins; of them hit; of the others waived
  std::vector<Hole> holes;                    ///< in the order of sections, points and labels
  std::vector<const Waiver*> stale, expired;  ///< every bin it names is hit, or there is none; its day is over
  std::vector<std::string> illegal;           ///< illegal bins that were hit
  /// Of the bins that are not waived.
  double percent() const { return bins == waived ? 100.0 : 100.0 * static_cast<double>(hit) / static_cast<double>(bins - waived); }
};

/// `today` as YYYY-MM-DD. The waivers must outlive what is returned.
Judged judge(const Results& results, const std::vector<Waiver>& waivers, const std::string& today);

/// Whether section a stands before b: 2 before 10, 17.5 before 17.5.1.
bool section_before(const std::string& a, const std::string& b);

}  // namespace assay::coverage
