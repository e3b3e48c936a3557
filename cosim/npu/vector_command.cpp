// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cosim/npu/lanes.hpp"
#include "cosim/npu/vector_items.hpp"

namespace assay::npu {
namespace {

/// What a key of `cmd` holds. A format is a name the tile knows, or a code, an illegal one too; FP32 bits are a number or hex.
enum class KeyKind : uint8_t { Flag, Integer, Format, Fp32 };

/// One key of `cmd`: the values its bits hold (illegal ones too: they are what directed tests are for), and where it goes.
struct FieldKey {
  const char* key;
  KeyKind kind;
  int64_t lo, hi;
  void (*set)(Command&, int64_t);
};

constexpr FieldKey flag(const char* key, void (*set)(Command&, int64_t)) { return {key, KeyKind::Flag, 0, 1, set}; }

#define ASSAY_INT(name, lo, hi)                                                                   \
  FieldKey {                                                                                      \
#name, KeyKind::Integer, lo, hi, [](Command & c, int64_t v) { c.name = static_cast<int>(v); } \
  }
#define ASSAY_FLAG(key, member) flag(key, [](Command& c, int64_t v) { c.member = v != 0; })

const FieldKey kBank = ASSAY_INT(bank, 0, 15), kM = ASSAY_INT(m, 0, 65535), kK = ASSAY_INT(k, 0, 255), kN = ASSAY_INT(n, 0, 255),
               kBase = ASSAY_INT(base, 0, 65535), kStride = ASSAY_INT(stride, 0, 65535);
const FieldKey kFormat{"format", KeyKind::Format, 0, 15, [](Command& c, int64_t v) { c.format = static_cast<uint8_t>(v); }};

struct OpEntry {
  const char* name;
  Op op;
  std::vector<FieldKey> fields;
};
using OpTable = std::vector<OpEntry>;

const OpTable& integer_ops() {
  static const OpTable table{
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
        {"bias", KeyKind::Integer, INT32_MIN, INT32_MAX, [](Command& c, int64_t v) { c.bias = static_cast<int32_t>(v); }},
        {"multiplier", KeyKind::Integer, 0, UINT32_MAX, [](Command& c, int64_t v) { c.multiplier = static_cast<uint32_t>(v); }},
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

const OpTable& floating_ops() {
  static const OpTable table{
      {"nop", Op::Nop, {}},
      {"load_weights", Op::LoadWeights, {kK, kFormat}},
      {"matmul",
       Op::Matmul,
       {ASSAY_FLAG("switch", switch_weights), ASSAY_FLAG("accumulate", accumulate), ASSAY_FLAG("bf16_entries", bf16_entries), kBank, kM, kK, kN, kBase, kStride,
        kFormat}},
      {"activate",
       Op::Activate,
       {ASSAY_FLAG("raw", raw), ASSAY_FLAG("relu", relu), kBank, kM, kN, kBase, kStride, kFormat, ASSAY_FLAG("saturate", saturate),
        ASSAY_FLAG("stochastic", stochastic)}},
      {"load_param",
       Op::LoadParam,
       {ASSAY_FLAG("broadcast", broadcast),
        ASSAY_INT(column, 0, 255),
        {"bias", KeyKind::Fp32, 0, 0, [](Command& c, int64_t v) { c.bias = static_cast<int32_t>(v); }}}},
      {"clear", Op::Clear, {ASSAY_FLAG("flags", clear_flags), ASSAY_FLAG("counters", clear_counters), ASSAY_FLAG("written", clear_written)}},
      {"fence", Op::Fence, {}},
      {"read_counter", Op::ReadCounter, {ASSAY_FLAG("high", high), ASSAY_INT(index, 0, 31)}},
      {"load_seed", Op::LoadSeed, {{"seed", KeyKind::Integer, 0, UINT32_MAX, [](Command& c, int64_t v) { c.seed = static_cast<uint32_t>(v); }}}},
  };
  return table;
}
#undef ASSAY_INT
#undef ASSAY_FLAG

const OpEntry& find_op(const VectorNode& node, const OpTable& table) {
  std::string names;
  for (const OpEntry& entry : table) {
    if (node.is_scalar() && node.text() == entry.name) return entry;
    names += (names.empty() ? "" : ", ") + std::string(entry.name);
  }
  node.expected("one of " + names);
}

/// Defaults of docs/vectors.md: the whole array, stride 1, the identity as requantisation, the full range as clamp, no bias.
void set_defaults(const VectorNode& node, const HwConfig& config, Command& command) {
  command.k = config.rows;
  command.n = config.cols;
  command.m = 1;
  command.stride = 1;
  if (config.floating()) {
    command.bias = static_cast<int32_t>(functional::kMinusZero);
    return;
  }
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

int64_t read_value(const VectorNode& value, const FieldKey& field, Op op, const HwConfig& config) {
  switch (field.kind) {
    case KeyKind::Flag:
      return value.boolean() ? 1 : 0;
    case KeyKind::Fp32:
      return CodeType(Format::Fp32).parse(value);
    case KeyKind::Format:
      if (parse_integer(value.plain())) return value.integer(field.lo, field.hi);
      return static_cast<int64_t>(op == Op::Activate ? read_output_format(value, config) : read_operand_format(value, config));
    default:
      return value.integer(field.lo, field.hi);
  }
}

/// Keys of the other datapath are refused as what they are; a format has no default.
void check_datapath(const VectorNode& node, const OpEntry& entry, const HwConfig& config) {
  if (!config.floating()) {
    for (const char* key : {"format", "bf16_entries", "relu", "saturate", "stochastic"})
      if (const auto found = node.find(key)) found->fail("asks for floating point, expected a command of integers: " + config.name + " is an integer tile");
    return;
  }
  const std::string has = config.name + " is a floating-point tile (" + format_list(config) + ")";
  for (const char* key :
       {"weight_unsigned", "activation_unsigned", "output_unsigned", "single", "table", "zero_point", "clamp_lo", "clamp_hi", "multiplier", "shift"})
    if (const auto found = node.find(key)) found->fail("asks for integers, expected a command of floating point: " + has);
  const bool raw = entry.op == Op::Activate && node.boolean_or("raw", false);
  const bool takes = entry.op == Op::LoadWeights || entry.op == Op::Matmul || (entry.op == Op::Activate && !raw);
  if (takes && !node.has("format")) node.fail(std::string("has no format, expected one") + (entry.op == Op::Activate ? " or raw: true" : "") + ": " + has);
}

Command read_fields(const VectorNode& node, const HwConfig& config, size_t position) {
  const OpEntry& entry = find_op(node.at("op"), config.floating() ? floating_ops() : integer_ops());
  check_datapath(node, entry, config);
  std::vector<std::string_view> keys{"op", "tag", "repeat"};
  for (const FieldKey& field : entry.fields) keys.push_back(field.key);
  if (entry.op == Op::LoadTable) keys.push_back("bytes");
  if (entry.op == Op::LoadWeights || entry.op == Op::Matmul) keys.push_back("data");
  node.keys(keys);
  Command command;
  set_defaults(node, config, command);
  command.op = entry.op;
  command.tag = static_cast<uint8_t>(node.integer_or("tag", static_cast<int64_t>(position & 0xFF), 0, 255));
  for (const FieldKey& field : entry.fields)
    if (const auto value = node.find(field.key)) field.set(command, read_value(*value, field, entry.op, config));
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

/// Reads the stream data of LOAD_WEIGHTS and MATMUL.
class DataReader {
 public:
  DataReader(OperandReader& operands, const Planner& planner) : operands_(operands), planner_(planner) {}

  /// Data of a legal command: at least `least` columns, missing ones up to the stream's width are 0.
  std::vector<uint8_t> read(const VectorNode& node, const Command& command, int rows, int least, int width) {
    const functional::Matrix values = matrix(operands_, node, command, {rows, width});
    if (values.rows != rows || values.cols < least || values.cols > width)
      node.fail("has shape " + shape_text({values.rows, values.cols}) + ", expected [" + std::to_string(rows) + ", " +
                (least == width ? "" : std::to_string(least) + " to ") + std::to_string(width) + "]");
    const HwConfig& config = planner_.config();
    LaneRows lanes(config, rows, width, config.floating() ? format_bits(static_cast<Format>(command.format)) : 8);
    for (int r = 0; r < values.rows; ++r)
      for (int c = 0; c < values.cols; ++c) lanes.put(r, c, values.at(r, c));
    return lanes.take();
  }

  /// m of a MATMUL that does not name it: the rows of its data.
  void infer_rows(const VectorNode& node, Command& command) {
    const auto data = node.find("data");
    if (command.op != Op::Matmul || node.has("m") || !data) return;
    if (data->is_scalar()) data->fail("is one value, expected m beside it");
    const HwConfig& config = planner_.config();
    if (config.floating() && (command.format >= kFormats || !config.has(static_cast<Format>(command.format)))) return;
    OperandReader copy = operands_;  // random operands count: they are read again
    command.m = std::min(matrix(copy, *data, command, {}).rows, 65535);
  }

 private:
  functional::Matrix matrix(OperandReader& operands, const VectorNode& node, const Command& command, const std::vector<int>& implied) const {
    const bool weights = command.op == Op::LoadWeights;
    if (planner_.config().floating()) {
      const CodeType type(static_cast<Format>(command.format), weights ? KAxis::Rows : KAxis::Columns);
      return operands.matrix(node, type, planner_.jobs(), implied);
    }
    const bool is_unsigned = weights ? command.weight_unsigned : command.activation_unsigned;
    return operands.matrix(node, is_unsigned ? kUInt8 : kInt8, planner_.jobs(), implied);
  }

  OperandReader& operands_;
  const Planner& planner_;
};

}  // namespace

void read_command(const VectorNode& node, OperandReader& operands, Planner& planner, size_t position) {
  const HwConfig& config = planner.config();
  CommandWord word{};
  if (!node.is_map()) node.expected("a mapping with op or word");
  DataReader reader(operands, planner);
  if (node.has("word")) {
    word = read_word(node);
  } else {
    Command command = read_fields(node, config, position);
    reader.infer_rows(node, command);
    word = encode(command, datapath(config));
  }
  const Command command = decode(word, datapath(config));
  const Status status = check_command(word, config);
  const auto data = node.find("data");
  const bool takes_data = status == Status::Ok && (command.op == Op::LoadWeights || command.op == Op::Matmul);
  if (data && !takes_data)
    data->fail(status == Status::Ok
                   ? "stands beside a command that takes none, expected only for load_weights and matmul"
                   : "stands beside an illegal command (status " + std::to_string(static_cast<int>(status)) + "), expected none: it takes no stream data");
  std::vector<uint8_t> weights, activations;
  if (takes_data && command.op == Op::LoadWeights) weights = reader.read(node.at("data"), command, command.k, 1, config.cols);
  if (takes_data && command.op == Op::Matmul) activations = reader.read(node.at("data"), command, command.m, command.k, config.rows);
  for (int64_t left = node.integer_or("repeat", 1, 1, 100000); left > 0; --left) planner.command(word, weights, activations);
}

}  // namespace assay::npu
