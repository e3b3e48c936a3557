// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "model/common/config.hpp"
#include "model/common/fields.hpp"

// What the makers of block vectors share: values to draw, lines to write, tiles small enough for a bench. Each maker gives a whole file: one line
// a cycle, inputs, then outputs, in the order that the head of the bench names.
namespace assay::blocks {

/// Counter-based: the same bytes on every machine.
class Draw {
 public:
  explicit Draw(uint64_t seed) : state_(seed) {}
  uint64_t next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  int below(int n) { return static_cast<int>(next() % static_cast<uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }

 private:
  uint64_t state_;
};

/// The hex words of one line.
class Line {
 public:
  Line& number(uint64_t value, int bits) {
    std::string hex;
    for (int low = (bits - 1) / 4 * 4; low >= 0; low -= 4) hex += "0123456789abcdef"[value >> low & 15];
    return word(hex);
  }
  Line& bytes(const uint8_t* data, size_t n) {
    std::string hex;
    for (size_t i = n; i-- > 0;) {
      hex += "0123456789abcdef"[data[i] >> 4];
      hex += "0123456789abcdef"[data[i] & 15];
    }
    return word(hex);
  }
  /// One vector of a field as the model shows it.
  Line& image(const std::vector<Field>& fields, const std::string& name, size_t part, size_t n) {
    for (const Field& field : fields) {
      if (field.name != name) continue;
      const FieldPart& p = field.parts[part];
      return bytes(static_cast<const uint8_t*>(p.data) + (p.slide == nullptr ? 0 : *p.slide), n);
    }
    std::fprintf(stderr, "no field %s\n", name.c_str());
    std::exit(1);
  }
  std::string text() const { return text_ + "\n"; }

 private:
  Line& word(const std::string& hex) {
    text_ += (text_.empty() ? "" : " ") + hex;
    return *this;
  }
  std::string text_;
};

/// Values at the edges of a range as often as any others.
inline uint32_t corner32(Draw& draw) {
  static constexpr uint32_t kCorners[] = {0, 1, 0xFFFFFFFFu, 0x7FFFFFFFu, 0x80000000u, 0x80000001u, 0x40000000u};
  return draw.chance(40) ? kCorners[draw.below(7)] : static_cast<uint32_t>(draw.next());
}

/// A tile of 4 x 4 with memories of a few entries.
inline HwConfig small_config() {
  HwConfig c;
  c.name = "blocks";
  c.rows = c.cols = 4;
  c.acc_banks = 2;
  c.acc_depth = 8;
  c.command_fifo_depth = c.weight_fifo_depth = c.activation_fifo_depth = c.queue_depth = c.response_fifo_depth = 4;
  c.output_fifo_depth = 8;
  return c;
}

/// The same with every floating-point format and PEs of two stages.
inline HwConfig small_float_config() {
  HwConfig c = small_config();
  c.formats = format_mask(Format::Bf16) | format_mask(Format::Fp16) | format_mask(Format::E5m2) | format_mask(Format::E4m3) | format_mask(Format::E4m3fn);
  c.pe_latency = 2;
  return c;
}

std::string pe_vectors();
std::string requantise_vectors();
std::string fp_pe_vectors();
std::string cast_vectors();

struct DatapathVectors {
  std::string array, accumulators;
};
DatapathVectors datapath_vectors();
DatapathVectors fp_datapath_vectors();

std::string activation_vectors();
std::string fp_activation_vectors();

}  // namespace assay::blocks
