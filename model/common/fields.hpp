// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace assay {

enum class FieldClass : uint8_t { Register, Control, Flag, Counter, Pin, Fifo, Memory };

/// How a field's storage is divided into vectors (spec section 14, Image).
enum class Split : uint8_t {
  None,     ///< one vector (or one memory of `depth` words)
  Row,      ///< shape [R][C]: one vector of C lanes per row
  Column,   ///< shape [C][E]: one memory or vector per column
  Element,  ///< shape [n]: each element is a vector of its own
};

/// One vector or memory of a field. `data` is the packed image of spec section 14: lane 0 least significant; up to 8, 16, 32, 64 bits
/// in one 1, 2, 4, 8 byte integer, wider ones in little-endian 32-bit words; unused upper bits 0.
struct FieldPart {
  const void* data = nullptr;        ///< first byte; stays valid and fixed for the life of the model
  const ptrdiff_t* slide = nullptr;  ///< when not null, the image begins at data + *slide bytes, read anew each cycle
};

/// One observed field of the spec's table: what it is, and where the model keeps it.
struct Field {
  std::string block;       ///< pe, array, accumulators, activation, tile
  std::string name;        ///< the register's name without `_q`
  std::vector<int> shape;  ///< [] scalar, [n], [R][C]; memories [slots] or [C][E]
  int width = 1;           ///< bits of one element
  std::string format;      ///< int8, uint8, int32, bit, uint, bits
  FieldClass cls = FieldClass::Register;
  std::string valid;  ///< "" (always), "occupied", "written", "out_valid", "rsp_valid"
  Split split = Split::None;
  bool memory = false;           ///< words of `width` bits that are compared when written, read, and at full compares
  std::vector<FieldPart> parts;  ///< 1, or one per row, column or element
};

constexpr size_t image_bytes(int bits) { return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : bits <= 64 ? 8 : 4 * static_cast<size_t>((bits + 31) / 32); }

}  // namespace assay
