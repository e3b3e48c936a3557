// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace assay::coverage {

/// What a hit of a bin means: Normal is wanted, Ignored cannot or need not happen and is not counted, Illegal must never happen.
enum class BinKind : uint8_t { Normal, Ignored, Illegal };

/// A bin's kind and, unless it is Normal, the reason for it.
struct Mark {
  BinKind kind = BinKind::Normal;
  std::string reason;
};

/// One dimension of a cover point: a few named classes.
struct Axis {
  std::string name;
  std::vector<std::string> labels;
};

/// A cover point: its bins are the product of its axes, so a cross is a point with several of them.
struct PointSpec {
  std::string name;     ///< dotted; part of every bin's name
  std::string section;  ///< of the specification: the rule that it covers
  std::string about;    ///< what is counted
  std::string reach;    ///< the stimulus that hits a bin; `{axis}` stands for the bin's label on that axis
  std::string field;    ///< BLOCK.NAME of an observed field at which the rule acts, or empty
  std::vector<Axis> axes;
  std::function<Mark(std::span<const size_t> labels)> mark = {};  ///< of the bin with these labels; empty: all Normal
};

/// The numbers of a point's bins: the first one and how far each axis goes.
struct Bins {
  static constexpr size_t kAxes = 5;
  uint32_t first = 0;
  std::array<uint32_t, kAxes> stride{};

  template <class... Label>
  uint32_t operator()(Label... label) const {
    static_assert(sizeof...(Label) <= kAxes);
    uint32_t bin = first;
    size_t axis = 0;
    ((bin += static_cast<uint32_t>(label) * stride[axis++]), ...);
    return bin;
  }
};

/// A point with the place of its bins.
struct Point : PointSpec {
  uint32_t first = 0, bins = 0;
};

/// All cover points of one build, their bins numbered through. A pure function of what it was built from: numbers mean the same in every process.
class Space {
 public:
  /// Adds a point. Its name must be new, every axis must have labels, at most Bins::kAxes of them.
  Bins add(PointSpec spec);

  const std::vector<Point>& points() const { return points_; }
  uint32_t size() const { return static_cast<uint32_t>(kinds_.size()); }
  BinKind kind(uint32_t bin) const { return kinds_[bin]; }
  const std::string& reason(uint32_t bin) const { return reasons_[reason_of_[bin]]; }
  const Point& point_of(uint32_t bin) const;
  /// The bin's labels, joined with commas.
  std::string label(uint32_t bin) const;
  /// POINT/LABELS
  std::string name(uint32_t bin) const;
  /// Hash over the names and kinds of all bins: equal means that bin numbers mean the same.
  uint64_t hash() const;

 private:
  std::vector<Point> points_;
  std::vector<BinKind> kinds_;
  std::vector<uint32_t> reason_of_;
  std::vector<std::string> reasons_{""};
};

/// Numbers of a bin's labels on each axis of its point.
std::vector<size_t> labels_of(const Point& point, uint32_t bin);

/// The point's `reach` with the bin's labels put in.
std::string reach_of(const Point& point, uint32_t bin);

/// Labels of a range of numbers: "0", "1", …
std::vector<std::string> numbers(int from, int to);

}  // namespace assay::coverage
