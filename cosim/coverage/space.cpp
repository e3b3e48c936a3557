// SPDX-License-Identifier: Apache-2.0
#include "cosim/coverage/space.hpp"

#include <algorithm>

#include "cosim/common/process.hpp"
#include "model/common/assert.hpp"

namespace assay::coverage {

Bins Space::add(PointSpec spec) {
  ASSAY_ASSERT(!spec.name.empty() && !spec.section.empty() && !spec.axes.empty() && spec.axes.size() <= Bins::kAxes);
  ASSAY_ASSERT(std::none_of(points_.begin(), points_.end(), [&](const Point& p) { return p.name == spec.name; }));
  Bins bins{size(), {}};
  uint32_t count = 1;
  for (size_t a = spec.axes.size(); a-- > 0;) {  // the last axis goes fastest
    ASSAY_ASSERT(!spec.axes[a].labels.empty());
    bins.stride[a] = count;
    count *= static_cast<uint32_t>(spec.axes[a].labels.size());
  }
  Point point{std::move(spec), bins.first, count};
  for (uint32_t b = 0; b < count; ++b) {
    const Mark mark = point.mark ? point.mark(labels_of(point, bins.first + b)) : Mark{};
    ASSAY_ASSERT(mark.kind == BinKind::Normal || !mark.reason.empty());
    kinds_.push_back(mark.kind);
    const auto found = std::find(reasons_.begin(), reasons_.end(), mark.reason);
    reason_of_.push_back(static_cast<uint32_t>(found - reasons_.begin()));
    if (found == reasons_.end()) reasons_.push_back(mark.reason);
  }
  point.mark = nullptr;
  points_.push_back(std::move(point));
  return bins;
}

const Point& Space::point_of(uint32_t bin) const {
  ASSAY_ASSERT(bin < size());
  const auto behind = std::upper_bound(points_.begin(), points_.end(), bin, [](uint32_t b, const Point& p) { return b < p.first; });
  return *(behind - 1);
}

std::string Space::label(uint32_t bin) const {
  const Point& point = point_of(bin);
  const auto labels = labels_of(point, bin);
  std::string text;
  for (size_t a = 0; a < labels.size(); ++a) text += (a == 0 ? "" : ",") + point.axes[a].labels[labels[a]];
  return text;
}

std::string Space::name(uint32_t bin) const { return point_of(bin).name + "/" + label(bin); }

uint64_t Space::hash() const {
  uint64_t hash = kFnvStart;
  for (const Point& point : points_) {
    hash = fnv1a(point.name + "\n", hash);
    for (const Axis& axis : point.axes)
      for (const std::string& label : axis.labels) hash = fnv1a(label + "\n", hash);
  }
  for (const BinKind kind : kinds_) hash = fnv1a(std::string(1, static_cast<char>('0' + static_cast<int>(kind))), hash);
  return hash;
}

std::vector<size_t> labels_of(const Point& point, uint32_t bin) {
  ASSAY_ASSERT(bin >= point.first && bin - point.first < point.bins);
  uint32_t rest = bin - point.first;
  std::vector<size_t> labels(point.axes.size());
  for (size_t a = point.axes.size(); a-- > 0;) {
    const auto n = static_cast<uint32_t>(point.axes[a].labels.size());
    labels[a] = rest % n;
    rest /= n;
  }
  return labels;
}

std::string reach_of(const Point& point, uint32_t bin) {
  const auto labels = labels_of(point, bin);
  std::string text = point.reach;
  for (size_t a = 0; a < labels.size(); ++a) {
    const std::string mark = "{" + point.axes[a].name + "}";
    for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
      text.replace(at, mark.size(), point.axes[a].labels[labels[a]]);
    }
  }
  return text;
}

std::vector<std::string> numbers(int from, int to) {
  std::vector<std::string> out;
  for (int i = from; i <= to; ++i) out.push_back(std::to_string(i));
  return out;
}

}  // namespace assay::coverage
