// SPDX-License-Identifier: Apache-2.0
// Arrays with random beats and loads, the accumulators behind them with random reads: one line of each a cycle.
#include <array>
#include <type_traits>
#include <utility>

#include "model/accumulators/accumulators.hpp"
#include "model/accumulators/fp_accumulators.hpp"
#include "model/array/array.hpp"
#include "model/array/fp_array.hpp"
#include "model/common/images.hpp"
#include "vectors/blocks/block_vectors.hpp"

namespace assay::blocks {
namespace {

template <class ArrayModel, class SumsModel>
class Datapath {
 public:
  explicit Datapath(const HwConfig& config) : config_(config), array_(config, best_isa()), sums_(config, best_isa()) {
    sums_.add_images(images_);
    images_.place();
    array_.add_array_fields(fields_);
    array_.add_pe_fields(fields_);
    array_.reset();
    sums_.clear_memory();
    sums_.clear_written();
    sums_.reset();
  }

  DatapathVectors run(int cycles, uint64_t seed) {
    Draw draw(seed);
    for (int cycle = 0; cycle < cycles; ++cycle) {
      const Issue issue = draw_issue(draw, cycle / 40 % 2 == 0);  // bursts, so that entries come to rest and may be read
      const ShadowWrite write{draw.chance(40), draw.chance(50), draw.below(4), row_.data(), floating_ ? draw_format(draw) : Format::Int8};
      const auto read_entry = static_cast<uint32_t>(draw.below(4));
      const bool read = draw.chance(40) && at_rest(read_entry, cycle), clear_flags = floating_ && draw.chance(2);
      if (issue.valid) issued_[issue.entry] = cycle;
      note_array(issue, write, clear_flags);
      note_sums(read, read_entry, clear_flags);
      step(issue, write, read, read_entry);
      if (clear_flags) array_.clear_flags(), sums_.clear_flags();
    }
    return std::move(text_);
  }

 private:
  static Format draw_format(Draw& draw) { return static_cast<Format>(static_cast<int>(Format::Bf16) + draw.below(5)); }

  Issue draw_issue(Draw& draw, bool more) {
    Issue issue;
    issue.valid = draw.chance(70) && more;
    issue.switch_weights = issue.valid && draw.chance(20);
    issue.last = issue.valid && draw.chance(25);
    issue.accumulate = issue.valid && draw.chance(50);
    issue.activation_unsigned = draw.chance(50);
    issue.k = 1 + draw.below(4);
    issue.columns = 4;  // a prefix of columns is written in the order of issue: entries are always written whole here
    issue.entry = static_cast<uint32_t>(draw.below(4));
    if (floating_) {
      issue.format = draw_format(draw);
      issue.bf16_entries = issue.valid && draw.chance(40);
    }
    for (size_t i = 0; i < bytes_; ++i) beat_[i] = draw_byte(draw), row_[i] = draw_byte(draw);
    issue.beat = beat_.data();
    return issue;
  }

  /// Nearly all bytes of floating-point operands make numbers near 1 in every format: random codes alone end in infinities and NaNs.
  uint8_t draw_byte(Draw& draw) const {
    const auto any = static_cast<uint8_t>(draw.next());
    return floating_ && draw.chance(95) ? static_cast<uint8_t>((any & 0x87) | 0x38) : any;
  }

  /// No beat for the entry is under way: only then does the activation unit read it (spec section 7).
  bool at_rest(uint32_t entry, int cycle) const { return cycle - issued_[entry] > static_cast<int>(stages_) + 1; }

  static const uint8_t* bytes_of(const int32_t* values) { return reinterpret_cast<const uint8_t*>(values); }

  Line& tags(Line& line, bool with_last) const {
    const auto image = [&](const char* name, size_t bits) { line.image(fields_, name, 0, (bits + 7) / 8); };
    image("tag_valid", stages_);
    if (with_last) image("tag_last", stages_);
    image("tag_accumulate", stages_);
    if (floating_) image("tag_bf16", stages_);
    image("tag_columns", 3 * stages_);
    image("tag_entry", 4 * stages_);
    return line;
  }

  void note_array(const Issue& issue, const ShadowWrite& write, bool clear_flags) {
    const int format_bits = floating_ ? 4 : 1;
    const auto weight_format = floating_ ? static_cast<uint64_t>(write.format) : static_cast<uint64_t>(write.weight_unsigned);
    const auto act_format = floating_ ? static_cast<uint64_t>(issue.format) : static_cast<uint64_t>(issue.activation_unsigned);
    Line a;
    if (floating_) a.number(clear_flags ? 1 : 0, 1);
    a.number(write.valid, 1).number(static_cast<uint64_t>(write.row), 2).number(weight_format, format_bits).bytes(row_.data(), bytes_);
    a.number(issue.valid, 1).number(issue.switch_weights, 1).number(act_format, format_bits).number(static_cast<uint64_t>(issue.k), 8);
    a.bytes(beat_.data(), bytes_).number(issue.last, 1).number(issue.accumulate, 1);
    if (floating_) a.number(issue.bf16_entries ? 1 : 0, 1);
    a.number(static_cast<uint64_t>(issue.columns), 3).number(issue.entry, 4).bytes(bytes_of(array_.results()), 16);
    if (floating_) valid_columns(a);
    tags(a, true);
    if constexpr (kFloating) a.number(array_.flags(), 4);
    text_.array += a.text();
  }

  void note_sums(bool read, uint32_t read_entry, bool clear_flags) {
    Line s;
    if (floating_) s.number(clear_flags ? 1 : 0, 1);
    s.bytes(bytes_of(array_.results()), 16);
    if (floating_) valid_columns(s);
    tags(s, false).number(read, 1).number(read_entry, 4).bytes(bytes_of(sums_.read_values()), 16).number(sums_.flags(), SumsModel::kFlagBits);
    text_.accumulators += s.text();
  }

  /// Which columns of the results belong to a beat: the last row's valid bits behind the last stage of its PEs.
  void valid_columns(Line& line) const { line.image(fields_, "psum_valid_delay_" + std::to_string(config_.pe_latency - 1), 3, 1); }

  void step(Issue issue, const ShadowWrite& write, bool read, uint32_t read_entry) {
    if (read) sums_.read(read_entry, 4);
    const TagView view = array_.tags();
    const int first = config_.rows * config_.pe_latency + 1;
    sums_.step(array_.results(), view.entry + first, view.columns + first);
    if (issue.valid) issue.written_columns = sums_.note_issue(issue.entry, issue.columns);
    array_.step(issue.valid ? issue : Issue{}, write);  // the model takes an idle issue to be empty; the pins may hold anything
  }

  static constexpr bool kFloating = std::is_same_v<ArrayModel, FpArray>;
  HwConfig config_;
  const bool floating_ = kFloating;
  const size_t bytes_ = kFloating ? 8 : 4;  ///< of a beat, of a row of weights
  const size_t stages_ = static_cast<size_t>(config_.rows * config_.pe_latency + config_.cols + 2);
  ArrayModel array_;
  SumsModel sums_;
  ImageBlock images_;
  std::vector<Field> fields_;
  std::array<int, 4> issued_ = {-1000, -1000, -1000, -1000};  ///< cycle of the last beat for an entry
  std::vector<uint8_t> beat_ = std::vector<uint8_t>(8 + 64), row_ = std::vector<uint8_t>(8 + 64);
  DatapathVectors text_;
};

}  // namespace

DatapathVectors datapath_vectors() { return Datapath<Array, Accumulators>(small_config()).run(400, 3); }

DatapathVectors fp_datapath_vectors() { return Datapath<FpArray, FpAccumulators>(small_float_config()).run(600, 6); }

}  // namespace assay::blocks
