// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cosim/common/random.hpp"

namespace assay::npu {

/// Version of what follows from a seed in this folder: a change of any distribution raises it. It enters every stream of random numbers.
inline constexpr uint64_t kStimulusVersion = 3;

/// What a stretch of commands is about.
enum class Order : uint8_t { Job, Switch, Handover, Params, Barrier, Triples, Random, Directed, Overflow, Reset, Idle };
/// What the operands of one command are made of.
enum class Values : uint8_t { Uniform, Zeros, Ones, Extremes, Powers, Corners, Subnormal, Specials, Storm, Ties, Cancel, Sparse, Small, Network };
/// Sizes beside the limit of their dimension (rows, columns, entries).
enum class Shape : uint8_t { Any, One, Below, Tile, Above, Multiple, Max };
/// How a stream is held back.
enum class Stall : uint8_t { None, Light, Heavy, Burst, PingPong, Long };
/// Where solved operands make a result land.
enum class Landing : uint8_t { Tie, NearTie, Overflow, Subnormal, Zero, Saturate, Special };
/// Share of illegal commands.
enum class Illegal : uint8_t { None, Some, Many };

/// What a generated program leans to: a dial per question, each left alone (the program draws it anew wherever it comes up) or pinned to one setting.
/// As text `order=job,values=ties`, the dials in the order of dial_table(): that text behind a test's name is all a variation of a program needs.
class Dials {
 public:
  static constexpr size_t kCount = 6;
  struct Dial {
    std::string_view name, description;
    std::vector<std::string_view> settings;
  };
  static const std::array<Dial, kCount>& table();

  /// Throws InputError; `where` is the message's beginning. An empty text pins nothing.
  static Dials parse(std::string_view text, const std::string& where);
  std::string text() const;

  /// The pinned setting, or one drawn by `weight` (one per setting).
  Order order(Random& random) const { return static_cast<Order>(draw(0, kOrderWeights, random)); }
  Values values(Random& random) const { return static_cast<Values>(draw(1, kValueWeights, random)); }
  Shape shape(Random& random) const { return static_cast<Shape>(draw(2, kShapeWeights, random)); }
  Stall stall(Random& random) const { return static_cast<Stall>(draw(3, kStallWeights, random)); }
  Landing landing(Random& random) const { return static_cast<Landing>(draw(4, kLandingWeights, random)); }
  Illegal illegal(Random& random) const { return static_cast<Illegal>(draw(5, kIllegalWeights, random)); }
  bool pinned(size_t dial) const { return setting_[dial] >= 0; }

  size_t setting(size_t dial) const { return static_cast<size_t>(setting_[dial]); }  ///< of a pinned dial
  void pin(size_t dial, size_t setting) { setting_[dial] = static_cast<int8_t>(setting); }
  void release(size_t dial) { setting_[dial] = -1; }
  bool operator==(const Dials&) const = default;

 private:
  static constexpr std::array<int, 11> kOrderWeights{24, 14, 12, 8, 8, 14, 12, 26, 1, 3, 3};
  static constexpr std::array<int, 14> kValueWeights{10, 2, 4, 8, 5, 8, 4, 3, 2, 5, 6, 4, 6, 12};
  static constexpr std::array<int, 7> kShapeWeights{8, 3, 3, 6, 3, 2, 1};
  static constexpr std::array<int, 6> kStallWeights{10, 4, 4, 4, 2, 1};
  static constexpr std::array<int, 7> kLandingWeights{6, 4, 4, 4, 4, 5, 4};
  static constexpr std::array<int, 3> kIllegalWeights{5, 12, 1};

  template <size_t N>
  size_t draw(size_t dial, const std::array<int, N>& weights, Random& random) const {
    int total = 0;
    for (const int w : weights) total += w;
    auto left = static_cast<int>(random.below(static_cast<uint64_t>(total)));  // also when pinned: the same draws follow
    if (setting_[dial] >= 0) return static_cast<size_t>(setting_[dial]);
    size_t i = 0;
    while (left >= weights[i]) left -= weights[i++];
    return i;
  }

  std::array<int8_t, kCount> setting_{-1, -1, -1, -1, -1, -1};
};

}  // namespace assay::npu
