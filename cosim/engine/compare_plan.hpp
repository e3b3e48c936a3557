// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "cosim/engine/target.hpp"

namespace assay {

inline constexpr int kFieldClasses = 7;
const char* class_name(FieldClass cls);

/// One vector, as both sides hold it.
struct CompareSegment {
  const uint8_t* dut;
  const uint8_t* ref;
  size_t bytes;
};

/// 1, 2, 4, 8, 16 or 32 bytes of a vector, as both sides hold them.
struct ComparePiece {
  const uint8_t* dut;
  const uint8_t* ref;
};

/// Compares every always-observed field of a target in one pass over plain memory: the images are equal byte for byte, so no field is decoded
/// unless something differs. Pointers are bound once.
class ComparePlan {
 public:
  ComparePlan() = default;
  explicit ComparePlan(const Target& target);

  /// True when any field that is compared in every cycle, or a data pin whose valid is 1, differs.
  bool differs() const;

  /// Elements compared by one call of differs() per class, not counting conditional pins.
  const std::array<uint64_t, kFieldClasses>& per_cycle() const { return per_cycle_; }

  /// Conditional data pins: elements that are compared only while `condition` (a byte of the reference) is 1.
  struct Conditional {
    const uint8_t* condition;
    const uint8_t* dut;
    const uint8_t* ref;
    const ptrdiff_t* slide;
    size_t bytes;
    uint64_t elements;
    size_t field;
  };
  const std::vector<Conditional>& conditionals() const { return conditionals_; }

 private:
  static constexpr size_t kPieceClasses = 6, kBlockBytes = 64;
  struct Group {  ///< what slides together: vectors of 64 bytes and more, and the pieces of the shorter ones
    const ptrdiff_t* slide;
    std::array<size_t, kPieceClasses> ends;  ///< of each size in `pieces`
    std::vector<ComparePiece> pieces;
    std::vector<CompareSegment> blocks;
  };
  struct Placed {
    const ptrdiff_t* slide;
    CompareSegment segment;
  };
  void merge_neighbours(std::vector<Placed>& placed);
  void add(const ptrdiff_t* slide, CompareSegment segment);

  std::vector<Group> groups_;
  std::vector<Conditional> conditionals_;
  std::array<uint64_t, kFieldClasses> per_cycle_{};
};

/// Elements of a part of a field (lanes of its vector; words of a memory).
uint64_t part_elements(const Field& field);
/// Bytes of the image of a part, a memory's words one after another.
size_t part_bytes(const Field& field);

}  // namespace assay
