// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "cosim/cli/annotation.hpp"
#include "cosim/cli/sweep_report.hpp"
#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {

constexpr int kMostAnnotations = 10;      // of a step; GitHub shows no more
constexpr size_t kMostBytes = 1'000'000;  // of a step summary: 1 MiB
constexpr size_t kMostBuckets = 100;      // nobody reads more

std::string number(const Json& value) { return grouped(value.get<uint64_t>()); }

/// In a table's cell: no bar, no line break, nothing that Markdown or HTML takes as its own.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '`' || c == '*' || c == '_' || c == '<' || c == '[' || c == '\\') out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

/// As code, whatever backquotes it holds.
std::string code(const std::string& text) { return text.find('`') == std::string::npos ? "`" + text + "`" : "`` " + text + " ``"; }

std::string fixed_text(const Json& bucket) { return bucket.at("first").is_object() ? bucket.at("first").at("reason").get<std::string>() : ""; }

}  // namespace

std::string render_sweep_markdown(const Json& report) {
  const Json& v = report.at("verdicts");
  const std::string verdict = report.at("verdict");
  std::string out = "## " +
                    std::string(verdict == "pass"   ? "✅"
                                : verdict == "fail" ? "❌"
                                                    : "⚠️") +
                    " Sweep " + cell(report.at("suite").at("name")) + ": " + verdict + "\n\n" + number(report.at("vectors")) + " vectors of " +
                    number(report.at("planned")) + " planned, " + number(report.at("cycles")) + " cycles, " + number(report.at("comparisons")) +
                    " comparisons: " + number(v.at("pass")) + " pass, " + number(v.at("mismatch")) + " mismatch, " + number(v.at("error")) + " error, " +
                    number(v.at("inconclusive")) + " inconclusive, " + number(v.at("skipped")) + " skipped.\n\n";
  if (report.at("missing") > 0) out += "**" + number(report.at("missing")) + " planned vectors have no result.**\n\n";
  for (const Json& gate : report.at("gates")) {
    if (gate.at("met") == true) continue;
    out += "- gate not met: " + cell(gate.at("gate")) + " are " + number(gate.at("value")) + ", at " + (gate.at("least") == true ? "least " : "most ") +
           number(gate.at("limit")) + " wanted\n";
  }
  const Json& buckets = report.at("buckets");
  if (buckets.empty()) return out;
  out += "\n| state | cause | failures | first | run it again |\n|---|---|---:|---|---|\n";
  size_t shown = 0;
  for (const Json& bucket : buckets) {
    const Json& first = bucket.at("first");
    std::string row = "| " + bucket.at("state").get<std::string>() + " | " + cell(bucket.at("fine")) + " | " + number(bucket.at("failures")) + " | " +
                      cell(fixed_text(bucket)) + " | " + (first.is_object() ? code(first.at("reproduce")) : "") + " |\n";
    if (++shown > kMostBuckets || out.size() + row.size() > kMostBytes) {
      out += "\n" + grouped(buckets.size() - shown + 1) + " causes more in report.html.\n";
      break;
    }
    out += row;
  }
  return out;
}

std::string sweep_annotations(const Json& report) {
  std::string out;
  int shown = 0;
  for (const Json& bucket : report.at("buckets")) {
    const Json& first = bucket.at("first");
    if (bucket.at("state") == "fixed" || !first.is_object()) continue;
    if (++shown > kMostAnnotations) break;
    const bool wrong = first.at("verdict") == "mismatch" || first.at("verdict") == "error";
    out += annotation_line(wrong ? "error" : "warning", "assay " + bucket.at("state").get<std::string>() + ": " + bucket.at("fine").get<std::string>(),
                           fixed_text(bucket) + "\n" + number(bucket.at("failures")) + " failures, first in " + first.at("test").get<std::string>() + " on " +
                               first.at("config").get<std::string>() + "\nreproduce: " + first.at("reproduce").get<std::string>());
  }
  if (report.at("missing") > 0) {
    out += annotation_line("error", "assay: results are missing",
                           number(report.at("missing")) + " of " + number(report.at("planned")) + " planned vectors have no result");
  }
  return out;
}

}  // namespace assay::cli
