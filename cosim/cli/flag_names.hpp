// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "cosim/common/json.hpp"

namespace assay::cli {

/// One bit of flags_o: the engine that raised it, and the flag's name without the engine.
struct FlagName {
  const char *engine, *name;
};

/// flags_o of the integer tile, bit 0 first (docs/spec.md section 13).
inline constexpr std::array<FlagName, 5> kIntegerFlags = {
    {{"accumulators", "overflow"}, {"accumulators", "undefined"}, {"activation", "overflow"}, {"activation", "undefined"}, {"activation", "saturated"}}};

/// flags_o of the floating-point tile, bit 0 first (docs/spec.md section 17.2).
inline constexpr std::array<FlagName, 13> kFloatFlags = {{{"array", "inexact"},
                                                          {"array", "underflow"},
                                                          {"array", "overflow"},
                                                          {"array", "invalid"},
                                                          {"accumulators", "inexact"},
                                                          {"accumulators", "underflow"},
                                                          {"accumulators", "overflow"},
                                                          {"accumulators", "invalid"},
                                                          {"accumulators", "undefined"},
                                                          {"activation", "inexact"},
                                                          {"activation", "underflow"},
                                                          {"activation", "overflow"},
                                                          {"activation", "invalid"}}};

/// The flags that are set, by engine: {"array": […], "accumulators": […], "activation": […]}.
inline Json flags_json(unsigned flags, bool floating) {
  Json json = {{"array", Json::array()}, {"accumulators", Json::array()}, {"activation", Json::array()}};
  const FlagName* names = floating ? kFloatFlags.data() : kIntegerFlags.data();
  const size_t count = floating ? kFloatFlags.size() : kIntegerFlags.size();
  for (size_t i = 0; i < count; ++i)
    if ((flags >> i & 1) != 0) json[names[i].engine].push_back(names[i].name);
  return json;
}

}  // namespace assay::cli
