// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>

#include "cosim/cli/junit.hpp"
#include "cosim/cli/sweep_report.hpp"
#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {

std::string attribute(const char* name, const std::string& value) { return std::string(" ") + name + "=\"" + xml_escaped(value) + "\""; }

std::string outcome(const char* element, const std::string& type, const std::string& message, const std::string& text) {
  return std::string("      <") + element + attribute("message", message) + attribute("type", type) + ">" + xml_escaped(text) + "</" + element + ">\n";
}

std::string text_or(const Json& value, const char* otherwise) { return value.is_null() ? otherwise : value.get<std::string>(); }

uint64_t number(const Json& json, const char* key) { return json.at(key).get<uint64_t>(); }

/// What stands in the file: cases and how many of them failed.
struct Cases {
  std::string text;
  uint64_t tests = 0, failures = 0, errors = 0, skipped = 0;
  void add(const std::string& classname, const std::string& name, double seconds, const std::string& inside) {
    ++tests;
    text += "    <testcase" + attribute("name", name) + attribute("classname", classname) + attribute("time", fixed(seconds, 3)) +
            (inside.empty() ? "/>\n" : ">\n" + inside + "    </testcase>\n");
  }
};

/// A test on a config: failed when any of its vectors did. One case for all its seeds.
void add_test(Cases& cases, const Json& test, double seconds) {
  const uint64_t bad = number(test, "mismatch"), broken = number(test, "error") + number(test, "inconclusive");
  const std::string counts = std::to_string(bad) + " mismatches, " + std::to_string(broken) + " errors or inconclusive of " +
                             std::to_string(number(test, "vectors")) + " vectors; the buckets name their causes";
  std::string inside;
  if (bad > 0) {
    ++cases.failures;
    inside = outcome("failure", "mismatch", counts, counts);
  } else if (broken > 0) {
    ++cases.errors;
    inside = outcome("error", "error", counts, counts);
  } else if (number(test, "vectors") == number(test, "skipped")) {
    ++cases.skipped;
    inside = "      <skipped/>\n";
  }
  const std::string stall = test.at("stall").is_null() ? "" : " stall " + test.at("stall").get<std::string>();
  cases.add("assay." + test.at("config").get<std::string>(), test.at("test").get<std::string>() + stall, seconds, inside);
}

void add_bucket(Cases& cases, const Json& bucket) {
  const Json& first = bucket.at("first");
  const bool mismatch = first.is_object() && first.at("verdict") == "mismatch";
  (mismatch ? cases.failures : cases.errors) += 1;
  std::string text = bucket.at("state").get<std::string>() + ", " + std::to_string(number(bucket, "failures")) + " failures";
  std::string message = text;
  if (first.is_object()) {
    message = first.at("reason").get<std::string>();
    text += "\n" + message + "\nseed " + first.at("seed").get<std::string>() + "\n" + first.at("reproduce").get<std::string>() + "\n" +
            text_or(first.at("token"), "");
  }
  cases.add("assay.bucket", bucket.at("fine"), 0, outcome(mismatch ? "failure" : "error", bucket.at("state"), message, text));
}

void add_verdict(Cases& cases, const Json& report) {
  if (number(report, "missing") > 0) {
    ++cases.errors;
    const std::string text = std::to_string(number(report, "missing")) + " of " + std::to_string(number(report, "planned")) + " planned vectors have no result";
    cases.add("assay.sweep", "every planned vector has a result", 0, outcome("error", "missing", text, text));
  }
  for (const Json& gate : report.at("gates")) {
    const bool met = gate.at("met").get<bool>();
    const std::string text = gate.at("gate").get<std::string>() + " are " + std::to_string(number(gate, "value")) + ", wanted at " +
                             (gate.at("least") == true ? "least " : "most ") + std::to_string(number(gate, "limit"));
    if (!met) ++cases.failures;
    cases.add("assay.gate", gate.at("gate"), 0, met ? "" : outcome("failure", "gate", text, text));
  }
}

}  // namespace

std::string render_sweep_junit(const Json& report) {
  const Json& host = report.at("host");
  std::map<size_t, double> seconds;
  for (const Json& test : host.at("tests")) seconds[test.at("test").get<size_t>()] = test.at("seconds").get<double>();
  Cases cases;
  for (size_t t = 0; t < report.at("tests").size(); ++t) add_test(cases, report.at("tests")[t], seconds[t]);
  for (const Json& bucket : report.at("buckets"))
    if (bucket.at("state") != "fixed") add_bucket(cases, bucket);
  add_verdict(cases, report);
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite" + attribute("name", report.at("suite").at("name")) +
                     attribute("package", "assay") + attribute("id", "0") + attribute("timestamp", host.at("date").get<std::string>().substr(0, 19)) +
                     attribute("hostname", "localhost") + attribute("tests", std::to_string(cases.tests)) +
                     attribute("failures", std::to_string(cases.failures)) + attribute("errors", std::to_string(cases.errors)) +
                     attribute("skipped", std::to_string(cases.skipped)) + attribute("time", fixed(host.value("worked_seconds", 0.0), 3)) +
                     ">\n    <properties>\n";
  text += "      <property" + attribute("name", "seed") + attribute("value", report.at("suite").at("seed")) + "/>\n";
  text += "      <property" + attribute("name", "run") + attribute("value", report.at("run")) + "/>\n";
  return text + "    </properties>\n" + cases.text + "    <system-out></system-out>\n    <system-err></system-err>\n  </testsuite>\n</testsuites>\n";
}

}  // namespace assay::cli
