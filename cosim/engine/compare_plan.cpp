// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/compare_plan.hpp"

#include <algorithm>
#include <cstring>

#include "model/common/assert.hpp"

// The hot kernels exist once per x86-64 level and are picked by the loader, so one binary serves every machine.
#if defined(__x86_64__) && defined(__linux__)
#define ASSAY_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ASSAY_CLONES
#endif

namespace assay {
namespace {



template <class Word>
inline uint64_t diff_words(const CompareSegment* pairs, size_t count, ptrdiff_t slide) {
  Word diff = 0;
  for (size_t i = 0; i < count; ++i) {
    Word dut, ref;
    std::memcpy(&dut, pairs[i].dut, sizeof(Word));
    std::memcpy(&ref, pairs[i].ref + slide, sizeof(Word));
    diff |= static_cast<Word>(dut ^ ref);
  }
  return diff;
}

template <size_t kBytes>
inline uint64_t diff_blocks(const CompareSegment* pairs, size_t count, ptrdiff_t slide) {
  constexpr size_t kWords = kBytes / 8;
  uint64_t diff[kWords] = {};
  for (size_t i = 0; i < count; ++i) {
    uint64_t dut[kWords], ref[kWords];
    std::memcpy(dut, pairs[i].dut, kBytes);
    std::memcpy(ref, pairs[i].ref + slide, kBytes);
    for (size_t w = 0; w < kWords; ++w) diff[w] |= dut[w] ^ ref[w];
  }
  uint64_t any = 0;
  for (uint64_t d : diff) any |= d;
  return any;
}

/// Vectors of any multiple of 4 bytes: 64 bytes at a time, then the rest.
inline uint64_t diff_long(const uint8_t* dut, const uint8_t* ref, size_t bytes) {
  uint64_t diff[8] = {};
  size_t at = 0;
  for (; at + 64 <= bytes; at += 64) {
    uint64_t a[8], b[8];
    std::memcpy(a, dut + at, 64);
    std::memcpy(b, ref + at, 64);
    for (int w = 0; w < 8; ++w) diff[w] |= a[w] ^ b[w];
  }
  uint32_t rest = 0;
  for (; at < bytes; at += 4) {
    uint32_t a, b;
    std::memcpy(&a, dut + at, 4);
    std::memcpy(&b, ref + at, 4);
    rest |= a ^ b;
  }
  uint64_t any = rest;
  for (uint64_t d : diff) any |= d;
  return any;
}

ASSAY_CLONES uint64_t diff_group(const CompareSegment* pairs, size_t count, size_t bytes, ptrdiff_t slide) {
  switch (bytes) {
    case 1: return diff_words<uint8_t>(pairs, count, slide);
    case 2: return diff_words<uint16_t>(pairs, count, slide);
    case 4: return diff_words<uint32_t>(pairs, count, slide);
    case 8: return diff_words<uint64_t>(pairs, count, slide);
    case 16: return diff_blocks<16>(pairs, count, slide);
    case 32: return diff_blocks<32>(pairs, count, slide);
    case 64: return diff_blocks<64>(pairs, count, slide);
    case 128: return diff_blocks<128>(pairs, count, slide);
    default: break;
  }
  uint64_t diff = 0;
  for (size_t i = 0; i < count; ++i) diff |= diff_long(pairs[i].dut, pairs[i].ref + slide, bytes);
  return diff;
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
      const CompareSegment segment{static_cast<const uint8_t*>(dut[f][p]), static_cast<const uint8_t*>(field.parts[p].data)};
      if (condition != nullptr) {
        conditionals_.push_back({condition, segment.dut, segment.ref, field.parts[p].slide, bytes, elements, f});
      } else {
        add(bytes, field.parts[p].slide, segment);
        per_cycle_[static_cast<size_t>(field.cls)] += elements;
      }
    }
  }
  std::sort(groups_.begin(), groups_.end(), [](const Group& a, const Group& b) { return a.bytes > b.bytes; });
}

void ComparePlan::add(size_t bytes, const ptrdiff_t* slide, CompareSegment segment) {
  for (Group& group : groups_) {
    if (group.bytes == bytes && group.slide == slide) return group.segments.push_back(segment);
  }
  groups_.push_back({bytes, slide, {segment}});
}

bool ComparePlan::group_differs(const Group& group) {
  const ptrdiff_t slide = group.slide == nullptr ? 0 : *group.slide;
  return diff_group(group.segments.data(), group.segments.size(), group.bytes, slide) != 0;
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
