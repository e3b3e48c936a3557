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

/// Vectors from one to two chunks long: the first chunk and the last, which may overlap.
template <class Chunk>
ASSAY_INLINE void compare_pairs(Chunk& diff, const CompareSegment* begin, const CompareSegment* end, ptrdiff_t slide) {
  for (const CompareSegment* s = begin; s != end; ++s) {
    const size_t last = s->bytes - sizeof(Chunk);
    accumulate(diff, s->dut, s->ref + slide);
    accumulate(diff, s->dut + last, s->ref + slide + last);
  }
}

/// Vectors of 64 bytes and more: whole chunks, then the last one, which may overlap.
ASSAY_INLINE void compare_long(Vector64& diff, const CompareSegment* begin, const CompareSegment* end, ptrdiff_t slide) {
  Vector64 other{};
  for (const CompareSegment* s = begin; s != end; ++s) {
    const uint8_t* dut = s->dut;
    const uint8_t* ref = s->ref + slide;
    size_t left = s->bytes;
    for (; left > 128; left -= 64, dut += 64, ref += 64) accumulate(diff, dut, ref);
    accumulate(diff, dut, ref);  // 64 … 128 bytes are left
    accumulate(other, dut + left - 64, ref + left - 64);
  }
  diff |= other;
}

/// The size class of a segment: 1, 2, 4, 8, 16, 32 up to 63 bytes, then everything longer.
constexpr size_t class_of(size_t bytes) {
  size_t cls = 0;
  while (cls + 1 < kCompareClasses && (size_t{2} << cls) <= bytes) ++cls;
  return cls;
}

/// ends[i]: the end of size class i in `segments`.
ASSAY_CLONES bool segments_differ(const CompareSegment* segments, const size_t* ends, ptrdiff_t slide) {
  uint8_t d8{};
  uint16_t d16{};
  uint32_t d32{};
  uint64_t d64{};
  Vector16 v16{};
  Vector32 v32{};
  Vector64 v64{};
  compare_pairs(d8, segments, segments + ends[0], slide);
  compare_pairs(d16, segments + ends[0], segments + ends[1], slide);
  compare_pairs(d32, segments + ends[1], segments + ends[2], slide);
  compare_pairs(d64, segments + ends[2], segments + ends[3], slide);
  compare_pairs(v16, segments + ends[3], segments + ends[4], slide);
  compare_pairs(v32, segments + ends[4], segments + ends[5], slide);
  compare_long(v64, segments + ends[5], segments + ends[6], slide);
  uint64_t diff = d64 | d32 | d16 | d8 | v16[0] | v16[1] | v32[0] | v32[1] | v32[2] | v32[3];
  diff |= v64[0] | v64[1] | v64[2] | v64[3] | v64[4] | v64[5] | v64[6] | v64[7];
  return diff != 0;
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

size_t part_bytes(const Field& field) {
  const uint64_t elements = part_elements(field);
  return field.memory ? image_bytes(field.width) * elements : image_bytes(static_cast<int>(elements) * field.width);
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
  const auto it = std::find_if(groups_.begin(), groups_.end(), [&](const Group& group) { return group.slide == slide; });
  Group& group = it != groups_.end() ? *it : groups_.emplace_back(Group{slide, {}, {}});
  // Equal sizes lie together: the loops over them then run the same way every time.
  const auto shorter = [](const CompareSegment& a, const CompareSegment& b) { return a.bytes < b.bytes; };
  group.segments.insert(std::upper_bound(group.segments.begin(), group.segments.end(), segment, shorter), segment);
  for (size_t i = class_of(segment.bytes); i < kCompareClasses; ++i) ++group.ends[i];
}

/// Vectors that are neighbours on both sides become one.
void ComparePlan::merge_neighbours(std::vector<Placed>& placed) {
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) { return a.segment.dut < b.segment.dut; });
  for (size_t i = 0; i < placed.size();) {
    CompareSegment whole = placed[i].segment;
    const ptrdiff_t* slide = placed[i].slide;
    for (++i;
         i < placed.size() && placed[i].slide == slide && placed[i].segment.dut == whole.dut + whole.bytes && placed[i].segment.ref == whole.ref + whole.bytes;
         ++i) {
      whole.bytes += placed[i].segment.bytes;
    }
    add(slide, whole);
  }
}

bool ComparePlan::differs() const {
  bool any = false;
  for (const Group& group : groups_) any |= segments_differ(group.segments.data(), group.ends.data(), group.slide == nullptr ? 0 : *group.slide);
  for (const Conditional& c : conditionals_) {
    if (*c.condition != 0) any |= std::memcmp(c.dut, c.ref + (c.slide == nullptr ? 0 : *c.slide), c.bytes) != 0;
  }
  return any;
}

}  // namespace assay
