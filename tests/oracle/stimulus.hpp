// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "cosim/common/random.hpp"
#include "tests/oracle/number.hpp"

namespace assay::oracle {

constexpr std::array<Format, 5> kOperandFormats{Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn};
constexpr std::array<Format, 3> kFp8{Format::E5m2, Format::E4m3, Format::E4m3fn};

/// Operands of one multiply-add.
struct MacCase {
  uint32_t a, b, c;
  Format fa, fb;
};
/// One conversion from FP32.
struct CastCase {
  uint32_t x;
  Format g;
  bool saturate;
  std::optional<uint16_t> random;
};
/// One code to decode.
struct DecodeCase {
  uint32_t code;
  Format f;
};
std::string describe(const MacCase& c);
std::string describe(const CastCase& c);
std::string describe(const DecodeCase& c);

/// All finite values of a format, by code: exact in float.
const std::vector<float>& values_of(Format f);

/// Multiply-adds biased to where datapaths break. Case i is a pure function of (formats, seed, i), its kind is i modulo kKinds.
class MacStimulus {
 public:
  enum Kind {
    AllBits,        ///< every bit uniform
    Corners,        ///< exponents and mantissas at their ends
    Cancel,         ///< c = −product to within 3 ulp
    PartlyCancel,   ///< opposite signs, exponents within 2
    TieOnAddend,    ///< the product's lowest one is half an ulp of c
    NearTie,        ///< the product is between a quarter and one ulp of c
    StickyFar,      ///< one addend is far below the other's ulp
    TieOnProduct,   ///< c's lowest one is half an ulp of the product
    Subnormal,      ///< product or c below 2^−120
    UnderflowEdge,  ///< the sum is next to 2^−126
    OverflowEdge,   ///< the sum is next to 2^128
    Zeros,          ///< a zero factor, c zero or not
    Specials,       ///< NaN of both kinds, infinity, zero, finite in every place
    ProductOnly,    ///< c = ±0
    RoundingCarry,  ///< c all ones, product about half an ulp
    SubnormalTie,   ///< c subnormal, the product's lowest one is 2^−150
    kKinds
  };

  MacStimulus(Format fa, Format fb, uint64_t seed) : fa_(fa), fb_(fb), seed_(seed) {}
  MacCase at(uint64_t i) const;

 private:
  Format fa_, fb_;
  uint64_t seed_;
};

/// Addends that tell most about one product: both zeros, its exact opposite and a neighbour of it, a tie, one far away, a subnormal
/// number, and a NaN, infinity or max finite.
std::vector<uint32_t> telling_addends(uint32_t a, Format fa, uint32_t b, Format fb);

/// Multiply-adds with every bit uniform.
MacCase uniform_mac(Format fa, Format fb, uint64_t seed, uint64_t i);

/// Pairs of FP32 numbers (a, c of a MacCase with b = 1) for the fused add alone, built as MacStimulus builds them.
struct AddCase {
  uint32_t x, y;
};
std::string describe(const AddCase& c);
AddCase corner_add(uint64_t seed, uint64_t i);
/// Sums that FP32 rounds onto a midpoint between two BF16 numbers.
AddCase double_rounding_add(uint64_t seed, uint64_t i);

/// FP32 numbers at which a conversion to g decides: every value of g, every midpoint (also the one above max finite), both signs,
/// each with its two FP32 neighbours; then zeros, infinities, NaNs and FP32's own ends. Integer formats: halves of integers.
std::vector<uint32_t> encode_points(Format g);

/// R values that decide for the 8-bit formats: the ends, the middle, quarters, and their neighbours.
inline std::vector<uint16_t> fp8_randoms() { return {0, 1, 2, 0x3FFF, 0x4000, 0x7FFE, 0x7FFF, 0x8000, 0x8001, 0xBFFF, 0xFFFE, 0xFFFF}; }

/// Conversions biased to decisions: points of encode_points, thresholds of stochastic rounding solved for R, ends of the range.
class CastStimulus {
 public:
  CastStimulus(Format g, uint64_t seed) : g_(g), seed_(seed), points_(encode_points(g)) {}
  CastCase at(uint64_t i) const;

 private:
  Format g_;
  uint64_t seed_;
  std::vector<uint32_t> points_;
};
CastCase uniform_cast(Format g, uint64_t seed, uint64_t i);

}  // namespace assay::oracle
