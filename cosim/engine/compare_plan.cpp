// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/compare_plan.hpp"

#include <algorithm>
#include <bit>
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
  diff = static_cast<Chunk>(diff | (a ^ b));
}

/// Pieces of one size. Two accumulators, so that the pieces do not wait for each other.
template <class Chunk>
ASSAY_INLINE void compare_pieces(Chunk& even, const ComparePiece* begin, const ComparePiece* end, ptrdiff_t slide) {
  Chunk odd{};
  const ComparePiece* p = begin;
  for (; end - p >= 2; p += 2) {
    accumulate(even, p[0].dut, p[0].ref + slide);
    accumulate(odd, p[1].dut, p[1].ref + slide);
  }
  if (p != end) accumulate(even, p->dut, p->ref + slide);
  even = static_cast<Chunk>(even | odd);
}

/// A chunk that crosses a cache line costs two loads: from this size on it pays to begin with a line.
constexpr size_t kAlignedBytes = 512;

/// Blocks of 64 bytes and more: whole chunks, then the last one, which may overlap.
ASSAY_INLINE void compare_blocks(Vector64& a, const CompareSegment* begin, const CompareSegment* end, ptrdiff_t slide) {
  Vector64 b{}, c{}, d{};
  for (const CompareSegment* s = begin; s != end; ++s) {
    const uint8_t* dut = s->dut;
    const uint8_t* ref = s->ref + slide;
    const uint8_t* const last = dut + s->bytes - 64;
    if (s->bytes >= kAlignedBytes) {  // begin with a whole line of the DUT's
      accumulate(d, dut, ref);
      const auto to_line = static_cast<ptrdiff_t>(-reinterpret_cast<uintptr_t>(dut) % 64);
      dut += to_line, ref += to_line;
    }
    for (; last - dut > 192; dut += 256, ref += 256) {
      accumulate(a, dut, ref), accumulate(b, dut + 64, ref + 64);
      accumulate(c, dut + 128, ref + 128), accumulate(d, dut + 192, ref + 192);
    }
    for (; dut < last; dut += 64, ref += 64) accumulate(a, dut, ref);
    accumulate(b, last, ref + (last - dut));
  }
  a |= b | (c | d);
}

/// A pin of any size: whole 8-byte pieces, the last of which may overlap the one before.
inline bool pin_differs(const uint8_t* dut, const uint8_t* ref, size_t bytes) {
  if (bytes < 8) return std::memcmp(dut, ref, bytes) != 0;
  uint64_t diff{};
  for (size_t at = 0; at + 8 < bytes; at += 8) accumulate(diff, dut + at, ref + at);
  accumulate(diff, dut + bytes - 8, ref + bytes - 8);
  return diff != 0;
}

/// ORs both halves of `wide` into `half`.
template <class Half, class Wide>
ASSAY_INLINE void fold(Half& half, const Wide& wide) {
  Half halves[2];
  std::memcpy(halves, &wide, sizeof wide);
  half |= halves[0] | halves[1];
}

/// ends[i]: the end of the pieces of 2^i bytes.
ASSAY_CLONES bool images_differ(const ComparePiece* pieces, const size_t* ends, const CompareSegment* blocks, size_t count, ptrdiff_t slide) {
  uint8_t d8{};
  uint16_t d16{};
  uint32_t d32{};
  uint64_t d64{};
  Vector16 v16{};
  Vector32 v32{};
  Vector64 v64{};
  compare_blocks(v64, blocks, blocks + count, slide);
  compare_pieces(v32, pieces + ends[4], pieces + ends[5], slide);
  compare_pieces(v16, pieces + ends[3], pieces + ends[4], slide);
  compare_pieces(d64, pieces + ends[2], pieces + ends[3], slide);
  compare_pieces(d32, pieces + ends[1], pieces + ends[2], slide);
  compare_pieces(d16, pieces + ends[0], pieces + ends[1], slide);
  compare_pieces(d8, pieces, pieces + ends[0], slide);
  fold(v32, v64), fold(v16, v32);
  return (v16[0] | v16[1] | d64 | d32 | d16 | d8) != 0;
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

/// A block, or the one or two pieces of the largest power of two that cover it; two of them may overlap.
void ComparePlan::add(const ptrdiff_t* slide, CompareSegment segment) {
  const auto it = std::find_if(groups_.begin(), groups_.end(), [&](const Group& group) { return group.slide == slide; });
  Group& group = it != groups_.end() ? *it : groups_.emplace_back(Group{slide, {}, {}, {}});
  if (segment.bytes >= kBlockBytes) return group.blocks.push_back(segment);
  const auto cls = static_cast<size_t>(std::bit_width(segment.bytes)) - 1;
  const size_t last = segment.bytes - (size_t{1} << cls);
  const auto insert = [&](size_t at) {
    group.pieces.insert(group.pieces.begin() + static_cast<ptrdiff_t>(group.ends[cls]), {segment.dut + at, segment.ref + at});
    for (size_t i = cls; i < kPieceClasses; ++i) ++group.ends[i];
  };
  insert(0);
  if (last != 0) insert(last);
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
  for (const Group& group : groups_) {
    any |= images_differ(group.pieces.data(), group.ends.data(), group.blocks.data(), group.blocks.size(), group.slide == nullptr ? 0 : *group.slide);
  }
  for (const Conditional& c : conditionals_) {
    if (*c.condition != 0) any |= pin_differs(c.dut, c.ref + (c.slide == nullptr ? 0 : *c.slide), c.bytes);
  }
  return any;
}

}  // namespace assay
