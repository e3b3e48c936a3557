// SPDX-License-Identifier: Apache-2.0
// Writes the vectors of the block benches under tb/ from the golden model: one line a cycle, hex words, inputs first, then the outputs that the
// block must show in that cycle. `make_block_vectors DIR` writes, `make_block_vectors --check DIR` compares.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "model/accumulators/accumulators.hpp"
#include "model/activation/requantise.hpp"
#include "model/array/array.hpp"
#include "model/common/images.hpp"
#include "model/pe/mac.hpp"

using namespace assay;

namespace {

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
uint32_t corner32(Draw& draw) {
  static constexpr uint32_t kCorners[] = {0, 1, 0xFFFFFFFFu, 0x7FFFFFFFu, 0x80000000u, 0x80000001u, 0x40000000u};
  return draw.chance(40) ? kCorners[draw.below(7)] : static_cast<uint32_t>(draw.next());
}

/// psum act weight act_unsigned weight_unsigned | psum
std::string pe_vectors() {
  Draw draw(1);
  std::string text;
  for (int i = 0; i < 400; ++i) {
    static constexpr int kBytes[] = {0, 1, 127, 128, 255};
    const auto byte = [&] { return static_cast<int64_t>(draw.chance(40) ? kBytes[draw.below(5)] : draw.below(256)); };
    const auto psum = static_cast<int32_t>(corner32(draw));
    const int64_t act = byte(), weight = byte(), act_unsigned = draw.below(2), weight_unsigned = draw.below(2);
    const auto sext = [](int64_t b) { return b > 127 ? b - 256 : b; };
    const int64_t out =
        mac<int64_t>(psum, sext(act), high_bit<int64_t>(sext(act), act_unsigned) & 1, sext(weight), high_bit<int64_t>(sext(weight), weight_unsigned) & 1);
    text += Line()
                .number(static_cast<uint32_t>(psum), 32)
                .number(static_cast<uint64_t>(act), 8)
                .number(static_cast<uint64_t>(weight), 8)
                .number(static_cast<uint64_t>(act_unsigned), 1)
                .number(static_cast<uint64_t>(weight_unsigned), 1)
                .number(static_cast<uint32_t>(out), 32)
                .text();
  }
  return text;
}

/// x multiplier shift single | y saturated
std::string activation_vectors() {
  Draw draw(2);
  std::string text;
  for (int i = 0; i < 400; ++i) {
    const auto x = static_cast<int32_t>(corner32(draw));
    const int64_t multiplier = draw.chance(10) ? 0 : int64_t{1} << 30 | (draw.chance(20) ? 0 : static_cast<int64_t>(draw.next() & 0x3FFFFFFF));
    const int64_t shift = draw.below(62) - 31, single = draw.below(2);
    const Flagged<int64_t> y = requantise<int64_t>(x, multiplier, shift, single);
    text += Line()
                .number(static_cast<uint32_t>(x), 32)
                .number(static_cast<uint64_t>(multiplier), 32)
                .number(static_cast<uint64_t>(shift) & 63, 6)
                .number(static_cast<uint64_t>(single), 1)
                .number(static_cast<uint32_t>(y.value), 32)
                .number(static_cast<uint64_t>(y.flag) & 1, 1)
                .text();
  }
  return text;
}

HwConfig small_config() {
  HwConfig c;
  c.name = "blocks";
  c.rows = c.cols = 4;
  c.acc_banks = 2;
  c.acc_depth = 8;
  c.command_fifo_depth = c.weight_fifo_depth = c.activation_fifo_depth = c.queue_depth = c.response_fifo_depth = 4;
  c.output_fifo_depth = 8;
  return c;
}

/// The array with random beats and loads, the accumulators behind it with random reads: one line of each a cycle.
struct Datapath4x4 {
  HwConfig config = small_config();
  Array array{config, best_isa()};
  Accumulators sums{config, best_isa()};
  ImageBlock images;
  std::vector<Field> array_fields, pe_fields;
  std::string array_text, sums_text;

  Datapath4x4() {
    sums.add_images(images);
    images.place();
    array.add_array_fields(array_fields);
    array.add_pe_fields(pe_fields);
    array.reset();
    sums.clear_memory();
    sums.clear_written();
    sums.reset();
  }

  Line& tags(Line& line, bool with_last) const {
    line.image(array_fields, "tag_valid", 0, 2);
    if (with_last) line.image(array_fields, "tag_last", 0, 2);
    return line.image(array_fields, "tag_accumulate", 0, 2).image(array_fields, "tag_columns", 0, 4).image(array_fields, "tag_entry", 0, 5);
  }

  void run(int cycles) {
    Draw draw(3);
    std::vector<uint8_t> beat(4 + 64), row(4 + 64);
    for (int cycle = 0; cycle < cycles; ++cycle) {
      Issue issue;
      issue.valid = draw.chance(70) && cycle + 16 < cycles;
      issue.switch_weights = issue.valid && draw.chance(20);
      issue.last = issue.valid && draw.chance(25);
      issue.accumulate = issue.valid && draw.chance(50);
      issue.activation_unsigned = draw.chance(50);
      issue.k = 1 + draw.below(4);
      issue.columns = 4;  // a prefix of columns is written in the order of issue: entries are always written whole here
      issue.entry = static_cast<uint32_t>(draw.below(4));
      for (int i = 0; i < 4; ++i)
        beat[static_cast<size_t>(i)] = static_cast<uint8_t>(draw.next()), row[static_cast<size_t>(i)] = static_cast<uint8_t>(draw.next());
      issue.beat = beat.data();
      const ShadowWrite write{draw.chance(40), draw.chance(50), draw.below(4), row.data(), Format::Int8};
      const bool read = draw.chance(20);
      const auto read_entry = static_cast<uint32_t>(draw.below(4));

      Line a;
      a.number(write.valid, 1).number(static_cast<uint64_t>(write.row), 2).number(write.weight_unsigned, 1).bytes(row.data(), 4);
      a.number(issue.valid, 1)
          .number(issue.switch_weights, 1)
          .number(issue.activation_unsigned, 1)
          .number(static_cast<uint64_t>(issue.k), 8)
          .bytes(beat.data(), 4);
      a.number(issue.last, 1).number(issue.accumulate, 1).number(static_cast<uint64_t>(issue.columns), 3).number(issue.entry, 4);
      a.bytes(reinterpret_cast<const uint8_t*>(array.results()), 16);
      array_text += tags(a, true).text();

      Line s;
      s.bytes(reinterpret_cast<const uint8_t*>(array.results()), 16);
      tags(s, false);
      s.number(read, 1).number(read_entry, 4).bytes(reinterpret_cast<const uint8_t*>(sums.read_values()), 16).number(sums.flags(), 2);
      sums_text += s.text();

      if (read) sums.read(read_entry, 4);
      const TagView view = array.tags();
      sums.step(array.results(), view.entry + 5, view.columns + 5);
      if (issue.valid) issue.written_columns = sums.note_issue(issue.entry, issue.columns);
      array.step(issue.valid ? issue : Issue{}, write);  // the model takes an idle issue to be empty; the pins may hold anything
    }
  }
};

std::string read_file(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

int main(int argc, char** argv) {
  const bool check = argc == 3 && std::strcmp(argv[1], "--check") == 0;
  if (argc != (check ? 3 : 2)) {
    std::fprintf(stderr, "make_block_vectors [--check] DIR\n");
    return 2;
  }
  Datapath4x4 datapath;
  datapath.run(400);
  const std::map<std::string, std::string> files = {
      {"pe", pe_vectors()}, {"activation", activation_vectors()}, {"array", datapath.array_text}, {"accumulators", datapath.sums_text}};
  for (const auto& [name, text] : files) {
    const std::string file = std::string(argv[check ? 2 : 1]) + "/" + name + ".txt";
    if (!check) {
      std::ofstream(file, std::ios::binary) << text;
    } else if (read_file(file) != text) {
      std::fprintf(stderr, "%s differs from what the model gives\n", file.c_str());
      return 1;
    }
  }
  return 0;
}
