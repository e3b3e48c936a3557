// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/calc.hpp"
#include "cosim/cli/calc_explain.hpp"
#include "cosim/cli/calc_unit.hpp"
#include "cosim/cli/text.hpp"
#include "model/common/float_format.hpp"
#include "model/common/narrow.hpp"
#include "model/common/stochastic.hpp"

namespace assay::cli {
namespace {

constexpr unsigned kAllFormats = (1u << kFormats) - 1;
const char* const kStochastic = "stochastic:";

/// The Verilated decoder: codes of bf16 … e4m3fn to FP32.
class RtlDecoder {
 public:
  explicit RtlDecoder(Format format) { unit_.port("format_i").set(static_cast<uint32_t>(format)); }
  FloatResult operator()(uint32_t code) {
    code_.set(code);
    unit_.settle();
    return {y_.get(), static_cast<uint8_t>(flags_.get())};
  }

 private:
  RtlUnit unit_{"npu_decode", {{"code_i", "format_i"}, {"fp32_o", "flags_o"}}};
  RtlUnit::Port code_ = unit_.port("code_i"), y_ = unit_.port("fp32_o"), flags_ = unit_.port("flags_o");
};

/// The Verilated output conversion: FP32 to any format.
class RtlConverter {
 public:
  RtlConverter(Format format, bool saturate, bool stochastic) {
    unit_.port("format_i").set(static_cast<uint32_t>(format));
    unit_.port("saturate_i").set(saturate);
    unit_.port("stochastic_i").set(stochastic);
  }
  FloatResult operator()(uint32_t x, uint16_t random) {
    x_.set(x);
    random_.set(random);
    unit_.settle();
    return {y_.get(), static_cast<uint8_t>(flags_.get())};
  }

 private:
  RtlUnit unit_{"npu_cast", {{"x_i", "format_i", "saturate_i", "stochastic_i", "random_i"}, {"y_o", "flags_o"}}};
  RtlUnit::Port x_ = unit_.port("x_i"), random_ = unit_.port("random_i"), y_ = unit_.port("y_o"), flags_ = unit_.port("flags_o");
};

class DecodeUnit final : public CalcUnit {
 public:
  DecodeUnit(Format format, bool rtl) : format_(format), rtl_(rtl ? std::make_unique<RtlDecoder>(format) : nullptr) {}
  CalcResult answer(const CalcOperands& operands, bool explain) override {
    expect_operands(operands, "code", 1);
    const uint32_t code = parse_hex("code", operands[0], code_digits(format_));
    const FloatResult y = rtl_ ? (*rtl_)(code) : widen(code, format_);
    CalcResult result;
    result.value = y.bits;
    result.flags = calc_flags(y.flags);
    if (explain) result.steps = explain_decode({code, format_}, y);
    return result;
  }

 private:
  const Format format_;
  const std::unique_ptr<RtlDecoder> rtl_;
};

class CastUnit : public CalcUnit {
 public:
  explicit CastUnit(const CastRule& rule, uint32_t seed) : rule_(rule), state_(seeded(seed, 0)) {}
  /// Steps the generator once per line, whatever the operand is.
  CalcResult answer(const CalcOperands& operands, bool explain) final {
    expect_operands(operands, "x", 1);
    const uint32_t code = parse_hex("x", operands[0], code_digits(rule_.from));
    std::optional<uint16_t> random;
    if (rule_.stochastic) {
      random = random_of(state_);
      state_ = xorshift(state_);
    }
    const FloatResult y = compute(code, random);
    CalcResult result;
    result.digits = code_digits(rule_.to);
    result.value = y.bits & static_cast<uint32_t>((uint64_t{1} << format_bits(rule_.to)) - 1);  // an integer comes sign-extended to 32 bits
    result.flags = calc_flags(y.flags);
    if (explain) result.steps = explain_cast(code, rule_, random, {result.value, y.flags});
    return result;
  }

 protected:
  virtual FloatResult compute(uint32_t code, std::optional<uint16_t> random) = 0;
  const CastRule rule_;

 private:
  uint32_t state_;
};

class ModelCast final : public CastUnit {
 public:
  using CastUnit::CastUnit;

 private:
  FloatResult compute(uint32_t code, std::optional<uint16_t> random) override { return cast(code, rule_.from, rule_.to, rule_.saturate, random); }
};

/// The tile's own path: operands are decoded to FP32, results converted from it.
class RtlCast final : public CastUnit {
 public:
  RtlCast(const CastRule& rule, uint32_t seed)
      : CastUnit(rule, seed),
        decode_(rule.from == Format::Fp32 ? nullptr : std::make_unique<RtlDecoder>(rule.from)),
        convert_(rule.to == Format::Fp32 ? nullptr : std::make_unique<RtlConverter>(rule.to, rule.saturate, rule.stochastic)) {}

 private:
  FloatResult compute(uint32_t code, std::optional<uint16_t> random) override {
    FloatResult x{code, 0};
    if (decode_) x = (*decode_)(code);
    if (!convert_) return x;
    const FloatResult y = (*convert_)(x.bits, random.value_or(0));
    return {y.bits, static_cast<uint8_t>(x.flags | y.flags)};
  }

  const std::unique_ptr<RtlDecoder> decode_;
  const std::unique_ptr<RtlConverter> convert_;
};

void check_float_target(const char* option, const std::string& value, Format to) {
  if (is_operand_float(to)) return;
  throw InputError("command line:1: " + std::string(option) + ": " + value + " with --to " + std::string(format_name(to)) +
                   ", expected a result in bf16, fp16, e5m2, e4m3 or e4m3fn");
}

/// rne, or stochastic with a seed of 32 bits.
uint32_t parse_round(const CalcOptions& options, CastRule& rule) {
  if (options.round.empty() || options.round == "rne") return 0;
  if (!options.round.starts_with(kStochastic)) throw bad_option("--round", options.round, "rne or stochastic:SEED");
  rule.stochastic = true;
  const uint64_t seed = parse_count("--round stochastic", options.round.substr(std::string(kStochastic).size()), 0, UINT32_MAX);
  check_float_target("--round", "is '" + options.round + "'", rule.to);
  return static_cast<uint32_t>(seed);
}

}  // namespace

std::unique_ptr<CalcUnit> make_decode_unit(const CalcOptions& options) {
  const Format format = parse_calc_format("--format", options.format, kAllFormats);
  if (options.rtl && !is_operand_float(format)) {
    throw bad_option("--format", options.format, "bf16, fp16, e5m2, e4m3 or e4m3fn with --rtl: the tile decodes nothing else");
  }
  return std::make_unique<DecodeUnit>(format, options.rtl);
}

std::unique_ptr<CalcUnit> make_cast_unit(const CalcOptions& options) {
  CastRule rule;
  rule.from = parse_calc_format("--from", options.from, kAllFormats);
  rule.to = parse_calc_format("--to", options.to, kAllFormats);
  rule.saturate = options.saturate;
  if (rule.saturate) check_float_target("--saturate", "given", rule.to);
  const uint32_t seed = parse_round(options, rule);
  if (!options.rtl) return std::make_unique<ModelCast>(rule, seed);
  if (is_integer(rule.from)) {
    throw bad_option("--from", options.from, "fp32, bf16, fp16, e5m2, e4m3 or e4m3fn with --rtl: the tile has no unit that converts from integers");
  }
  if (rule.from == Format::Fp32 && rule.to == Format::Fp32) {
    throw bad_option("--to", options.to, "another format than fp32 with --rtl --from fp32: no unit of the tile would be asked");
  }
  return std::make_unique<RtlCast>(rule, seed);
}

}  // namespace assay::cli
