// SPDX-License-Identifier: Apache-2.0
#include "cosim/dpi/session.hpp"

#include <charconv>
#include <cstring>

#include "cosim/dpi/assay_dpi.h"

namespace assay::dpi {
namespace {

constexpr size_t kBeatBytes = 256;  ///< 2048 bits

std::string shape_text(const Field& field) {
  std::string text = field.block + "." + field.name;
  for (int n : field.shape) text += "[0…" + std::to_string(n - 1) + "]";
  return text;
}

}  // namespace

HandModel::HandModel(const HwConfig& config) : tile_(config) { restart(); }

void HandModel::restart() {
  tile_.restart();
  inputs_ = {};
  inputs_.cmd_data = command_.data();
  inputs_.weight_data = weights_.data();
  inputs_.act_data = activations_.data();
}

void HandModel::drive(int pins, const uint32_t* cmd_data, const uint32_t* weight_data, const uint32_t* act_data) {
  const auto pin = [pins](int mask) { return (pins & mask) != 0; };
  inputs_.rst_n = pin(ASSAY_DPI_RST_N);
  inputs_.cmd_valid = pin(ASSAY_DPI_CMD_VALID);
  inputs_.weight_valid = pin(ASSAY_DPI_WEIGHT_VALID);
  inputs_.act_valid = pin(ASSAY_DPI_ACT_VALID);
  inputs_.out_ready = pin(ASSAY_DPI_OUT_READY);
  inputs_.rsp_ready = pin(ASSAY_DPI_RSP_READY);
  std::memcpy(command_.data(), cmd_data, sizeof command_);
  std::memcpy(weights_.data(), weight_data, kBeatBytes);
  std::memcpy(activations_.data(), act_data, kBeatBytes);
}

HandModel::Element HandModel::element(const std::string& text) const {
  const auto fail = [&text](const std::string& why) { return InputError("element:1: " + text + ": " + why); };
  const size_t dot = text.find('.'), bracket = std::min(text.find('['), text.size());
  if (dot == std::string::npos || dot > bracket) throw fail("is no element, expected BLOCK.NAME[i][j]");
  const auto index = find_field(tile_.fields(), text.substr(0, dot), text.substr(dot + 1, bracket - dot - 1));
  if (!index) throw fail("no such field; `assay list --fields` names them all");
  const Field& field = tile_.fields()[*index];
  std::vector<int64_t> at;
  const char* p = text.data() + bracket;
  const char* end = text.data() + text.size();
  while (p != end) {
    int64_t value = -1;
    const auto [stop, error] = std::from_chars(*p == '[' ? p + 1 : p, end, value);
    if (*p != '[' || error != std::errc{} || stop == end || *stop != ']') throw fail("is no element, expected " + shape_text(field));
    at.push_back(value);
    p = stop + 1;
  }
  bool inside = at.size() == field.shape.size();
  for (size_t i = 0; inside && i < at.size(); ++i) inside = at[i] >= 0 && at[i] < field.shape[i];
  if (!inside) throw fail("the index does not fit, expected " + shape_text(field));
  return {&field, place_of(field, at)};
}

bool HandModel::bit(const Element& e, int bit) const { return get_bit(*e.field, reference_image(e.field->parts[e.place.part]), e.place.element, bit); }

std::string report_text(const HwConfig& config, const LockstepResult& result) {
  std::string text = std::string("assay: ") + verdict_name(result.verdict) + " on " + config.name + " after " + std::to_string(result.cycles) + " cycles";
  if (!result.reason.empty()) text += ": " + result.reason;
  uint64_t compared = 0;
  for (const ClassCount& count : result.counts) compared += count.done;
  text += "\n  " + std::to_string(compared) + " values compared, " + std::to_string(result.full_compares) + " full memory compares\n";
  for (const Mismatch& m : result.mismatches) {
    std::string index;
    for (int64_t i : m.index) index += "[" + std::to_string(i) + "]";
    text += "  cycle " + std::to_string(m.cycle) + ": " + m.kind + " " + m.block + "." + m.field + index;
    text += m.kind == "assertion" ? " broken\n" : ": rtl " + m.rtl + ", model " + m.model + (m.xor_.empty() ? "" : ", xor " + m.xor_) + "\n";
  }
  return text;
}

}  // namespace assay::dpi
