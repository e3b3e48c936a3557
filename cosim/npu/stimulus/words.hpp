// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/common/random.hpp"
#include "model/common/command.hpp"
#include "model/common/config.hpp"

// Command words at and beyond the limits of what is legal. The limits are not listed here: they are searched for in the command table and the rules of
// spec section 4, so that they are those of any config.
namespace assay::npu {

/// The value of a field of the word.
int64_t field_value(const CommandWord& word, const CommandField& field);
CommandWord with_field(CommandWord word, const CommandField& field, int64_t value);

/// The furthest value of a field to which every step from the word's own is legal. Precondition: the word is legal.
int64_t legal_end(const CommandWord& word, const CommandField& field, bool upwards, const HwConfig& config);

/// A legal word with one field at an end of its range; the word itself where it has no fields.
CommandWord edge_word(const CommandWord& word, const HwConfig& config, Random& random);

/// An illegal word near a legal one: a field one step (or anywhere) beyond its end, a reserved bit, an unknown opcode, or two of these.
CommandWord illegal_word(const CommandWord& word, const HwConfig& config, Random& random);

}  // namespace assay::npu
