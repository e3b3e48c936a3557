// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <vector>

#include "model/common/fields.hpp"

namespace assay {

// Images are little-endian (spec section 14), so a 64-bit word in memory also serves as a 1, 2 or 4 byte image.
static_assert(std::endian::native == std::endian::little);

/// Bytes that vector code may read past the end of an image.
constexpr size_t kOverRead = 128;

/// Storage on cache lines.
template <class T>
struct LineAllocator {
  using value_type = T;
  static constexpr std::align_val_t kLine{64};
  LineAllocator() = default;
  template <class U>
  LineAllocator(const LineAllocator<U>&) {}
  T* allocate(size_t n) { return static_cast<T*>(::operator new(n * sizeof(T) + kOverRead, kLine)); }
  void deallocate(T* p, size_t) { ::operator delete(p, kLine); }
  bool operator==(const LineAllocator&) const { return true; }
};

template <class T>
using LineVector = std::vector<T, LineAllocator<T>>;

template <class Vector>
void zero(Vector& v) {
  std::fill(v.begin(), v.end(), typename Vector::value_type{0});
}

constexpr size_t words64(int bits) { return static_cast<size_t>((bits + 63) / 64); }
constexpr int round_up(int n, int to) { return (n + to - 1) / to * to; }

/// `n` ones (n may be 64).
constexpr uint64_t low_mask(int n) { return n >= 64 ? ~uint64_t{0} : (uint64_t{1} << n) - 1; }

/// Copies the few bytes of a beat or a FIFO word; the two places do not overlap. Whole pieces, the last of which may overlap the one before:
/// a call of memcpy with a length known at run time only costs several times as much.
inline void copy_word(void* to, const void* from, size_t n) {
  auto* out = static_cast<uint8_t*>(to);
  const auto* in = static_cast<const uint8_t*>(from);
  if (n < 8) {
    for (size_t i = 0; i < n; ++i) out[i] = in[i];
  } else if (n < 16) {
    std::memcpy(out, in, 8), std::memcpy(out + n - 8, in + n - 8, 8);
  } else {
    for (size_t at = 0; at + 16 < n; at += 16) std::memcpy(out + at, in + at, 16);
    std::memcpy(out + n - 16, in + n - 16, 16);
  }
}

/// Replaces bits [lo, lo + width) of a byte image; touches only the bytes that hold them.
inline void put_bits(void* image, size_t lo, int width, uint64_t value) {
  auto* bytes = static_cast<uint8_t*>(image);
  for (int i = 0; i < width; ++i) {
    const size_t at = lo + static_cast<size_t>(i);
    const auto bit = static_cast<uint8_t>(1u << (at % 8));
    const bool one = ((value >> i) & 1) != 0;
    bytes[at / 8] = static_cast<uint8_t>(one ? bytes[at / 8] | bit : bytes[at / 8] & ~bit);
  }
}

/// Packs fields into an image, the first one least significant.
template <size_t Words>
struct Packer {
  uint64_t words[Words]{};
  size_t at = 0;
  /// value < 2^width, width <= 64
  void add(uint64_t value, int width) {
    words[at / 64] |= value << (at % 64);
    // what the shift has pushed out of the word, if anything
    if (at % 64 != 0 && at % 64 + static_cast<size_t>(width) > 64) words[at / 64 + 1] |= value >> (64 - at % 64);
    at += static_cast<size_t>(width);
  }
};

inline bool test_bit(const uint64_t* words, size_t at) { return ((words[at / 64] >> (at % 64)) & 1) != 0; }
inline void set_bit(uint64_t* words, size_t at) { words[at / 64] |= uint64_t{1} << (at % 64); }

/// words <- (words << k) | in, cut to `bits` bits; 1 <= k < 64, in < 2^k.
inline void shift_in(uint64_t* words, int bits, int k, uint64_t in) {
  const size_t n = words64(bits);
  for (size_t i = n - 1; i > 0; --i) words[i] = (words[i] << k) | (words[i - 1] >> (64 - k));
  words[0] = (words[0] << k) | in;
  words[n - 1] &= low_mask(bits - 64 * static_cast<int>(n - 1));
}

}  // namespace assay
