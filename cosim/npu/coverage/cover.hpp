// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "cosim/common/random.hpp"
#include "cosim/coverage/space.hpp"
#include "model/tile/tile_impl.hpp"

namespace assay::npu {

/// One byte per bin of the space: 1 once it was hit. Storing a byte is the cheapest there is; it becomes bits at the end of a vector.
struct HitBytes {
  std::vector<uint8_t> bytes;
  void operator()(uint32_t bin) { bytes[bin] = 1; }
  /// What only tells these two bins apart need not be looked at any more.
  bool both(uint32_t one, uint32_t other) const { return (bytes[one] & bytes[other]) != 0; }
};

/// What the cover points look at in one cycle: the model's registers before the edge and the input pins that the edge will see.
struct CycleView {
  const Tile::Impl& tile;
  const TileInputs& in;
  uint64_t cycle;
  const Random& random;
  /// A random number of this cycle, from the vector's seed: which lanes are looked at.
  uint64_t draw() const { return random.at(cycle); }
};

/// Lanes of a field of the model, read where the model keeps them.
class LaneField {
 public:
  LaneField() = default;
  /// BLOCK.NAME; nothing when the tile has no such field.
  LaneField(const std::vector<Field>& fields, const std::string& block, const std::string& name);

  explicit operator bool() const { return field_ != nullptr; }
  /// Element `lane` of part `row`, of up to 64 bits, lying as spec section 14 says.
  uint64_t get(size_t row, size_t lane) const;
  uint32_t byte() const { return *at(0); }
  uint32_t half() const {
    uint16_t value;
    std::memcpy(&value, at(0), sizeof value);
    return value;
  }
  /// The whole image of up to 64 bits.
  uint64_t wide() const {
    uint64_t value = 0;
    std::memcpy(&value, at(0), image_bytes(field_->width));
    return value;
  }
  int32_t word(size_t lane, size_t row = 0) const {
    int32_t value;
    std::memcpy(&value, at(row) + 4 * lane, sizeof value);
    return value;
  }

 private:
  const uint8_t* at(size_t row) const {
    const FieldPart& part = field_->parts[row];
    return static_cast<const uint8_t*>(part.data) + (part.slide == nullptr ? 0 : *part.slide);
  }
  const Field* field_ = nullptr;
};

/// A mark for a bin that cannot happen on this build.
inline coverage::Mark never(std::string why) { return {coverage::BinKind::Ignored, std::move(why)}; }
/// A mark for a bin that must not happen on any.
inline coverage::Mark illegal(std::string why) { return {coverage::BinKind::Illegal, std::move(why)}; }

/// `n` drawn from the cycle's random number, its `part`-th 16 bits: below n ≤ 2^16.
constexpr uint32_t drawn(uint64_t draw, int part, uint32_t n) { return static_cast<uint32_t>(((draw >> (16 * part) & 0xffff) * n) >> 16); }

}  // namespace assay::npu
