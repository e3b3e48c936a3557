// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "cosim/common/pattern.hpp"
#include "cosim/engine/lockstep.hpp"
#include "model/common/config.hpp"

namespace assay {
namespace {

std::string shape_text(const Field& field) {
  std::string text;
  for (int n : field.shape) text += "[" + std::to_string(n) + "]";
  return text.empty() ? "a scalar" : text;
}

[[noreturn]] void fail(const std::string& text, const std::string& why) { throw InputError("command line:1: --fault: '" + text + "': " + why); }

uint64_t number(const std::string& digits, const std::string& text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) fail(text, digits + " is too large");
  return value;
}

}  // namespace

Fault parse_fault(const std::string& text, const std::vector<Field>& fields) {
  static const Pattern kForm(R"(([a-z]+)\.([a-z0-9_]+)((?:\[[0-9]+\])*):([0-9]+)@([0-9]+))");
  const std::vector<std::string> match = kForm.match(text);
  if (match.empty()) fail(text, "expected BLOCK.NAME[i][j]:BIT@CYCLE, e.g. pe.psum[2][3]:7@100");
  Fault fault;
  fault.text = text;
  for (fault.field = 0; fault.field < fields.size(); ++fault.field) {
    if (fields[fault.field].block == match[1] && fields[fault.field].name == match[2]) break;
  }
  if (fault.field == fields.size()) fail(text, "no such field; `assay list --fields` names them all");
  const Field& field = fields[fault.field];
  static const Pattern kIndex(R"(\[([0-9]+)\])");
  for (const auto& index : kIndex.all(match[3])) fault.index.push_back(static_cast<int64_t>(number(index[1], text)));
  bool inside = fault.index.size() == field.shape.size();
  for (size_t i = 0; inside && i < fault.index.size(); ++i) inside = fault.index[i] < field.shape[i];
  if (!inside) fail(text, "the index does not fit, " + field.block + "." + field.name + " is " + shape_text(field));
  const uint64_t bit = number(match[4], text);
  if (bit >= static_cast<uint64_t>(field.width)) fail(text, "bit out of range, the element has " + std::to_string(field.width) + " bits");
  fault.bit = static_cast<int>(bit);
  fault.cycle = number(match[5], text);
  return fault;
}

}  // namespace assay
