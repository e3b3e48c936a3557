// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>

#include "cosim/cli/html_report.hpp"
#include "cosim/cli/sweep_report.hpp"
#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {

constexpr size_t kHoles = 100;  // listed in the page

constexpr const char* kStyle = R"(
:root{color-scheme:light dark;--line:#8886;--good:#1a7f37;--bad:#cf222e;--warn:#9a6700}
@media(prefers-color-scheme:dark){:root{--good:#3fb950;--bad:#ff7b72;--warn:#d29922}}
body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:0 auto;padding:1rem}
h1{font-size:1.4rem}h2{font-size:1.15rem;margin-top:2rem}
.pass,.fixed{color:var(--good)}.fail,.new,.regressed{color:var(--bad)}.incomplete,.flaky,.known{color:var(--warn)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.2rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
figure{display:inline-block;margin:.5rem 1.2rem .5rem 0}figcaption{font-size:.9em}
svg.trend{height:5rem;width:21rem;max-width:100%;border-bottom:1px solid var(--line)}svg.trend .good{fill:var(--good)}svg.trend .bad{fill:var(--bad)}svg.trend .plain{fill:#888}
.run{display:flex;gap:.5rem;align-items:start}
section.bucket{border:1px solid var(--line);border-radius:6px;padding:.4rem .8rem;margin:.6rem 0}
@media(max-width:50rem){table{display:block;overflow-x:auto}}
button{font:inherit;cursor:pointer}
)";

constexpr const char* kScript = R"(
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = button.parentElement.querySelector("code").textContent;
    try { await navigator.clipboard.writeText(text); } catch {
      const area = document.createElement("textarea");
      area.value = text; document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
    }
    button.textContent = "copied";
  });
}
)";

std::string e(const std::string& text) { return html_escaped(text); }
std::string e(const Json& text) { return text.is_null() ? "" : html_escaped(text.get<std::string>()); }
std::string number(const Json& value) { return grouped(value.get<uint64_t>()); }

std::string cell(const std::string& text) { return "<td>" + text + "</td>"; }
std::string cell_n(const std::string& text) { return "<td class=n>" + text + "</td>"; }
std::string line_to_run(const Json& reproduce) {
  return "<div class=run><code>" + e(reproduce) + "</code><button type=button data-copy hidden>copy</button></div>";
}

std::string head(const Json& report) {
  const std::string verdict = report.at("verdict");
  const Json& v = report.at("verdicts");
  std::string out = "<h1>Sweep " + e(report.at("suite").at("name")) + ": <span class=" + verdict + ">" + verdict + "</span></h1>\n<p>" +
                    e(report.at("suite").at("description")) + "</p>\n<p>" + number(report.at("vectors")) + " vectors of " + number(report.at("planned")) +
                    " planned, " + number(report.at("cycles")) + " cycles, " + number(report.at("comparisons")) + " comparisons: " + number(v.at("pass")) +
                    " pass, " + number(v.at("mismatch")) + " mismatch, " + number(v.at("error")) + " error, " + number(v.at("inconclusive")) +
                    " inconclusive, " + number(v.at("skipped")) + " skipped.</p>\n";
  if (report.at("missing") > 0) out += "<p class=fail>" + number(report.at("missing")) + " planned vectors have no result.</p>\n";
  const Json& host = report.at("host");
  out += "<p>Seed " + e(report.at("suite").at("seed")) + ", run " + e(report.at("run")) + ", begun " + e(host.at("date")) + ", " +
         fixed(host.value("worked_seconds", 0.0), 1) + " s of work, assay " + e(host.at("assay")) + ", " + e(host.at("cpu")) + ".</p>\n";
  return out;
}

std::string gates(const Json& report) {
  std::string out = "<h2>Gates</h2>\n<table><tr><th>gate<th class=n>count<th class=n>wanted<th></tr>\n";
  for (const Json& gate : report.at("gates")) {
    out += "<tr>" + cell(e(gate.at("gate"))) + cell_n(number(gate.at("value"))) + cell_n((gate.at("least") == true ? "≥ " : "≤ ") + number(gate.at("limit"))) +
           cell(gate.at("met") == true ? "<span class=pass>met</span>" : "<span class=fail>not met</span>") + "</tr>\n";
  }
  return out + "</table>\n";
}

std::string buckets(const Json& report) {
  std::string out = "<h2>Failures by cause</h2>\n";
  if (report.at("buckets").empty()) return out + "<p>None.</p>\n";
  for (const Json& bucket : report.at("buckets")) {
    const std::string state = bucket.at("state");
    out += "<section class=bucket><strong class=" + state + ">" + state + "</strong> <code>" + e(bucket.at("fine")) + "</code>, " +
           number(bucket.at("failures")) + " failures";
    if (const Json& first = bucket.at("first"); first.is_object()) {
      out += "<div>" + e(first.at("reason")) + "; first in " + e(first.at("test")) + " on " + e(first.at("config")) + ", seed " + e(first.at("seed")) +
             "</div>" + line_to_run(first.at("reproduce"));
    }
    for (const Json& artifact : bucket.at("artifacts")) {
      const std::string path = artifact.at("path");
      out += "<div><a href=\"" + e(path) + "/report.html\">" + e(path) + "</a>" +
             (artifact.at("reproduced") == true ? "" : " (another record than in the sweep)") + "</div>";
      if (const Json& shrunk = artifact.at("shrunk"); !shrunk.is_null()) {
        const std::string smaller = shrunk.at("path");
        out += "<div>smallest vector: <a href=\"" + e(smaller) + "/report.html\">" + e(smaller) + "</a>, " + e(shrunk.at("text")) + "</div>";
      }
    }
    out += "</section>\n";
  }
  return out;
}

std::string tests(const Json& report) {
  std::map<std::string, std::string> rows;
  for (const Json& test : report.at("tests")) {
    const uint64_t failed = test.at("mismatch").get<uint64_t>() + test.at("error").get<uint64_t>() + test.at("inconclusive").get<uint64_t>();
    rows[test.at("stage").is_null() ? "" : test.at("stage").get<std::string>()] +=
        "<tr>" + cell(e(test.at("test"))) + cell(e(test.at("config"))) + cell(e(test.at("stall"))) + cell_n(number(test.at("vectors"))) +
        cell_n(failed == 0 ? "0" : "<span class=fail>" + grouped(failed) + "</span>") + cell_n(number(test.at("cycles"))) + "</tr>\n";
  }
  std::string out = "<h2>Tests by stage</h2>\n";
  for (const auto& [stage, text] : rows) {
    out += "<h3>" + (stage.empty() ? "no stage" : e(stage)) +
           "</h3>\n<table><tr><th>test<th>config<th>stall<th class=n>vectors<th class=n>failed<th class=n>cycles</tr>\n" + text + "</table>\n";
  }
  return out;
}

/// The holes come first; the page coverage.html beside this one has every bin.
std::string coverage(const Json& report) {
  const Json& summary = report.at("coverage");
  if (summary.is_null()) return "";
  std::string out = "<h2>Coverage</h2>\n<p>" + fixed(summary.at("percent"), 2) + " %: " + number(summary.at("hit")) + " of " + number(summary.at("bins")) +
                    " bins hit, " + number(summary.at("waived")) + " waived. <a href=\"coverage.html\">Every bin</a>.</p>\n";
  for (const Json& bin : summary.at("illegal")) out += "<p class=fail>illegal bin hit: <code>" + e(bin) + "</code></p>\n";
  size_t open = 0;
  std::string rows;
  for (const Json& hole : summary.at("holes")) {
    if (!hole.at("waiver").is_null() || open++ >= kHoles) continue;
    rows += "<tr>" + cell(e(hole.at("section"))) + cell("<code>" + e(hole.at("bin")) + "</code>") + cell(e(hole.at("reach"))) + "</tr>\n";
  }
  if (open == 0) return out + "<p>No holes.</p>\n";
  return out + "<table><tr><th>section<th>hole<th>stimulus that reaches it</tr>\n" + rows + "</table>\n" +
         (open > kHoles ? "<p>" + grouped(open - kHoles) + " more.</p>\n" : "");
}

std::string slowest(const Json& report) {
  std::string out = "<h2>Slowest vectors</h2>\n<table><tr><th>test<th>config<th class=n>seconds<th class=n>cycles<th>run it alone</tr>\n";
  for (const Json& one : report.at("host").at("slowest")) {
    out += "<tr>" + cell(e(one.at("test"))) + cell(e(one.at("config"))) + cell_n(fixed(one.at("seconds"), 3)) + cell_n(number(one.at("cycles"))) +
           cell(line_to_run(one.at("reproduce"))) + "</tr>\n";
  }
  return out + "</table>\n";
}

}  // namespace

std::string render_sweep_html(const Json& report) {
  const std::string title = "assay sweep " + report.at("suite").at("name").get<std::string>() + ": " + report.at("verdict").get<std::string>();
  return "<!doctype html>\n<html lang=en>\n<head><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>" + e(title) +
         "</title><style>" + kStyle + "</style></head>\n<body>\n" + head(report) + buckets(report) + gates(report) + coverage(report) + tests(report) +
         render_trend(report.at("host").at("trend")) + slowest(report) + "<script>" + kScript + "</script>\n</body></html>\n";
}

}  // namespace assay::cli
