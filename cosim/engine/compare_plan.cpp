// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/compare_plan.hpp"

#include <algorithm>
#include <cstring>

#include "model/common/assert.hpp"

// The hot kernel exists once per x86-64 level and is picked by the loader, so one binary serves every machine.
#if defined(__x86_64__) && defined(__linux__)
#define ASSAY_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ASSAY_CLONES
#endif
#define ASSAY_INLINE inline __attribute__((always_inline))

namespace assay {
namespace {

using Vector64 __attribute__((vector_size(64))) = uint64_t;
using Vector32 __attribute__((vector_size(32))) = uint64_t;
using Vector16 __attribute__((vector_size(16))) = uint64_t;

/// ORs the XOR of two places into `diff`; a macro-like helper, because vector types of another level cannot be passed between functions.
template <class Chunk>
ASSAY_INLINE void accumulate(Chunk& diff, const uint8_t* dut, const uint8_t* ref) {
  Chunk a, b;
  std::memcpy(&a, dut, sizeof(Chunk));
  std::memcpy(&b, ref, sizeof(Chunk));
  diff |= a ^ b;
}

/// Vectors between one and two chunks long: the first chunk and the last, which may overlap.
template <class Chunk>
ASSAY_INLINE bool pairs_differ(const CompareSegment* segments, size_t count, ptrdiff_t slide) {
  Chunk first{}, last{};
  for (size_t i = 0; i < count; ++i) {
    const CompareSegment& s = segments[i];
    const size_t end = s.bytes - sizeof(Chunk);
    accumulate(first, s.dut, s.ref + slide);
    accumulate(last, s.dut + end, s.ref + slide + end);
  }
  first |= last;
  static constexpr Chunk kZero{};
  return std::memcmp(&first, &kZero, sizeof(Chunk)) != 0;
}

/// Vectors of exactly one chunk.
template <class Chunk>
ASSAY_INLINE bool singles_differ(const CompareSegment* segments, size_t count, ptrdiff_t slide) {
  Chunk diff{};
  for (size_t i = 0; i < count; ++i) accumulate(diff, segments[i].dut, segments[i].ref + slide);
  static constexpr Chunk kZero{};
  return std::memcmp(&diff, &kZero, sizeof(Chunk)) != 0;
}

ASSAY_INLINE bool long_differ(const CompareSegment* segments, size_t count, ptrdiff_t slide) {
  Vector64 diff{};
  for (size_t i = 0; i < count; ++i) {
    const CompareSegment& s = segments[i];
    for (size_t at = 0; at + 64 <= s.bytes; at += 64) accumulate(diff, s.dut + at, s.ref + slide + at);
    accumulate(diff, s.dut + s.bytes - 64, s.ref + slide + s.bytes - 64);
  }
  static constexpr Vector64 kZero{};
  return std::memcmp(&diff, &kZero, sizeof diff) != 0;
}

/// The chunk of a size class: vectors of size n are compared as two chunks of this size, n between the chunk and its double.
constexpr size_t chunk_of(size_t bytes) {
  size_t chunk = 1;
  while (chunk * 2 <= bytes && chunk < 128) chunk *= 2;
  return chunk;
}

ASSAY_CLONES bool segments_differ(size_t chunk, bool exact, const CompareSegment* segments, size_t count, ptrdiff_t slide) {
  if (exact) {
    switch (chunk) {
      case 1: return singles_differ<uint8_t>(segments, count, slide);
      case 2: return singles_differ<uint16_t>(segments, count, slide);
      case 4: return singles_differ<uint32_t>(segments, count, slide);
      case 8: return singles_differ<uint64_t>(segments, count, slide);
      case 16: return singles_differ<Vector16>(segments, count, slide);
      case 32: return singles_differ<Vector32>(segments, count, slide);
      case 64: return singles_differ<Vector64>(segments, count, slide);
      default: break;
    }
  }
  switch (chunk) {
    case 1: return pairs_differ<uint8_t>(segments, count, slide);
    case 2: return pairs_differ<uint16_t>(segments, count, slide);
    case 4: return pairs_differ<uint32_t>(segments, count, slide);
    case 8: return pairs_differ<uint64_t>(segments, count, slide);
    case 16: return pairs_differ<Vector16>(segments, count, slide);
    case 32: return pairs_differ<Vector32>(segments, count, slide);
    case 64: return pairs_differ<Vector64>(segments, count, slide);
    default: return long_differ(segments, count, slide);
  }
}

}  // namespace

const char* class_name(FieldClass cls) {
  static constexpr const char* kNames[kFieldClasses] = {"register", "control", "flag", "counter", "pin", "fifo", "memory"};
  return kNames[static_cast<size_t>(cls)];
}

uint64_t part_elements(const Field& field) {
  if (field.split == Split::Element || field.shape.empty()) return 1;
  return static_cast<uint64_t>(field.shape.back());
}

ComparePlan::ComparePlan(const Target& target) {
  const auto& fields = target.fields();
  const auto& dut = target.dut_parts();
  ASSAY_ASSERT(dut.size() == fields.size());
  std::vector<Placed> placed;
  for (size_t f = 0; f < fields.size(); ++f) {
    const Field& field = fields[f];
    if (field.memory) continue;
    const uint64_t elements = part_elements(field);
    const size_t bytes = image_bytes(static_cast<int>(elements) * field.width);
    ASSAY_ASSERT(dut[f].size() == field.parts.size());
    const uint8_t* condition = nullptr;
    if (!field.valid.empty()) {
      for (const Field& other : fields) {
        if (other.block == field.block && other.name == field.valid) condition = static_cast<const uint8_t*>(other.parts[0].data);
      }
      ASSAY_ASSERT(condition != nullptr);
    }
    for (size_t p = 0; p < field.parts.size(); ++p) {
      const CompareSegment segment{static_cast<const uint8_t*>(dut[f][p]), static_cast<const uint8_t*>(field.parts[p].data), bytes};
      if (condition != nullptr) {
        conditionals_.push_back({condition, segment.dut, segment.ref, field.parts[p].slide, bytes, elements, f});
      } else {
        placed.push_back({field.parts[p].slide, segment});
        per_cycle_[static_cast<size_t>(field.cls)] += elements;
      }
    }
  }
  merge_neighbours(placed);
}

void ComparePlan::add(const ptrdiff_t* slide, CompareSegment segment) {
  const size_t chunk = chunk_of(segment.bytes);
  const bool exact = segment.bytes == chunk;
  for (Group& group : groups_) {
    if (group.chunk == chunk && group.slide == slide && group.exact == exact) return group.segments.push_back(segment);
  }
  groups_.push_back({chunk, exact, slide, {segment}});
}

/// Vectors that are neighbours on both sides become one.
void ComparePlan::merge_neighbours(std::vector<Placed>& placed) {
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) { return a.segment.dut < b.segment.dut; });
  for (size_t i = 0; i < placed.size();) {
    CompareSegment whole = placed[i].segment;
    const ptrdiff_t* slide = placed[i].slide;
    for (++i; i < placed.size() && placed[i].slide == slide && placed[i].segment.dut == whole.dut + whole.bytes && placed[i].segment.ref == whole.ref + whole.bytes; ++i) {
      whole.bytes += placed[i].segment.bytes;
    }
    add(slide, whole);
  }
}

bool ComparePlan::group_differs(const Group& group) {
  const ptrdiff_t slide = group.slide == nullptr ? 0 : *group.slide;
  return segments_differ(group.chunk, group.exact, group.segments.data(), group.segments.size(), slide);
}

bool ComparePlan::differs() const {
  bool any = false;
  for (const Group& group : groups_) any |= group_differs(group);
  for (const Conditional& c : conditionals_) {
    if (*c.condition != 0) any |= std::memcmp(c.dut, c.ref + (c.slide == nullptr ? 0 : *c.slide), c.bytes) != 0;
  }
  return any;
}

}  // namespace assay
