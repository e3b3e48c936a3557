// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::coverage {

/// Which bins of a space were hit: what one vector gives.
class Hits {
 public:
  Hits() = default;
  explicit Hits(uint32_t bins) : bins_(bins), words_((bins + 63) / 64) {}

  uint32_t size() const { return bins_; }
  void set(uint32_t bin) { words_[bin / 64] |= uint64_t{1} << (bin % 64); }
  bool test(uint32_t bin) const { return (words_[bin / 64] >> (bin % 64) & 1) != 0; }
  uint32_t count() const;
  /// Bins that `other` lacks; both of the same space.
  uint32_t count_beyond(const Hits& other) const;
  /// Adds the other's; both of the same space.
  Hits& operator|=(const Hits& other);
  bool operator==(const Hits&) const = default;

  /// Calls `visit(bin)` for every hit bin, rising.
  template <class Visit>
  void each(Visit visit) const {
    for (size_t w = 0; w < words_.size(); ++w)
      for (uint64_t left = words_[w]; left != 0; left &= left - 1) visit(static_cast<uint32_t>(64 * w) + static_cast<uint32_t>(std::countr_zero(left)));
  }

  /// Base64 over the bits, bin 0 least significant in the first byte; bytes of 0 at the end are left out.
  std::string text() const;
  /// The inverse; nothing when the text is damaged or names bins beyond `bins`.
  static std::optional<Hits> parse(std::string_view text, uint32_t bins);

 private:
  uint32_t bins_ = 0;
  std::vector<uint64_t> words_;
};

}  // namespace assay::coverage
