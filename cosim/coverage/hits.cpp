// SPDX-License-Identifier: Apache-2.0
#include "cosim/coverage/hits.hpp"

#include <array>

#include "model/common/assert.hpp"

namespace assay::coverage {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> kValues = [] {
  std::array<int8_t, 256> values{};
  values.fill(-1);
  for (size_t i = 0; i < kDigits.size(); ++i) values[static_cast<unsigned char>(kDigits[i])] = static_cast<int8_t>(i);
  return values;
}();

}  // namespace

uint32_t Hits::count() const {
  uint32_t sum = 0;
  for (const uint64_t word : words_) sum += static_cast<uint32_t>(std::popcount(word));
  return sum;
}

uint32_t Hits::count_beyond(const Hits& other) const {
  ASSAY_ASSERT(other.bins_ == bins_);
  uint32_t sum = 0;
  for (size_t w = 0; w < words_.size(); ++w) sum += static_cast<uint32_t>(std::popcount(words_[w] & ~other.words_[w]));
  return sum;
}

Hits& Hits::operator|=(const Hits& other) {
  ASSAY_ASSERT(other.bins_ == bins_);
  for (size_t w = 0; w < words_.size(); ++w) words_[w] |= other.words_[w];
  return *this;
}

std::string Hits::text() const {
  size_t bytes = words_.size() * 8;
  const auto byte = [this](size_t i) { return i / 8 < words_.size() ? static_cast<uint32_t>(words_[i / 8] >> (8 * (i % 8)) & 255) : 0u; };
  while (bytes > 0 && byte(bytes - 1) == 0) --bytes;
  std::string out;
  for (size_t at = 0; at < bytes; at += 3) {  // no padding: three bytes are four digits, those beyond the end are 0
    const uint32_t bits = byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16;
    for (int digit = 0; digit < 4; ++digit) out += kDigits[bits >> (6 * digit) & 63];
  }
  return out;
}

std::optional<Hits> Hits::parse(std::string_view text, uint32_t bins) {
  Hits hits(bins);
  if (text.size() % 4 != 0) return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i) {
    const int8_t value = kValues[static_cast<unsigned char>(text[i])];
    if (value < 0) return std::nullopt;
    const size_t at = 6 * i;
    const auto bits = static_cast<uint64_t>(value);
    // bits of this digit that lie beyond the last bin
    if (at + 6 > bins && (at >= bins ? bits : bits >> (bins - at)) != 0) return std::nullopt;
    if (at / 64 >= hits.words_.size()) continue;
    hits.words_[at / 64] |= bits << (at % 64);
    if (at % 64 > 58 && at / 64 + 1 < hits.words_.size()) hits.words_[at / 64 + 1] |= bits >> (64 - at % 64);
  }
  return hits;
}

}  // namespace assay::coverage
