// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <iterator>
#include <span>

#include "cosim/npu/vector_writer.hpp"

namespace assay::npu {
namespace {

/// How a key's value is written. A format has no default: it always stands there, but for an ACTIVATE that is raw.
enum class KeyKind : uint8_t { Flag, Integer, Format, Fp32 };

/// One key of `cmd`: where its value comes from, and how it goes into another command.
struct Key {
  const char* name;
  KeyKind kind;
  int64_t (*get)(const Command&);
  void (*copy)(Command&, const Command&);
};

#define ASSAY_KEY(key, member, kind)                                                                                                              \
  Key {                                                                                                                                           \
    key, kind, [](const Command& c) { return static_cast<int64_t>(c.member); }, [](Command& to, const Command& from) { to.member = from.member; } \
  }
#define ASSAY_INT(member) ASSAY_KEY(#member, member, KeyKind::Integer)
#define ASSAY_FLAG(key, member) ASSAY_KEY(key, member, KeyKind::Flag)

const Key kLoadWeights[] = {ASSAY_FLAG("weight_unsigned", weight_unsigned), ASSAY_INT(k)};
const Key kMatmul[] = {ASSAY_FLAG("activation_unsigned", activation_unsigned),
                       ASSAY_FLAG("switch", switch_weights),
                       ASSAY_FLAG("accumulate", accumulate),
                       ASSAY_INT(bank),
                       ASSAY_INT(m),
                       ASSAY_INT(k),
                       ASSAY_INT(n),
                       ASSAY_INT(base),
                       ASSAY_INT(stride)};
const Key kActivate[] = {ASSAY_FLAG("output_unsigned", output_unsigned),
                         ASSAY_FLAG("raw", raw),
                         ASSAY_FLAG("single", single),
                         ASSAY_FLAG("table", table),
                         ASSAY_INT(bank),
                         ASSAY_INT(m),
                         ASSAY_INT(n),
                         ASSAY_INT(base),
                         ASSAY_INT(stride),
                         ASSAY_INT(zero_point),
                         ASSAY_INT(clamp_lo),
                         ASSAY_INT(clamp_hi)};
const Key kLoadParam[] = {ASSAY_FLAG("broadcast", broadcast), ASSAY_INT(column), ASSAY_INT(bias), ASSAY_INT(multiplier), ASSAY_INT(shift)};
const Key kLoadTable[] = {ASSAY_INT(line)};
const Key kClear[] = {ASSAY_FLAG("flags", clear_flags), ASSAY_FLAG("counters", clear_counters), ASSAY_FLAG("written", clear_written),
                      ASSAY_FLAG("table", clear_table)};
const Key kReadCounter[] = {ASSAY_FLAG("high", high), ASSAY_INT(index)};
const Key kFormat = ASSAY_KEY("format", format, KeyKind::Format);
const Key kFloatLoadWeights[] = {ASSAY_INT(k), kFormat};
const Key kFloatMatmul[] = {ASSAY_FLAG("switch", switch_weights),
                            ASSAY_FLAG("accumulate", accumulate),
                            ASSAY_FLAG("bf16_entries", bf16_entries),
                            ASSAY_INT(bank),
                            ASSAY_INT(m),
                            ASSAY_INT(k),
                            ASSAY_INT(n),
                            ASSAY_INT(base),
                            ASSAY_INT(stride),
                            kFormat};
const Key kFloatActivate[] = {ASSAY_FLAG("raw", raw),
                              ASSAY_FLAG("relu", relu),
                              ASSAY_INT(bank),
                              ASSAY_INT(m),
                              ASSAY_INT(n),
                              ASSAY_INT(base),
                              ASSAY_INT(stride),
                              kFormat,
                              ASSAY_FLAG("saturate", saturate),
                              ASSAY_FLAG("stochastic", stochastic)};
const Key kFloatLoadParam[] = {ASSAY_FLAG("broadcast", broadcast), ASSAY_INT(column), ASSAY_KEY("bias", bias, KeyKind::Fp32)};
const Key kFloatClear[] = {ASSAY_FLAG("flags", clear_flags), ASSAY_FLAG("counters", clear_counters), ASSAY_FLAG("written", clear_written)};
const Key kLoadSeed[] = {ASSAY_INT(seed)};
#undef ASSAY_FLAG
#undef ASSAY_INT
#undef ASSAY_KEY

struct OpKeys {
  const char* name;
  std::span<const Key> keys;
};

/// In the order of Op.
const OpKeys kOps[] = {{"nop", {}},
                       {"load_weights", kLoadWeights},
                       {"matmul", kMatmul},
                       {"activate", kActivate},
                       {"load_param", kLoadParam},
                       {"load_table", kLoadTable},
                       {"clear", kClear},
                       {"fence", {}},
                       {"read_counter", kReadCounter}};

/// The same of the floating-point tile; no name: no command there.
const OpKeys kFloatOps[] = {{"nop", {}},
                            {"load_weights", kFloatLoadWeights},
                            {"matmul", kFloatMatmul},
                            {"activate", kFloatActivate},
                            {"load_param", kFloatLoadParam},
                            {nullptr, {}},
                            {"clear", kFloatClear},
                            {"fence", {}},
                            {"read_counter", kReadCounter},
                            {"load_seed", kLoadSeed}};

/// What a vector's command is before its keys (docs/vectors.md).
Command defaults(const Command& command, const HwConfig& config) {
  Command out;
  out.op = command.op;
  out.k = config.rows;
  out.n = config.cols;
  out.m = 1;
  out.stride = 1;
  if (config.floating()) {
    out.bias = static_cast<int32_t>(functional::kMinusZero);
    return out;
  }
  out.multiplier = 1u << 30;
  out.shift = 1;
  out.clamp_lo = command.raw || command.output_unsigned ? 0 : -128;
  out.clamp_hi = command.raw ? 0 : command.output_unsigned ? 255 : 127;
  return out;
}

std::string word_text(const CommandWord& word) {
  std::string text;
  for (const uint32_t w : word) {
    char digits[16];
    std::snprintf(digits, sizeof digits, "0x%08x", w);
    text += (text.empty() ? "" : ", ") + std::string(digits);
  }
  return "word: [" + text + "]";
}

std::string value_text(const Key& key, int64_t value, const Command& command, const HwConfig& config) {
  if (key.kind == KeyKind::Flag) return value != 0 ? "true" : "false";
  if (key.kind == KeyKind::Format && value < kFormats && (command.op == Op::Activate || config.has(static_cast<Format>(value)))) {
    return std::string(format_name(static_cast<Format>(value)));
  }
  if (key.kind != KeyKind::Fp32) return std::to_string(value);
  char digits[16];
  std::snprintf(digits, sizeof digits, "0x%08x", static_cast<uint32_t>(value));
  return digits;
}

/// The keys of the command's opcode on this datapath, or none.
const OpKeys* keys_of(Op op, const HwConfig& config) {
  const std::span<const OpKeys> table = config.floating() ? std::span<const OpKeys>(kFloatOps) : std::span<const OpKeys>(kOps);
  const auto at = static_cast<size_t>(op);
  return at < table.size() && table[at].name != nullptr ? &table[at] : nullptr;
}

}  // namespace

std::string command_text(const CommandWord& word, const HwConfig& config) {
  const Datapath path = datapath(config);
  const Command command = decode(word, path);
  const OpKeys* op = keys_of(command.op, config);
  if (op == nullptr) return word_text(word);
  Command built = defaults(command, config);
  built.tag = command.tag;
  std::string text = "op: " + std::string(op->name) + ", tag: " + std::to_string(command.tag);
  for (const Key& key : op->keys) {
    const int64_t value = key.get(command);
    const bool rows = command.op == Op::Matmul && key.get(built) == 1 && std::string(key.name) == "m";  // a single value as data needs m
    const bool needed = rows || (key.kind == KeyKind::Format && !(command.op == Op::Activate && command.raw));
    if (value == key.get(built) && !needed) continue;
    text += ", " + std::string(key.name) + ": " + value_text(key, value, command, config);
    key.copy(built, command);
  }
  if (command.op == Op::LoadTable) {
    built.table_bytes = command.table_bytes;
    std::string bytes;
    for (const uint8_t byte : command.table_bytes) bytes += (bytes.empty() ? "" : ", ") + std::to_string(byte);
    text += ", bytes: [" + bytes + "]";
  }
  return encode(built, path) == word ? text : word_text(word);
}

}  // namespace assay::npu
