// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/operation_steps.hpp"

#include <optional>

#include "cosim/cli/calc_explain.hpp"
#include "cosim/cli/text.hpp"
#include "model/activation/requantise.hpp"
#include "model/common/fadd.hpp"
#include "model/common/narrow.hpp"
#include "model/pe/fma.hpp"
#include "model/pe/mac.hpp"

namespace assay::cli {
namespace {

using npu::OperandUse;
using npu::Operation;
using npu::Rule;

constexpr uint32_t kOne = 0x3F800000;

uint64_t field_of(uint64_t word, int low, int count) { return word >> low & ((uint64_t{1} << count) - 1); }
int64_t signed_of(uint64_t bits, int width) { return static_cast<int64_t>(bits << (64 - width)) >> (64 - width); }

/// One explanation: reads operands by role, collects lines and the value at which they end.
class Steps {
 public:
  Steps(const HwConfig& config, const Trace& trace, const Operation& operation, const ElementRef& element, uint64_t cycle)
      : config_(config), trace_(trace), op_(operation), element_(element), field_(trace.fields()[element.field]), cycle_(cycle) {}

  std::vector<std::string> tell() {
    switch (op_.rule) {
      case Rule::None:
        return {};
      case Rule::Hold:
        return {"nothing is written to it in the cycle before: it keeps its value"};
      case Rule::Copy:
        copy();
        break;
      case Rule::Mac:
        mac();
        break;
      case Rule::Accumulate:
        add(get32("old"), get32("new"), true);
        break;
      case Rule::Bias:
        add(get32("x"), get32("bias"), false);
        break;
      case Rule::Multiply:
        multiply();
        break;
      case Rule::Scale:
        scale();
        break;
      case Rule::Clamp:
        clamp();
        break;
      case Rule::Table:
        table();
        break;
      case Rule::Convert:
        convert_lane();
        break;
      case Rule::Decode:
        decode_lane();
        break;
    }
    conclude();
    return std::move(lines_);
  }

 private:
  const OperandUse* find(const std::string& role) const {
    for (const OperandUse& use : op_.operands)
      if (use.role == role) return &use;
    return nullptr;
  }
  uint64_t get(const std::string& role, uint64_t otherwise = 0) const {
    const OperandUse* use = find(role);
    return use == nullptr ? otherwise
                          : trace_.bits(Side::Model, use->cycle, use->element.field, place_of(trace_.fields()[use->element.field], use->element.index));
  }
  int32_t get32(const std::string& role) const { return static_cast<int32_t>(get(role)); }
  int32_t model32() const { return static_cast<int32_t>(model()); }
  uint64_t model() const { return trace_.bits(Side::Model, cycle_, element_.field, place_of(field_, element_.index)); }
  void take(const std::vector<std::string>& lines) { lines_.insert(lines_.end(), lines.begin(), lines.end()); }
  std::string name_of(const ElementRef& e) const { return trace_.fields()[e.field].name + index_text(e.index); }

  void copy() {
    for (const char* role : {"source", "entry"}) {
      const OperandUse* use = find(role);
      if (use == nullptr) continue;
      lines_.push_back("taken unchanged from " + name_of(use->element) + " of cycle " + grouped(use->cycle));
      if (trace_.fields()[use->element.field].width == field_.width) end_ = get(role);
      return;
    }
    lines_.push_back("nothing comes in: the value of rest");
  }

  void mac() {
    if (config_.floating()) {
      const Operand a = operand("activation"), w = operand("weight");
      const auto c = static_cast<uint32_t>(get("psum"));
      const FloatResult y = fma(a, w, c);
      take(explain_fma(code_of(a), code_of(w), c, y));
      end_ = y.bits;
      return;
    }
    const int64_t a = value_of("activation"), w = value_of("weight");
    const int32_t c = get32("psum");
    const int64_t sum = c + a * w;
    take(explain_integer_mac(a, w, c, static_cast<int32_t>(sum), sum != static_cast<int32_t>(sum)));
    end_ = static_cast<uint32_t>(sum);
  }

  int64_t value_of(const std::string& role) const { return operand_value<int64_t>(static_cast<int8_t>(get(role)), static_cast<int64_t>(get(role + "_high"))); }
  Operand operand(const std::string& role) const { return {static_cast<uint16_t>(get(role)), static_cast<uint8_t>(get(role + "_low"))}; }
  /// The operand form as a code that has its bits: BF16, or with low bits FP32.
  static FloatCode code_of(const Operand& x) {
    if (x.low == 0) return {x.x, Format::Bf16};
    return {uint32_t{x.x} << 16 | uint32_t{x.low} << 13, Format::Fp32};
  }

  /// `entries`: the sum may be kept in BF16.
  void add(int32_t x, int32_t y, bool entries) {
    if (!config_.floating()) {
      const auto sum = static_cast<int32_t>(static_cast<uint32_t>(x) + static_cast<uint32_t>(y));
      take(explain_integer_add(x, y, sum));
      end_ = static_cast<uint32_t>(sum);
      return;
    }
    const FloatResult sum = fadd(static_cast<uint32_t>(x), static_cast<uint32_t>(y));
    lines_.push_back("a + c as a * 1 + c, rounded once");
    take(explain_fma({static_cast<uint32_t>(x), Format::Fp32}, {kOne, Format::Fp32}, static_cast<uint32_t>(y), sum));
    end_ = sum.bits;
    if (!entries || *end_ == model()) return;
    const FloatResult kept = narrow(sum.bits, Format::Bf16, false, std::nullopt);
    lines_.emplace_back("the entry is kept in bf16:");
    take(explain_cast(sum.bits, {Format::Fp32, Format::Bf16, false, false}, std::nullopt, kept));
    end_ = kept.bits << 16;
  }

  bool single() const { return field_of(get("control"), 1, 1) != 0; }
  int64_t shift() const { return signed_of(get("shift"), 6); }

  void multiply() {
    const RequantOperands in{get32("x"), static_cast<int64_t>(get("multiplier")), shift()};
    take(explain_multiply(in, single()));
    end_ = static_cast<uint64_t>(single() ? multiply_single<int64_t>(in.x, in.m) : multiply_double<int64_t>(in.x, in.m, in.s).value);
    lines_.push_back("result   " + grouped_signed(static_cast<int64_t>(*end_)));
  }

  void scale() {
    const auto product = static_cast<int64_t>(get("x"));
    take(explain_scale(product, shift(), single()));
    const int64_t y = single() ? scale_single<int64_t>(product, shift()).value : scale_double<int64_t>(product, shift());
    end_ = static_cast<uint32_t>(y);
    lines_.push_back("result   " + grouped_signed(y));
  }

  void clamp() {
    const uint64_t ctl = get("control");
    const ClampRule rule{static_cast<int>(signed_of(field_of(ctl, 4, 9), 9)), static_cast<int>(signed_of(field_of(ctl, 13, 9), 9)),
                         static_cast<int>(signed_of(field_of(ctl, 22, 9), 9)), field_of(ctl, 3, 1) != 0};
    const int64_t z0 = int64_t{get32("x")} + rule.zero_point;
    const int64_t z = z0 < rule.low ? rule.low : z0 > rule.high ? rule.high : z0;
    take(explain_clamp(get32("x"), rule, static_cast<int32_t>(z)));
    end_ = static_cast<uint32_t>(z);
  }

  void table() {
    const auto x = static_cast<uint8_t>(get("x"));
    const auto entry = static_cast<uint8_t>(get("line") >> 8 * (x & 7));
    const bool is_unsigned = field_of(get("control"), 3, 1) != 0;
    const int32_t value = is_unsigned ? entry : static_cast<int8_t>(entry);
    lines_.push_back("table    entry " + std::to_string(x) + " = byte " + std::to_string(x & 7) + " of line " + std::to_string(x >> 3) +
                     (find("line") == nullptr ? ", never loaded: 0" : ": " + std::to_string(value)));
    end_ = static_cast<uint32_t>(value);
  }

  void convert_lane() {
    const uint64_t ctl = get("control");
    auto x = static_cast<uint32_t>(get("x"));
    if (field_of(ctl, 1, 1) != 0) {
      const FloatCode code{x, Format::Fp32};
      const uint32_t y = is_nan(class_of(code)) ? 0x7FC00000 : is_negative(code) ? 0 : x;
      lines_.push_back("relu     " + float_decimal(code) + " gives " + float_decimal({y, Format::Fp32}));
      x = y;
    }
    const auto format = static_cast<Format>(field_of(ctl, 2, 4));
    if (format == Format::Fp32) {
      lines_.emplace_back("result   in fp32: unchanged");
      end_ = x;
      return;
    }
    if (static_cast<int>(format) >= kFormats) return;
    const bool saturate = field_of(ctl, 6, 1) != 0, stochastic = field_of(ctl, 7, 1) != 0;
    const auto random = stochastic ? std::optional(static_cast<uint16_t>(get("random") >> 16)) : std::nullopt;
    const FloatResult y = convert(x, format, saturate, random);
    take(explain_cast(x, {Format::Fp32, format, saturate, stochastic}, random, y));
    end_ = y.bits;
    if (format == Format::Int8) end_ = static_cast<uint32_t>(static_cast<int8_t>(y.bits));
  }

  /// A lane of a stream's word; the high bit and the low mantissa bits are fields of their own.
  void decode_lane() {
    const OperandUse* use = find("code");
    const bool weight = field_.name.starts_with("shadow");
    const int lane = weight ? op_.column.value_or(0) : op_.row.value_or(0);
    if (use == nullptr || !op_.command) return;
    const std::string word = trace_.hex(Side::Model, use->cycle, use->element.field, place_of(trace_.fields()[use->element.field], use->element.index));
    const auto digits = static_cast<size_t>(config_.lane_bits()) / 4, end = word.size() - digits * static_cast<size_t>(lane);
    const auto code = static_cast<uint32_t>(std::stoul(word.substr(end - digits, digits), nullptr, 16));
    if (!config_.floating()) {
      const bool is_unsigned = weight ? op_.fields.weight_unsigned : op_.fields.activation_unsigned;
      const int64_t value = is_unsigned ? static_cast<int64_t>(code) : static_cast<int8_t>(code);
      const bool high = is_unsigned && code >= 128;
      lines_.push_back("lane " + std::to_string(lane) + " of the stream's word: " + word.substr(end - digits, digits) + ", " +
                       (is_unsigned ? "unsigned" : "signed") + ": " + grouped_signed(value) + ", high bit " + (high ? "1" : "0"));
      end_ = field_.width == 1 ? static_cast<uint64_t>(high) : code;
      return;
    }
    const auto format = static_cast<Format>(op_.fields.format);
    const uint32_t own = format_bits(format) == 8 ? code & 0xFF : code;
    const Operand x = operand_form(own, format);
    lines_.push_back("lane " + std::to_string(lane) + " of the stream's word: " + std::string(format_name(format)) + " " +
                     word.substr(end - code_digits(format), code_digits(format)) + " = " + float_decimal({own, format}) + ", operand form " +
                     float_decimal(code_of(x)));
    end_ = field_.width == 3 ? x.low : x.x;
  }

  void conclude() {
    const uint64_t mask = field_.width >= 64 ? ~uint64_t{0} : (uint64_t{1} << field_.width) - 1;
    if (!end_ || (*end_ & mask) == (model() & mask)) return;
    lines_.push_back("BUT      the model holds 0x" + trace_.hex(Side::Model, cycle_, element_.field, place_of(field_, element_.index)));
  }

  const HwConfig& config_;
  const Trace& trace_;
  const Operation& op_;
  const ElementRef& element_;
  const Field& field_;
  const uint64_t cycle_;
  std::vector<std::string> lines_;
  std::optional<uint64_t> end_;  ///< where the steps end
};

}  // namespace

std::vector<std::string> operation_steps(const HwConfig& config, const Trace& trace, const Operation& operation, const ElementRef& element, uint64_t cycle) {
  return Steps(config, trace, operation, element, cycle).tell();
}

}  // namespace assay::cli
