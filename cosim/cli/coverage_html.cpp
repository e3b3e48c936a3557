// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "cosim/cli/coverage_export.hpp"
#include "cosim/cli/html_report.hpp"
#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {

using coverage::BinKind;

constexpr const char* kStyle = R"(
:root{color-scheme:light dark;--line:#8886;--good:#1a7f37;--bad:#cf222e;--warn:#9a6700}
@media(prefers-color-scheme:dark){:root{--good:#3fb950;--bad:#ff7b72;--warn:#d29922}}
body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:0 auto;padding:1rem}
h1{font-size:1.4rem}h2{font-size:1.15rem;margin-top:2rem}
.hit{color:var(--good)}.hole,.illegal{color:var(--bad)}.waived,.ignored{color:var(--warn)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.2rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
summary{cursor:pointer}details{border-bottom:1px solid var(--line);padding:.2rem 0}
)";

std::string e(const std::string& text) { return html_escaped(text); }
std::string n(const Json& value) { return grouped(value.get<uint64_t>()); }

std::string head(const Json& summary) {
  std::string out = "<h1>Functional coverage: " + fixed(summary.at("percent"), 2) + " %</h1>\n<p>" + n(summary.at("hit")) + " of " + n(summary.at("bins")) +
                    " wanted bins hit, " + n(summary.at("waived")) + " waived, by " + n(summary.at("vectors")) + " vectors.</p>\n";
  for (const Json& bin : summary.at("illegal")) out += "<p class=illegal>illegal bin hit: <code>" + e(bin) + "</code></p>\n";
  for (const Json& waiver : summary.at("expired")) out += "<p class=waived>waiver expired: <code>" + e(waiver) + "</code></p>\n";
  for (const Json& waiver : summary.at("stale")) out += "<p class=waived>waiver stale: <code>" + e(waiver) + "</code></p>\n";
  return out;
}

std::string sections(const Json& summary, const CoveragePlaces& places) {
  std::string out = "<h2>By section of the specification</h2>\n<table><tr><th>section<th class=n>bins<th class=n>hit<th class=n>waived</tr>\n";
  for (const Json& one : summary.at("sections")) {
    const std::string number = one.at("section");
    out += "<tr><td><a href=\"#s" + e(number) + "\">" + e(number) + " " + e(places.section(number).title) + "</a><td class=n>" + n(one.at("bins")) +
           "<td class=n>" + n(one.at("hit")) + "<td class=n>" + n(one.at("waived")) + "</tr>\n";
  }
  return out + "</table>\n";
}

/// Where the point's rule stands and where the RTL does what it says.
std::string way(const std::string& name, const coverage::PointResults& point, const CoveragePlaces& places) {
  const npu::SpecPlace rule = places.section(point.section);
  std::string out = "<p>" + e(point.about) + ". Rule: <code>" + npu::kSpecFile + (rule.line > 0 ? ":" + std::to_string(rule.line) : "") + "</code>";
  if (const auto rtl = places.rtl(name))
    out += ", RTL: <code>" + e(rtl->file) + ":" + std::to_string(rtl->line) + "</code> <code>" + e(rtl->signal) + "</code>";
  return out + "</p>\n";
}

std::string bins(const std::string& name, const coverage::PointResults& point, const std::set<std::string>& waived) {
  std::string out = "<table><tr><th>bin<th class=n>vectors<th>first, or how to reach it</tr>\n";
  for (const auto& [label, cell] : point.bins) {
    const bool wanted = cell.kind == BinKind::Normal;
    const char* look = cell.kind == BinKind::Illegal         ? (cell.hits > 0 ? "illegal" : "")
                       : !wanted                             ? "ignored"
                       : cell.hits > 0                       ? "hit"
                       : waived.contains(name + "/" + label) ? "waived"
                                                             : "hole";
    const std::string words = !wanted         ? std::string(cell.kind == BinKind::Illegal ? "illegal: " : "ignored: ") + cell.reason
                              : cell.hits > 0 ? cell.first
                                              : cell.reach;
    out += "<tr><td class=\"" + std::string(look) + "\"><code>" + e(label) + "</code><td class=n>" + grouped(cell.hits) + "<td>" + e(words) + "</tr>\n";
  }
  return out + "</table>\n";
}

}  // namespace

std::string render_coverage_html(const coverage::Results& results, const Json& summary) {
  const CoveragePlaces places(results);
  std::set<std::string> waived;
  for (const Json& hole : summary.at("holes"))
    if (!hole.at("waiver").is_null()) waived.insert(hole.at("bin").get<std::string>());
  std::string body = head(summary) + sections(summary, places), section;
  for (const Json& one : summary.at("points")) {
    const std::string name = one.at("point");
    const auto& point = results.points().at(name);
    if (point.section != section) {
      section = point.section;
      body += "<h2 id=\"s" + e(section) + "\">" + e(section) + " " + e(places.section(section).title) + "</h2>\n";
    }
    const bool whole = one.at("hit").get<uint64_t>() + one.at("waived").get<uint64_t>() >= one.at("bins").get<uint64_t>();
    body += "<details><summary><code>" + e(name) + "</code> <span class=" + (whole ? "hit" : "hole") + ">" + n(one.at("hit")) + " of " + n(one.at("bins")) +
            "</span></summary>\n" + way(name, point, places) + bins(name, point, waived) + "</details>\n";
  }
  return std::string(
             "<!doctype html>\n<html lang=en>\n<head><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>assay "
             "coverage</title><style>") +
         kStyle + "</style></head>\n<body>\n" + body + "</body></html>\n";
}

}  // namespace assay::cli
