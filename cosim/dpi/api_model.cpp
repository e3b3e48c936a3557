// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <functional>

#include "cosim/dpi/api.hpp"

namespace assay::dpi {
namespace {

constexpr int kValueWords = 128;  ///< 4096 bits

/// Runs `body(model)` on the handle's model, which is made by the first call.
template <class Body>
int with_model(void* handle, Body body) noexcept {
  return guarded(handle, [&](Session& s) -> int {
    if (!s.configured) return failed(s, ASSAY_DPI_ORDER, "the handle has no config yet, expected assay_dpi_configure before it");
    if (!s.model) s.model = std::make_unique<HandModel>(s.config);
    return body(s, *s.model);
  });
}

std::string hex_text(int bits, const std::function<bool(int)>& bit) {
  std::string text;
  for (int low = (bits - 1) / 4 * 4; low >= 0; low -= 4) {
    int digit = 0;
    for (int b = 0; b < 4 && low + b < bits; ++b) digit |= bit(low + b) ? 1 << b : 0;
    text += "0123456789abcdef"[digit];
  }
  return text;
}

/// Which group of input pins holds X while it counts, as text; empty when none does.
const char* unknown_group(int pins, int unknown) {
  if ((unknown & ASSAY_DPI_X_HANDSHAKE) != 0) return "reset, valid and ready inputs";
  if ((unknown & ASSAY_DPI_X_COMMAND) != 0 && (pins & ASSAY_DPI_CMD_VALID) != 0) return "command data";
  if ((unknown & ASSAY_DPI_X_WEIGHT) != 0 && (pins & ASSAY_DPI_WEIGHT_VALID) != 0) return "weight data";
  if ((unknown & ASSAY_DPI_X_ACTIVATION) != 0 && (pins & ASSAY_DPI_ACT_VALID) != 0) return "activation data";
  return nullptr;
}

}  // namespace
}  // namespace assay::dpi

using namespace assay::dpi;

ASSAY_DPI_EXPORT int assay_dpi_model_restart(void* handle) {
  return with_model(handle, [](Session&, HandModel& model) {
    model.restart();
    return ASSAY_DPI_OK;
  });
}

ASSAY_DPI_EXPORT int assay_dpi_model_drive(void* handle, int pins, const uint32_t* cmd_data, const uint32_t* weight_data, const uint32_t* act_data,
                                           int unknown) {
  return with_model(handle, [&](Session& s, HandModel& model) -> int {
    require(cmd_data, "cmd_data");
    require(weight_data, "weight_data");
    require(act_data, "act_data");
    if (const char* group = unknown_group(pins, unknown)) return failed(s, ASSAY_DPI_UNKNOWN_BITS, std::string("X or Z in ") + group + ": nothing was driven");
    model.drive(pins, cmd_data, weight_data, act_data);
    return ASSAY_DPI_OK;
  });
}

ASSAY_DPI_EXPORT int assay_dpi_model_step(void* handle) {
  return with_model(handle, [](Session&, HandModel& model) {
    model.step();
    return ASSAY_DPI_OK;
  });
}

ASSAY_DPI_EXPORT int assay_dpi_model_width(void* handle, const char* element) {
  return with_model(handle, [&](Session&, HandModel& model) {
    require(element, "element");
    return model.element(element).field->width;
  });
}

ASSAY_DPI_EXPORT int assay_dpi_model_read(void* handle, const char* element, uint32_t* value) {
  return with_model(handle, [&](Session&, HandModel& model) {
    require(element, "element");
    require(value, "value");
    const HandModel::Element e = model.element(element);
    std::memset(value, 0, kValueWords * sizeof *value);
    for (int b = 0; b < e.field->width; ++b) value[b / 32] |= static_cast<uint32_t>(model.bit(e, b)) << (b % 32);
    return ASSAY_DPI_OK;
  });
}

ASSAY_DPI_EXPORT int assay_dpi_model_compare(void* handle, const char* element, const uint32_t* value, int unknown) {
  return with_model(handle, [&](Session& s, HandModel& model) -> int {
    require(element, "element");
    require(value, "value");
    const HandModel::Element e = model.element(element);
    if (unknown != 0) return failed(s, ASSAY_DPI_UNKNOWN_BITS, std::string("X or Z in ") + element + ": not compared");
    const auto theirs = [value](int b) { return (value[b / 32] >> (b % 32) & 1) != 0; };
    const auto ours = [&](int b) { return model.bit(e, b); };
    for (int b = 0; b < e.field->width; ++b) {
      if (theirs(b) == ours(b)) continue;
      return failed(s, ASSAY_DPI_DIFFERS,
                    std::string(element) + ": is " + hex_text(e.field->width, theirs) + ", the model has " + hex_text(e.field->width, ours));
    }
    return ASSAY_DPI_OK;
  });
}
