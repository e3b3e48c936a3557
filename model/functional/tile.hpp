// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "model/common/command.hpp"
#include "model/common/config.hpp"
#include "model/functional/floating_engine.hpp"
#include "model/functional/integer_engine.hpp"

namespace assay::functional {

/// What one command brings to the response stream. The data of READ_COUNTER are cycles: unknown here.
struct Response {
  uint8_t status = 0, tag = 0;
  bool data_known = false;
  uint32_t data = 0;
  bool operator==(const Response&) const = default;
};

/// The tile without time, integer or floating-point as its config says: commands take effect one after the other, which the tickets of spec
/// section 7 guarantee to be indistinguishable on the output and response streams.
class FunctionalTile {
 public:
  explicit FunctionalTile(const HwConfig& config);

  /// Reset of spec section 1: registers and written bits; memories keep values nobody may see.
  void reset();

  /// Appends rows of C weight lanes, beats of R activation lanes, to what the streams will bring.
  void push_weights(std::span<const uint8_t> bytes);
  void push_activations(std::span<const uint8_t> bytes);

  /// Executes one command. Throws std::logic_error when the streams do not hold the data a legal command takes: the tile would wait forever.
  void execute(const CommandWord& word);

  /// Output lanes and responses since the last take.
  std::vector<uint32_t> take_beats();  ///< C lanes per beat
  std::vector<Response> take_responses();

  uint32_t flags() const { return engine().flags(); }  ///< `flags_o`
  /// The datapath's own state; only the one the config has.
  const IntegerEngine& integer() const { return *integer_; }
  const FloatingEngine& floating() const { return *floating_; }
  /// Stream bytes pushed but not taken.
  size_t weights_left() const { return weights_in_.size() - weight_pos_; }
  size_t activations_left() const { return acts_in_.size() - act_pos_; }

 private:
  Engine& engine() const;
  void load_weights(const Command& command);
  void matmul(const Command& command);

  HwConfig config_;
  std::unique_ptr<IntegerEngine> integer_;  ///< one of the two
  std::unique_ptr<FloatingEngine> floating_;
  std::vector<uint8_t> weights_in_, acts_in_;
  size_t weight_pos_ = 0, act_pos_ = 0;
  std::vector<uint32_t> beats_;
  std::vector<Response> responses_;
};

}  // namespace assay::functional
