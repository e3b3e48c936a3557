// SPDX-License-Identifier: Apache-2.0
//
// A second cycle model of the accumulators (docs/spec.md section 11) and of the activation unit's stages (section 12),
// written from the specification alone. It shares no line and no type with the golden model: where the two disagree, one
// of them misread the specification, or the specification is unclear. Every formula is transcribed as it stands there,
// in integers wide enough that nothing can overflow silently; speed does not matter here.
//
// One call of step() is one rising clock edge. Its inputs are values of the cycle before the edge; the public members
// show what the registers hold after it. Registers are kept as the bit patterns of the specification's field table.
#ifndef ASSAY_TESTS_SECOND_MODEL_SECOND_MODEL_HPP
#define ASSAY_TESTS_SECOND_MODEL_SECOND_MODEL_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <vector>

namespace assay::second {

// 128-bit signed integer: holds every intermediate value of section 5 exactly.
__extension__ typedef __int128 Wide;

// ---------------------------------------------------------------------------------------------------------------------
// Exact arithmetic

inline constexpr Wide kInt32Min = -(Wide{1} << 31);
inline constexpr Wide kInt32Max = (Wide{1} << 31) - 1;

// 2^exponent.
inline Wide power_of_two(int exponent) {
  if (exponent < 0 || exponent > 100) throw std::invalid_argument("power_of_two: the exponent is not in 0 ... 100");
  return Wide{1} << exponent;
}

// Mathematical floor of numerator / denominator, denominator > 0.
inline Wide floor_divide(Wide numerator, Wide denominator) {
  Wide quotient = numerator / denominator;  // C++ truncates toward zero
  if (numerator % denominator < 0) quotient -= 1;
  return quotient;
}

// numerator / denominator rounded to nearest, ties away from zero, denominator > 0.
inline Wide divide_ties_away(Wide numerator, Wide denominator) {
  const Wide magnitude = numerator < 0 ? -numerator : numerator;
  const Wide rounded = floor_divide(2 * magnitude + denominator, 2 * denominator);
  return numerator < 0 ? -rounded : rounded;
}

inline bool is_int32(Wide value) { return value >= kInt32Min && value <= kInt32Max; }

inline Wide saturate32(Wide value) { return value < kInt32Min ? kInt32Min : value > kInt32Max ? kInt32Max : value; }

// The value of a 32-bit or 64-bit two's complement pattern.
inline Wide value_of_32(std::uint32_t pattern) { return (pattern >> 31) != 0 ? Wide{pattern} - (Wide{1} << 32) : Wide{pattern}; }
inline Wide value_of_64(std::uint64_t pattern) { return (pattern >> 63) != 0 ? Wide{pattern} - (Wide{1} << 64) : Wide{pattern}; }

// The two's complement pattern of a value, modulo 2^32 or 2^64.
inline std::uint32_t pattern_32(Wide value) {
  const Wide modulus = Wide{1} << 32;
  return static_cast<std::uint32_t>(value - floor_divide(value, modulus) * modulus);
}
inline std::uint64_t pattern_64(Wide value) {
  const Wide modulus = Wide{1} << 64;
  return static_cast<std::uint64_t>(value - floor_divide(value, modulus) * modulus);
}

// ---------------------------------------------------------------------------------------------------------------------
// Section 5.4, requantisation, one function per pipeline register

// x' of mode double: sat32(x * 2^max(s, 0)); `saturated` tells whether it had to saturate.
struct Saturated {
  Wide value = 0;
  bool saturated = false;
};
inline Saturated double_shifted(Wide x, int shift) {
  const Wide exact = x * power_of_two(shift > 0 ? shift : 0);
  return {saturate32(exact), !is_int32(exact)};
}

// y of mode double from the product x' * m.
inline Wide double_scaled(Wide product, int shift) {
  const Wide h = floor_divide(product + power_of_two(30), power_of_two(31));
  const int e = -shift > 0 ? -shift : 0;
  return divide_ties_away(h, power_of_two(e));
}

// y of mode single from the product x * m.
inline Saturated single_scaled(Wide product, int shift) {
  const Wide exact = floor_divide(product + power_of_two(30 - shift), power_of_two(31 - shift));
  return {saturate32(exact), !is_int32(exact)};
}

// ---------------------------------------------------------------------------------------------------------------------
// Section 2

struct Params {
  unsigned rows = 1;
  unsigned cols = 1;
  unsigned acc_banks = 2;
  unsigned acc_depth = 4;
  unsigned output_fifo_depth = 8;  // only credit_q needs it, which lies outside the pipeline modelled here

  std::size_t entries() const { return std::size_t{acc_banks} * acc_depth; }

  // Tag stages that stage 1 and stage 2 of a column look at (section 11).
  unsigned tag_stage_1(unsigned column) const { return rows + 1 + column; }
  unsigned tag_stage_2(unsigned column) const { return rows + 2 + column; }
};

// ---------------------------------------------------------------------------------------------------------------------
// Section 11

// One stage of the tag pipeline, as far as the accumulators look at it.
struct Tag {
  bool valid = false;
  bool accumulate = false;
  unsigned columns = 0;
  unsigned entry = 0;
};

class Accumulators {
 public:
  // The activation unit's beat fire: entry = bank * D + addr, columns = n.
  struct ReadRequest {
    bool fire = false;
    unsigned entry = 0;
    unsigned columns = 0;
  };

  struct Inputs {
    bool rst_n = true;
    std::vector<std::uint32_t> psum;  // [C], psum_q[R-1][c]
    std::vector<Tag> stage1;          // [C], tag stage R+1+c
    std::vector<Tag> stage2;          // [C], tag stage R+2+c
    ReadRequest read;
    bool clear_written = false;
    bool clear_flags = false;

    explicit Inputs(const Params& params) : psum(params.cols), stage1(params.cols), stage2(params.cols) {}
  };

  std::vector<std::uint32_t> acc_new;           // [C]
  std::vector<std::uint32_t> acc_old;           // [C]
  std::vector<std::vector<std::uint32_t>> mem;  // [C][E], memory: reset leaves it alone
  std::vector<std::vector<bool>> written;       // [C][E]
  std::vector<std::uint32_t> read;              // [C]
  bool overflow = false;
  bool undefined = false;

  explicit Accumulators(const Params& params)
      : acc_new(params.cols),
        acc_old(params.cols),
        mem(params.cols, std::vector<std::uint32_t>(params.entries())),
        written(params.cols, std::vector<bool>(params.entries())),
        read(params.cols),
        cols_(params.cols) {}

  void step(const Inputs& in) {
    if (!in.rst_n) {
      reset();
      return;
    }
    bool overflow_now = false;
    bool undefined_now = false;
    for (unsigned c = 0; c < cols_; ++c) {
      const Tag& tag1 = in.stage1.at(c);
      const Tag& tag2 = in.stage2.at(c);

      // Everything this cycle reads, before anything of this column changes. Columns share no state.
      const bool valid1 = tag1.valid && c < tag1.columns;
      const bool valid2 = tag2.valid && c < tag2.columns;
      const bool acc1 = tag1.accumulate;
      const unsigned e1 = tag1.entry;
      const unsigned e2 = tag2.entry;
      const Wide sum2_exact = value_of_32(acc_old[c]) + value_of_32(acc_new[c]);
      const std::uint32_t sum2 = pattern_32(sum2_exact);
      const bool hit = valid2 && e1 == e2;
      const bool defined = written[c].at(e1) || hit;

      std::uint32_t next_old = 0;
      if (valid1 && acc1 && defined) next_old = hit ? sum2 : mem[c].at(e1);

      std::uint32_t next_read = read[c];
      if (in.read.fire) {
        const bool readable = c < in.read.columns && written[c].at(in.read.entry);
        next_read = readable ? mem[c].at(in.read.entry) : 0;
        if (c < in.read.columns && !written[c].at(in.read.entry)) undefined_now = true;
      }
      if (valid1 && acc1 && !defined) undefined_now = true;
      if (valid2 && !is_int32(sum2_exact)) overflow_now = true;

      // The edge.
      acc_new[c] = in.psum.at(c);
      acc_old[c] = next_old;
      read[c] = next_read;
      if (valid2) {
        mem[c].at(e2) = sum2;
        written[c].at(e2) = true;
      }
    }
    if (overflow_now) overflow = true;
    if (undefined_now) undefined = true;
    // CLEAR wins over any set of the same edge (section 7).
    if (in.clear_written) clear_written();
    if (in.clear_flags) overflow = undefined = false;
  }

 private:
  void clear_written() {
    for (std::vector<bool>& column : written) column.assign(column.size(), false);
  }

  void reset() {
    acc_new.assign(cols_, 0);
    acc_old.assign(cols_, 0);
    read.assign(cols_, 0);
    clear_written();
    overflow = undefined = false;
  }

  unsigned cols_;
};

// ---------------------------------------------------------------------------------------------------------------------
// Section 12

// The control word of a beat. zero_point, clamp_lo and clamp_hi are values; columns is n.
struct ControlWord {
  bool raw = false;
  bool single = false;
  bool table = false;
  bool output_unsigned = false;
  int zero_point = 0;
  int clamp_lo = 0;
  int clamp_hi = 0;
  unsigned columns = 0;

  friend bool operator==(const ControlWord&, const ControlWord&) = default;
};

// Bits of a control word: 31 + ColumnsWidth, raw first (least significant).
inline std::uint64_t pack(const ControlWord& word) {
  const auto nine_bits = [](int value) { return std::uint64_t{pattern_32(value)} & 0x1FFU; };
  return (word.raw ? std::uint64_t{1} : 0U) | (word.single ? std::uint64_t{1} << 1 : 0U) | (word.table ? std::uint64_t{1} << 2 : 0U) |
         (word.output_unsigned ? std::uint64_t{1} << 3 : 0U) | nine_bits(word.zero_point) << 4 | nine_bits(word.clamp_lo) << 13 |
         nine_bits(word.clamp_hi) << 22 | std::uint64_t{word.columns} << 31;
}

class ActivationPipeline {
 public:
  static constexpr unsigned kStages = 5;
  static constexpr unsigned kTableLines = 32;

  struct LoadParam {
    bool fire = false;
    bool broadcast = false;
    unsigned column = 0;
    std::uint32_t bias = 0;
    std::uint32_t multiplier = 0;
    int shift = 0;  // value, -31 ... 30
  };

  struct LoadTable {
    bool fire = false;
    unsigned line = 0;
    std::uint64_t bytes = 0;  // entry 8 * line + i in bits [8i +: 8]
  };

  struct Inputs {
    bool rst_n = true;
    bool beat_fire = false;
    ControlWord control;              // of the beat that fires
    std::vector<std::uint32_t> read;  // [C], the accumulators' read_q of this cycle
    LoadParam load_param;
    LoadTable load_table;
    bool clear_flags = false;
    bool clear_table = false;

    explicit Inputs(const Params& params) : read(params.cols) {}
  };

  std::array<bool, kStages> stage_valid{};
  std::array<ControlWord, kStages> ctl{};          // ctl_0_q ... ctl_4_q
  std::vector<std::uint32_t> biased;               // [C]
  std::vector<std::uint64_t> product;              // [C]
  std::vector<std::uint32_t> scaled;               // [C]
  std::vector<std::uint32_t> clamped;              // [C]
  std::vector<std::uint32_t> bias;                 // [C]
  std::vector<std::uint32_t> multiplier;           // [C]
  std::vector<int> shift;                          // [C], value
  std::array<std::uint64_t, kTableLines> table{};  // memory: reset leaves it alone
  std::array<bool, kTableLines> table_written{};
  bool overflow = false;
  bool undefined = false;
  bool saturated = false;
  // The lanes that stage 5 pushed into the output FIFO at the edge of the last step(), if it worked in that cycle.
  std::optional<std::vector<std::uint32_t>> push;

  explicit ActivationPipeline(const Params& params)
      : biased(params.cols),
        product(params.cols),
        scaled(params.cols),
        clamped(params.cols),
        bias(params.cols),
        multiplier(params.cols),
        shift(params.cols),
        cols_(params.cols) {}

  // shift_q of one column as its 6-bit pattern.
  std::uint8_t shift_bits(unsigned column) const { return static_cast<std::uint8_t>(pattern_32(shift.at(column)) & 0x3FU); }

  void step(const Inputs& in) {
    push.reset();
    if (!in.rst_n) {
      reset();
      return;
    }
    // Stages from the last to the first: each one reads only registers that the stages after it do not write, so all of
    // them see the values of this cycle. Parameters, table and flags are written after all of them.
    Flags raised;
    if (stage_valid[4]) stage5_table(raised);
    if (stage_valid[3]) stage4_clamp(raised);
    if (stage_valid[2]) stage3_scale(raised);
    if (stage_valid[1]) stage2_multiply(raised);
    if (stage_valid[0]) stage1_bias(in.read, raised);
    if (in.beat_fire) ctl[0] = in.control;
    for (unsigned i = kStages - 1; i > 0; --i) stage_valid[i] = stage_valid[i - 1];
    stage_valid[0] = in.beat_fire;

    if (in.load_param.fire) {
      for (unsigned c = 0; c < cols_; ++c) {
        if (!in.load_param.broadcast && c != in.load_param.column) continue;
        bias[c] = in.load_param.bias;
        multiplier[c] = in.load_param.multiplier;
        shift[c] = in.load_param.shift;
      }
    }
    if (in.load_table.fire) {
      table.at(in.load_table.line) = in.load_table.bytes;
      table_written.at(in.load_table.line) = true;
    }
    if (raised.overflow) overflow = true;
    if (raised.undefined) undefined = true;
    if (raised.saturated) saturated = true;
    // CLEAR wins over any set of the same edge (section 7).
    if (in.clear_table) table_written.fill(false);
    if (in.clear_flags) overflow = undefined = saturated = false;
  }

 private:
  struct Flags {
    bool overflow = false;
    bool undefined = false;
    bool saturated = false;
  };

  // Section 5.3.
  void stage1_bias(const std::vector<std::uint32_t>& read, Flags& raised) {
    const ControlWord& word = ctl[0];
    for (unsigned c = 0; c < cols_; ++c) {
      if (word.raw) {
        biased[c] = read.at(c);
        continue;
      }
      const Wide exact = value_of_32(read.at(c)) + value_of_32(bias[c]);
      biased[c] = pattern_32(exact);
      if (c < word.columns && !is_int32(exact)) raised.overflow = true;
    }
    ctl[1] = ctl[0];
  }

  // Section 5.4, up to the product.
  void stage2_multiply(Flags& raised) {
    const ControlWord& word = ctl[1];
    for (unsigned c = 0; c < cols_; ++c) {
      const Wide x = value_of_32(biased[c]);
      const Wide m = multiplier[c];
      if (word.raw) {
        product[c] = pattern_64(x);
      } else if (word.single) {
        product[c] = pattern_64(x * m);
      } else {
        const Saturated shifted = double_shifted(x, shift[c]);
        product[c] = pattern_64(shifted.value * m);
        if (c < word.columns && shifted.saturated) raised.saturated = true;
      }
    }
    ctl[2] = ctl[1];
  }

  // Section 5.4, from the product.
  void stage3_scale(Flags& raised) {
    const ControlWord& word = ctl[2];
    for (unsigned c = 0; c < cols_; ++c) {
      const Wide exact_product = value_of_64(product[c]);
      if (word.raw) {
        scaled[c] = pattern_32(exact_product);
      } else if (word.single) {
        const Saturated y = single_scaled(exact_product, shift[c]);
        scaled[c] = pattern_32(y.value);
        if (c < word.columns && y.saturated) raised.saturated = true;
      } else {
        scaled[c] = pattern_32(double_scaled(exact_product, shift[c]));
      }
    }
    ctl[3] = ctl[2];
  }

  // Section 5.5.
  void stage4_clamp(Flags& raised) {
    const ControlWord& word = ctl[3];
    const Wide format_min = word.output_unsigned ? 0 : -128;
    const Wide format_max = word.output_unsigned ? 255 : 127;
    for (unsigned c = 0; c < cols_; ++c) {
      if (word.raw) {
        clamped[c] = scaled[c];
        continue;
      }
      const Wide z0 = value_of_32(scaled[c]) + word.zero_point;
      const Wide at_least_lo = z0 > word.clamp_lo ? z0 : Wide{word.clamp_lo};
      const Wide z = at_least_lo < word.clamp_hi ? at_least_lo : Wide{word.clamp_hi};
      clamped[c] = pattern_32(z);
      if (c < word.columns && (z0 < format_min || z0 > format_max)) raised.saturated = true;
    }
    ctl[4] = ctl[3];
  }

  // Section 5.6, and the push.
  void stage5_table(Flags& raised) {
    const ControlWord& word = ctl[4];
    std::vector<std::uint32_t> lanes(cols_, 0);
    for (unsigned c = 0; c < cols_ && c < word.columns; ++c) {
      if (!word.table) {
        lanes[c] = clamped[c];
        continue;
      }
      const unsigned index = clamped[c] & 0xFFU;  // z[7:0]
      const unsigned line = index >> 3;
      if (!table_written[line]) {
        raised.undefined = true;
        continue;  // counts as zeros
      }
      const std::uint32_t byte = static_cast<std::uint32_t>(table[line] >> (8 * (index & 7U))) & 0xFFU;
      const bool negative = !word.output_unsigned && byte >= 128;
      lanes[c] = negative ? byte | 0xFFFFFF00U : byte;
    }
    push = lanes;
  }

  void reset() {
    stage_valid.fill(false);
    ctl.fill(ControlWord{});
    biased.assign(cols_, 0);
    product.assign(cols_, 0);
    scaled.assign(cols_, 0);
    clamped.assign(cols_, 0);
    bias.assign(cols_, 0);
    multiplier.assign(cols_, 0);
    shift.assign(cols_, 0);
    table_written.fill(false);
    overflow = undefined = saturated = false;
  }

  unsigned cols_;
};

}  // namespace assay::second

#endif  // ASSAY_TESTS_SECOND_MODEL_SECOND_MODEL_HPP
