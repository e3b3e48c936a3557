// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/common/config.hpp"
#include "model/common/fields.hpp"

namespace assay::dpi {

/// One member of the packed struct that a checker hands over in every cycle. Members lie one after the other, the first one least significant;
/// each fills whole bytes, so that the struct's 32-bit words are the images of spec section 14 as they stand.
struct ObservedMember {
  std::string name;
  int bits = 0;       ///< of the value; upper bits of its bytes are 0
  size_t bytes = 0;   ///< 1, 2 or a multiple of 4
  size_t offset = 0;  ///< in bytes
};

/// Vector `part` of a field that is compared in every cycle, in this member.
struct ObservedPart {
  size_t field = 0, part = 0, member = 0;
};

/// A word of a memory that was written by the last edge or is read in this cycle: the member with its address, and the one with the word.
struct ObservedWord {
  enum class Port : uint8_t { FifoNewest, FifoHead, SumWritten, SumAccumulated, SumRead, TableWritten, TableRead } port;
  size_t field = 0, part = 0;
  size_t entry = 0, word = 0;  ///< members
  size_t lane = 0;             ///< that reads the table
};

/// A memory that is handed over in full by a call of its own: its words one after the other.
struct ObservedMemory {
  size_t field = 0, part = 0;
  uint64_t words = 0;
  size_t bytes = 0;  ///< of one word's image
};

/// What the SystemVerilog side hands over for one config, derived from the field table alone.
struct Observation {
  std::vector<ObservedMember> members;
  std::vector<ObservedPart> parts;
  std::vector<ObservedWord> words;
  std::vector<ObservedMemory> memories;
  std::vector<size_t> inputs;  ///< members of the input pins, in the order of kInputs
  size_t state_bytes = 0;      ///< members before that are registers and pins that are never undefined
  size_t bytes = 0;            ///< of all, a multiple of 4

  static constexpr int kInputCount = 9;
  static constexpr const char* kInputs[kInputCount] = {"rst_ni",      "cmd_valid_i", "weight_valid_i", "act_valid_i", "out_ready_i",
                                                       "rsp_ready_i", "cmd_data_i",  "weight_data_i",  "act_data_i"};
  size_t memory_bytes() const;  ///< of the largest memory
};

Observation observation_of(const HwConfig& config, const std::vector<Field>& fields);

/// 16 hex digits over the field table and the members: equal hashes mean that both sides read the same bits.
std::string observation_hash(const HwConfig& config, const std::vector<Field>& fields);

}  // namespace assay::dpi
