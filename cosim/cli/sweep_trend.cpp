// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "cosim/cli/html_report.hpp"
#include "cosim/cli/sweep_report.hpp"
#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {

constexpr int kWidth = 300, kHeight = 60;  // of a chart, in its own units

/// One run's column: a value above, of which a part is drawn in another colour at the bottom, and what it says.
struct Column {
  double value, part;
  std::string says;
};

std::string chart(const std::string& caption, const std::vector<Column>& columns, const char* value_class, const char* part_class) {
  double most = 0;
  for (const Column& column : columns) most = std::max(most, column.value);
  const double step = static_cast<double>(kWidth) / std::max<double>(static_cast<double>(columns.size()), 10);
  std::string out = "<figure><svg class=trend viewBox=\"0 0 " + std::to_string(kWidth) + " " + std::to_string(kHeight) +
                    "\" preserveAspectRatio=none role=img aria-label=\"" + html_escaped(caption) + "\">";
  const auto bar = [&](double x, double y, double height, const char* css) {
    return "<rect x=" + fixed(x, 1) + " y=" + fixed(y, 1) + " width=" + fixed(step * 0.8, 1) + " height=" + fixed(height, 1) + " class=" + css + " />";
  };
  double x = 0;
  for (const Column& column : columns) {
    const double whole = most > 0 ? column.value / most * (kHeight - 2) : 0, part = most > 0 ? column.part / most * (kHeight - 2) : 0;
    out += "<g><title>" + html_escaped(column.says) + "</title>" + bar(x, kHeight - whole, whole - part, value_class) +
           bar(x, kHeight - part, part, part_class) + "</g>";
    x += step;
  }
  return out + "</svg><figcaption>" + html_escaped(caption) + "</figcaption></figure>\n";
}

}  // namespace

std::string render_trend(const Json& trend) {
  std::vector<Column> vectors, buckets, speed;
  std::string rows;
  for (const Json& run : trend) {
    const auto all = run.at("vectors").get<double>(), failed = run.at("failed").get<double>(), seconds = run.at("seconds").get<double>();
    const auto causes = run.at("buckets").get<double>(), fresh = run.at("new_buckets").get<double>();
    const std::string when = run.at("started").get<std::string>(), rate = seconds > 0 ? grouped(static_cast<uint64_t>(all / seconds)) : "";
    const auto count = [](double value) { return grouped(static_cast<uint64_t>(value)); };
    vectors.push_back({all, failed, when + ": " + count(all) + " vectors, " + count(failed) + " failed"});
    buckets.push_back({causes, fresh, when + ": " + count(causes) + " causes, " + count(fresh) + " new"});
    speed.push_back({seconds > 0 ? all / seconds : 0, 0, when + ": " + rate + " vectors/s"});
    rows += "<tr><td>" + html_escaped(when) + "<td>" + html_escaped(run.at("state")) + "<td class=n>" + count(all) + "<td class=n>" +
            (failed > 0 ? "<span class=fail>" + count(failed) + "</span>" : "0") + "<td class=n>" + count(causes) + "<td class=n>" + count(fresh) +
            "<td class=n>" + fixed(seconds, 1) + "<td class=n>" + rate + "</tr>\n";
  }
  std::string out = "<h2 id=trend>Trend</h2>\n<p>The last " + std::to_string(trend.size()) + " runs of this suite in the same database, oldest first.</p>\n";
  out += chart("vectors, of them failed", vectors, "good", "bad") + chart("causes, of them new", buckets, "plain", "bad") +
         chart("vectors a second", speed, "plain", "plain");
  return out +
         "<table><tr><th>begun<th>state<th class=n>vectors<th class=n>failed<th class=n>causes<th class=n>new<th class=n>seconds<th "
         "class=n>vectors/s</tr>\n" +
         rows + "</table>\n";
}

}  // namespace assay::cli
