// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>

#include "cosim/cli/coverage_summary.hpp"
#include "cosim/cli/sweep_report.hpp"
#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {

constexpr size_t kHoles = 5;  // named in the summary

std::string number(const Json& value) { return grouped(value.get<uint64_t>()); }

std::string head(const Json& report) {
  const std::string verdict = report.at("verdict").get<std::string>();
  const Json& v = report.at("verdicts");
  std::string text = (verdict == "pass"   ? "PASS"
                      : verdict == "fail" ? "FAIL"
                                          : "INCOMPLETE") +
                     std::string("  suite ") + report.at("suite").at("name").get<std::string>() + ": " + number(report.at("vectors")) + " vectors, " +
                     number(report.at("cycles")) + " cycles, " + number(report.at("comparisons")) + " comparisons\n";
  text += "  " + number(v.at("pass")) + " pass, " + number(v.at("mismatch")) + " mismatch, " + number(v.at("error")) + " error, " +
          number(v.at("inconclusive")) + " inconclusive, " + number(v.at("skipped")) + " skipped";
  if (report.at("missing") > 0) text += ", " + number(report.at("missing")) + " MISSING";
  const double seconds = report.at("host").value("worked_seconds", 0.0);
  if (seconds > 0) text += "; " + fixed(seconds, 1) + " s, " + grouped(static_cast<uint64_t>(report.at("vectors").get<double>() / seconds)) + " vectors/s";
  return text + "\n";
}

std::string gates(const Json& report) {
  std::string text;
  for (const Json& gate : report.at("gates")) {
    if (gate.at("met") == true) continue;
    text += "  gate not met: " + gate.at("gate").get<std::string>() + " are " + number(gate.at("value")) + ", " +
            (gate.at("least") == true ? "at least " : "at most ") + number(gate.at("limit")) + " wanted\n";
  }
  return text;
}

std::string coverage(const Json& report) { return report.at("coverage").is_null() ? "" : "\n" + render_coverage(report.at("coverage"), kHoles); }

std::string buckets(const Json& report, const std::string& directory) {
  std::string text;
  for (const Json& bucket : report.at("buckets")) {
    const std::string name = bucket.at("fine").get<std::string>();
    text += "\n" + pad_right(bucket.at("state"), 10) + name + (bucket.at("state") == "fixed" ? "" : ", " + number(bucket.at("failures")) + " failures") + "\n";
    const Json& first = bucket.at("first");
    if (first.is_null()) continue;
    text += "  " + wrapped(first.at("reason").get<std::string>(), 110, 2) + "\n  " + first.at("reproduce").get<std::string>() + "\n";
    for (const Json& artifact : bucket.at("artifacts")) {
      text += "  " + directory + "/" + artifact.at("path").get<std::string>() + "\n";
      const Json& shrunk = artifact.at("shrunk");
      if (!shrunk.is_null()) text += "  " + directory + "/" + shrunk.at("path").get<std::string>() + ": " + shrunk.at("text").get<std::string>() + "\n";
    }
  }
  return text;
}

std::string tests(const Json& report) {
  std::map<std::string, std::array<uint64_t, 3>> by_stage;  // stage → cases, vectors, failed
  for (const Json& test : report.at("tests")) {
    auto& sums = by_stage[test.at("stage").is_null() ? "-" : test.at("stage").get<std::string>()];
    sums[0] += 1;
    sums[1] += test.at("vectors").get<uint64_t>();
    sums[2] += test.at("mismatch").get<uint64_t>() + test.at("error").get<uint64_t>() + test.at("inconclusive").get<uint64_t>();
  }
  std::string text = "\nstage       tests   vectors    failed\n";
  for (const auto& [stage, sums] : by_stage)
    text += pad_right(stage, 8) + pad_left(grouped(sums[0]), 9) + pad_left(grouped(sums[1]), 10) + pad_left(grouped(sums[2]), 10) + "\n";
  return text;
}

}  // namespace

std::string render_sweep(const Json& report, const std::string& directory) {
  std::string text = head(report) + gates(report) + coverage(report) + buckets(report, directory) + tests(report);
  if (report.at("missing") > 0) text += "\n`assay resume " + directory + "` runs what is missing\n";
  return text;
}

}  // namespace assay::cli
