// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/error_class.hpp"

#include "cosim/engine/element.hpp"

namespace assay {

const char* error_class_name(ErrorClass error) {
  static constexpr const char* kNames[] = {"held", "moved", "wrong"};
  return kNames[static_cast<size_t>(error)];
}

std::optional<ErrorClass> error_class(const Trace& trace, const Mismatch& first) {
  const uint64_t now = first.cycle;
  if (now == 0 || trace.empty() || !trace.holds(now) || !trace.holds(now - 1)) return std::nullopt;
  const auto& fields = trace.fields();
  for (size_t f = 0; f < fields.size(); ++f) {
    if (fields[f].block != first.block || fields[f].name != first.field) continue;
    const ElementPlace place = place_of(fields[f], first.index);
    const auto moves = [&](Side side) { return trace.hex(side, now, f, place) != trace.hex(side, now - 1, f, place); };
    const bool rtl = moves(Side::Rtl), model = moves(Side::Model);
    return rtl == model ? ErrorClass::Wrong : rtl ? ErrorClass::Moved : ErrorClass::Held;
  }
  return std::nullopt;
}

}  // namespace assay
