// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/stimulus/words.hpp"

#include <optional>
#include <vector>

namespace assay::npu {
namespace {

bool bit(const CommandWord& word, int at) { return (word[static_cast<size_t>(at) / 32] >> (at % 32) & 1) != 0; }

void set_bit(CommandWord& word, int at, bool on) {
  uint32_t& part = word[static_cast<size_t>(at) / 32];
  part = (part & ~(1u << (at % 32))) | static_cast<uint32_t>(on) << (at % 32);
}

int64_t lowest(const CommandField& field) { return field.is_signed ? -(int64_t{1} << (field.width - 1)) : 0; }
int64_t highest(const CommandField& field) { return (int64_t{1} << (field.is_signed ? field.width - 1 : field.width)) - 1; }
bool legal(const CommandWord& word, const HwConfig& config) { return check_command(word, config) == Status::Ok; }

std::vector<CommandField> fields_of(const CommandWord& word, const HwConfig& config) {
  return command_fields(decode(word, datapath(config)).op, datapath(config));
}

/// A field beyond an end of its legal range; nothing where everything its bits hold is legal.
std::optional<CommandWord> beyond(const CommandWord& word, const CommandField& field, bool upwards, bool far, const HwConfig& config, Random& random) {
  const int64_t end = legal_end(word, field, upwards, config), last = upwards ? highest(field) : lowest(field);
  if (end == last) return std::nullopt;
  const int64_t near = upwards ? end + 1 : end - 1;
  const int64_t value = far ? random.range(std::min(near, last), std::max(near, last)) : near;
  const CommandWord out = with_field(word, field, value);
  return legal(out, config) ? std::nullopt : std::optional(out);
}

CommandWord unknown_opcode(const HwConfig& config, Random& random) {
  CommandWord out{};
  for (uint32_t& part : out) part = static_cast<uint32_t>(random.next());
  const uint64_t first = random.below(16);
  for (uint64_t i = 0; i < 16; ++i) {
    out[0] = (out[0] & ~15u) | static_cast<uint32_t>((first + i) % 16);
    if (check_command(out, config) == Status::UnknownOp) break;
  }
  return out;
}

}  // namespace

int64_t field_value(const CommandWord& word, const CommandField& field) {
  uint64_t value = 0;
  for (int i = 0; i < field.width; ++i) value |= uint64_t{bit(word, field.lowest + i)} << i;
  if (field.is_signed && bit(word, field.lowest + field.width - 1)) value |= ~uint64_t{0} << field.width;
  return static_cast<int64_t>(value);
}

CommandWord with_field(CommandWord word, const CommandField& field, int64_t value) {
  for (int i = 0; i < field.width; ++i) set_bit(word, field.lowest + i, (value >> i & 1) != 0);
  return word;
}

int64_t legal_end(const CommandWord& word, const CommandField& field, bool upwards, const HwConfig& config) {
  const auto allowed = [&](int64_t value) { return legal(with_field(word, field, value), config); };
  // good is legal; bad is one step out of the field or illegal. A range with holes gives the end of some stretch of it.
  int64_t good = field_value(word, field), bad = upwards ? highest(field) + 1 : lowest(field) - 1;
  while (bad - good > 1 || good - bad > 1) {
    const int64_t middle = good + (bad - good) / 2;
    (allowed(middle) ? good : bad) = middle;
  }
  return good;
}

CommandWord edge_word(const CommandWord& word, const HwConfig& config, Random& random) {
  const auto fields = fields_of(word, config);
  if (fields.empty()) return word;
  const CommandField& field = fields[random.below(fields.size())];
  return with_field(word, field, legal_end(word, field, random.chance(0.6), config));
}

CommandWord illegal_word(const CommandWord& word, const HwConfig& config, Random& random) {
  const auto fields = fields_of(word, config);
  for (int attempt = 0; attempt < 12; ++attempt) {
    const uint64_t way = random.below(8);
    if (way == 0) return unknown_opcode(config, random);
    if (way == 1 || fields.empty()) {
      CommandWord out = word;
      const auto at = static_cast<int>(random.below(128));
      set_bit(out, at, !bit(out, at));
      if (!legal(out, config)) return out;
      continue;
    }
    const CommandField& field = fields[random.below(fields.size())];
    const bool upwards = random.chance(0.6), far = random.chance(0.3);
    auto out = beyond(word, field, upwards, far, config, random);
    if (!out) continue;
    if (random.chance(0.2)) {  // a second reason: the lowest status counts
      const CommandField& other = fields[random.below(fields.size())];
      out = with_field(*out, other, random.chance(0.5) ? highest(other) : lowest(other));
    }
    if (!legal(*out, config)) return *out;
  }
  return unknown_opcode(config, random);
}

}  // namespace assay::npu
