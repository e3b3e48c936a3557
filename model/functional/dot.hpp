// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "model/common/float_flags.hpp"
#include "model/common/format.hpp"
#include "model/common/isa.hpp"

namespace assay {

/// How a sum of products is formed. The default is the built-in tile's (spec sections 17.5, 17.7, 17.8) with the whole K in one tile.
/// The K products are cut into K tiles in ascending order; what a tile gives meets the stored entry; the entry meets the next tile.
struct DotPolicy {
  /// Sequential: `sum = fma(a, b, sum)`, one rounding per product, or `sum = fadd(rounded product, sum)`.
  /// Tree: groups of `group` products reduced pairwise ((p0+p1)+(p2+p3) …, an odd one moves up a level), every node rounded to FP32; then
  ///   `sum = fadd(group's sum, sum)`.
  /// Aligned: groups of `group` products and the sum so far, all cut at 2^(E − fraction_bits), added as integers, rounded. E is the largest of
  ///   ea + eb over the group and of the sum's exponent, exponents not normalised: a subnormal number has its format's smallest, a zero −126.
  /// Exact: a tile's products, and its start value, in a wide integer, rounded once at the end.
  enum class Sum : uint8_t { Sequential, Tree, Aligned, Exact };
  /// Within a K tile from its first to its last row, or from the last to the first. Tiles stay in ascending order.
  enum class Order : uint8_t { Ascending, Descending };
  /// Zero: a tile starts from +0 and `entry = fadd(entry, sum)` follows. Stored: a tile starts from the entry and replaces it.
  enum class Start : uint8_t { Zero, Stored };
  /// What is added: the exact product (fused), or the product rounded to nearest even as an FP32 or BF16 number.
  enum class Product : uint8_t { Exact, ToFp32, ToBf16 };
  /// How an aligned term loses what lies below the cut: of its magnitude, or to the next lower integer.
  enum class Cut : uint8_t { TowardZero, Floor };

  Sum sum = Sum::Sequential;
  Order order = Order::Ascending;
  Start start = Start::Zero;
  Product product = Product::Exact;  ///< Tree takes ToFp32 or ToBf16; Aligned and Exact take Exact
  int k_tile = 0;                    ///< products in a K tile; 0: all
  int group = 0;                     ///< Tree, Aligned: products in a group; 0: a whole tile. At most 65,536 aligned
  int fraction_bits = 24;            ///< Aligned: F, 1 … 40
  Cut cut = Cut::TowardZero;         ///< Aligned
  bool output_nearest = false;       ///< Aligned: to nearest even instead of toward zero; 2^128 and more becomes infinity in both
  int output_bits = 23;              ///< Aligned: mantissa bits of the result, 1 … 23
  bool flush_inputs = false;         ///< subnormal operands, and a subnormal stored entry at the start, count as zeros of their sign; no flag
  bool flush_products = false;       ///< products below 2^−126, after their rounding if they have one, become zeros of their sign: underflow, inexact
  bool flush_sums = false;           ///< subnormal FP32 (and BF16) results of sums become zeros of their sign: underflow, inexact
  bool bf16_entries = false;         ///< the entry is rounded once more, to BF16, after every tile
  bool operator==(const DotPolicy&) const = default;
};

/// Codes of one operand format, one or two bytes each. The high byte of a two-byte element is ignored by an 8-bit format.
class CodeSpan {
 public:
  CodeSpan(std::span<const uint8_t> codes, Format format) : data_(codes.data()), size_(codes.size()), bytes_(1), format_(format) {}
  CodeSpan(std::span<const uint16_t> codes, Format format) : data_(codes.data()), size_(codes.size()), bytes_(2), format_(format) {}

  size_t size() const { return size_; }
  Format format() const { return format_; }
  size_t element_bytes() const { return bytes_; }
  const void* data() const { return data_; }
  uint32_t operator[](size_t i) const { return bytes_ == 1 ? static_cast<const uint8_t*>(data_)[i] : static_cast<const uint16_t*>(data_)[i]; }
  CodeSpan subspan(size_t from, size_t count) const;

 private:
  const void* data_;
  size_t size_, bytes_;
  Format format_;
};

/// −0: the stored entry that changes no sum.
constexpr uint32_t kNoEntry = 0x80000000u;

/// Σ a[k]·b[k] met with a stored FP32 entry, and the flags of every step. NaN and infinity follow spec section 17.5.1 in every policy: any NaN,
/// inf·0 or both infinities among the addends of a step give the canonical NaN; an aligned or exact sum of zero is +0.
/// A tile without products (size 0) gives what it starts from.
/// `inexact` of an aligned sum: something was cut or rounded off; its `underflow` looks at the final rounding only.
/// The default policy, also with another k_tile, order, start or bf16_entries, uses the processor's fused multiply-add where `isa` has one: same bits.
/// Throws std::invalid_argument, naming the field, for a policy that contradicts itself, sizes that differ, or formats that are no operand's.
FloatResult dot(const CodeSpan& a, const CodeSpan& b, uint32_t stored = kNoEntry, const DotPolicy& policy = {}, Isa isa = best_isa());

}  // namespace assay
