// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>

#include "cosim/dpi/bench_run.hpp"
#include "cosim/dpi/checker.hpp"
#include "cosim/engine/element.hpp"
#include "model/tile/tile.hpp"

namespace assay::dpi {

/// The model stepped by hand.
class HandModel {
 public:
  explicit HandModel(const HwConfig& config);

  void restart();
  void drive(int pins, const uint32_t* cmd_data, const uint32_t* weight_data, const uint32_t* act_data);
  void step() { tile_.step(inputs_); }

  struct Element {
    const Field* field;
    ElementPlace place;
  };
  /// Throws InputError for what is no element of the field table.
  Element element(const std::string& text) const;
  bool bit(const Element& element, int bit) const;

 private:
  Tile tile_;
  TileInputs inputs_;
  std::array<uint32_t, 4> command_{};
  std::array<uint8_t, 1024> weights_{}, activations_{};  ///< the widest beat and what the model may read behind it
};

/// What stands behind a handle.
struct Session {
  HwConfig config;
  bool configured = false;
  std::unique_ptr<HandModel> model;
  std::unique_ptr<Checker> checker;
  std::unique_ptr<BenchRun> bench;
  std::string error, report;
};

/// The verdict of a run in words, a line per difference.
std::string report_text(const HwConfig& config, const LockstepResult& result);

}  // namespace assay::dpi
