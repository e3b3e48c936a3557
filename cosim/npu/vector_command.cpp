// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cosim/npu/vector_items.hpp"

namespace assay::npu {
namespace {

/// One key of `cmd`: the values its bits hold (illegal ones too: they are what directed tests are for), and where it goes.
struct FieldKey {
  const char* key;
  int64_t lo, hi;
  void (*set)(Command&, int64_t);
};

constexpr FieldKey flag(const char* key, void (*set)(Command&, int64_t)) { return {key, 0, 1, set}; }

#define ASSAY_INT(name, lo, hi)                                                 \
  FieldKey {                                                                    \
#name, lo, hi, [](Command & c, int64_t v) { c.name = static_cast<int>(v); } \
  }
#define ASSAY_FLAG(key, member) flag(key, [](Command& c, int64_t v) { c.member = v != 0; })

const FieldKey kBank = ASSAY_INT(bank, 0, 15), kM = ASSAY_INT(m, 0, 65535), kK = ASSAY_INT(k, 0, 255), kN = ASSAY_INT(n, 0, 255),
               kBase = ASSAY_INT(base, 0, 65535), kStride = ASSAY_INT(stride, 0, 65535);

struct OpEntry {
  const char* name;
  Op op;
  std::vector<FieldKey> fields;
};

const std::vector<OpEntry>& ops() {
  static const std::vector<OpEntry> table{
      {"nop", Op::Nop, {}},
      {"load_weights", Op::LoadWeights, {ASSAY_FLAG("weight_unsigned", weight_unsigned), kK}},
      {"matmul",
       Op::Matmul,
       {ASSAY_FLAG("activation_unsigned", activation_unsigned), ASSAY_FLAG("switch", switch_weights), ASSAY_FLAG("accumulate", accumulate), kBank, kM, kK, kN,
        kBase, kStride}},
      {"activate",
       Op::Activate,
       {ASSAY_FLAG("output_unsigned", output_unsigned), ASSAY_FLAG("raw", raw), ASSAY_FLAG("single", single), ASSAY_FLAG("table", table), kBank, kM, kN, kBase,
        kStride, ASSAY_INT(zero_point, -256, 255), ASSAY_INT(clamp_lo, -256, 255), ASSAY_INT(clamp_hi, -256, 255)}},
      {"load_param",
       Op::LoadParam,
       {ASSAY_FLAG("broadcast", broadcast),
        ASSAY_INT(column, 0, 255),
        {"bias", INT32_MIN, INT32_MAX, [](Command& c, int64_t v) { c.bias = static_cast<int32_t>(v); }},
        {"multiplier", 0, UINT32_MAX, [](Command& c, int64_t v) { c.multiplier = static_cast<uint32_t>(v); }},
        ASSAY_INT(shift, -32, 31)}},
      {"load_table", Op::LoadTable, {ASSAY_INT(line, 0, 31)}},
      {"clear",
       Op::Clear,
       {ASSAY_FLAG("flags", clear_flags), ASSAY_FLAG("counters", clear_counters), ASSAY_FLAG("written", clear_written), ASSAY_FLAG("table", clear_table)}},
      {"fence", Op::Fence, {}},
      {"read_counter", Op::ReadCounter, {ASSAY_FLAG("high", high), ASSAY_INT(index, 0, 31)}},
  };
  return table;
}
#undef ASSAY_INT
#undef ASSAY_FLAG

const OpEntry& find_op(const VectorNode& node) {
  std::string names;
  for (const OpEntry& entry : ops()) {
    if (node.is_scalar() && node.text() == entry.name) return entry;
    names += (names.empty() ? "" : ", ") + std::string(entry.name);
  }
  node.expected("one of " + names);
}

/// Defaults of docs/vectors.md: the whole array, stride 1, the identity as requantisation, the full range as clamp.
void set_defaults(const VectorNode& node, const HwConfig& config, Command& command) {
  command.k = config.rows;
  command.n = config.cols;
  command.m = 1;
  command.stride = 1;
  command.multiplier = 1u << 30;
  command.shift = 1;
  const bool raw = node.has("raw") && node.at("raw").boolean();
  const bool output_unsigned = node.has("output_unsigned") && node.at("output_unsigned").boolean();
  command.clamp_lo = raw || output_unsigned ? 0 : -128;
  command.clamp_hi = raw ? 0 : output_unsigned ? 255 : 127;
}

void read_table_bytes(const VectorNode& node, Command& command) {
  const auto bytes = node.items();
  if (bytes.size() != 8) node.fail("has " + std::to_string(bytes.size()) + " values, expected 8");
  for (size_t i = 0; i < 8; ++i) command.table_bytes[i] = static_cast<uint8_t>(bytes[i].integer(-128, 255) & 0xFF);
}

Command read_fields(const VectorNode& node, const HwConfig& config, size_t position) {
  const OpEntry& entry = find_op(node.at("op"));
  std::vector<std::string_view> keys{"op", "tag", "repeat"};
  for (const FieldKey& field : entry.fields) keys.push_back(field.key);
  if (entry.op == Op::LoadTable) keys.push_back("bytes");
  if (entry.op == Op::LoadWeights || entry.op == Op::Matmul) keys.push_back("data");
  node.keys(keys);
  Command command;
  set_defaults(node, config, command);
  command.op = entry.op;
  command.tag = static_cast<uint8_t>(node.integer_or("tag", static_cast<int64_t>(position & 0xFF), 0, 255));
  for (const FieldKey& field : entry.fields) {
    const auto value = node.find(field.key);
    if (!value) continue;
    const bool is_flag = field.lo == 0 && field.hi == 1;
    field.set(command, is_flag ? value->boolean() : value->integer(field.lo, field.hi));
  }
  if (const auto bytes = node.find("bytes")) read_table_bytes(*bytes, command);
  return command;
}

CommandWord read_word(const VectorNode& node) {
  node.keys({"word", "data", "repeat"});
  const VectorNode word = node.at("word");
  const auto parts = word.items();
  if (parts.size() != 4) word.fail("has " + std::to_string(parts.size()) + " values, expected 4 (bits 31:0 first)");
  CommandWord out{};
  for (size_t i = 0; i < 4; ++i) out[i] = static_cast<uint32_t>(parts[i].integer(0, UINT32_MAX));
  return out;
}

std::vector<uint8_t> pack(const functional::Matrix& values, int width) {
  std::vector<uint8_t> out(static_cast<size_t>(values.rows) * static_cast<size_t>(width));
  for (int r = 0; r < values.rows; ++r)
    for (int c = 0; c < values.cols; ++c)
      out[static_cast<size_t>(r) * static_cast<size_t>(width) + static_cast<size_t>(c)] = static_cast<uint8_t>(values.at(r, c) & 0xFF);
  return out;
}

/// Stream data of a legal LOAD_WEIGHTS or MATMUL: at least `least` columns, missing ones up to the stream's width are 0.
std::vector<uint8_t> read_data(const VectorNode& node, OperandReader& operands, const std::vector<Job>& jobs, const ValueRange& range, int rows, int least,
                               int width) {
  const functional::Matrix values = operands.matrix(node, range, jobs, {rows, width});
  if (values.rows != rows || values.cols < least || values.cols > width)
    node.fail("has shape " + shape_text({values.rows, values.cols}) + ", expected [" + std::to_string(rows) + ", " +
              (least == width ? "" : std::to_string(least) + " to ") + std::to_string(width) + "]");
  return pack(values, width);
}

/// m of a MATMUL that does not name it: the rows of its data.
void infer_rows(const VectorNode& node, OperandReader operands, const Planner& planner, Command& command) {
  const auto data = node.find("data");
  if (command.op != Op::Matmul || node.has("m") || !data) return;
  if (data->is_scalar()) data->fail("is one value, expected m beside it");
  command.m = std::min(operands.matrix(*data, command.activation_unsigned ? kUInt8 : kInt8, planner.jobs()).rows, 65535);
}

}  // namespace

void read_command(const VectorNode& node, OperandReader& operands, Planner& planner, size_t position) {
  const HwConfig& config = planner.config();
  CommandWord word{};
  if (!node.is_map()) node.expected("a mapping with op or word");
  if (node.has("word")) {
    word = read_word(node);
  } else {
    Command command = read_fields(node, config, position);
    infer_rows(node, operands, planner, command);
    word = encode(command);
  }
  const Command command = decode(word);
  const Status status = check_command(word, config);
  const auto data = node.find("data");
  const bool takes_data = status == Status::Ok && (command.op == Op::LoadWeights || command.op == Op::Matmul);
  if (data && !takes_data)
    data->fail(status == Status::Ok
                   ? "stands beside a command that takes none, expected only for load_weights and matmul"
                   : "stands beside an illegal command (status " + std::to_string(static_cast<int>(status)) + "), expected none: it takes no stream data");
  std::vector<uint8_t> weights, activations;
  if (takes_data && command.op == Op::LoadWeights)
    weights = read_data(node.at("data"), operands, planner.jobs(), command.weight_unsigned ? kUInt8 : kInt8, command.k, 1, config.cols);
  if (takes_data && command.op == Op::Matmul)
    activations = read_data(node.at("data"), operands, planner.jobs(), command.activation_unsigned ? kUInt8 : kInt8, command.m, command.k, config.rows);
  for (int64_t left = node.integer_or("repeat", 1, 1, 100000); left > 0; --left) planner.command(word, weights, activations);
}

}  // namespace assay::npu
