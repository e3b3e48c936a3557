// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/sweep_report.hpp"

namespace assay::cli {
namespace {

/// In double quotes, as JSON and YAML both take it.
std::string quoted(const Json& text) { return text.dump(); }

}  // namespace

std::string render_regress(const Json& report) {
  std::string text =
      "# Seeds that failed in a sweep, the first of each bucket: append the entries to vectors/suites/regress.yaml.\n"
      "schema: assay/suite/1\nname: regress\n";
  std::string entries;
  for (const Json& bucket : report.at("buckets")) {
    const Json& first = bucket.at("first");
    if (first.is_null()) continue;
    entries += "  - {" + std::string(first.at("file").is_null() ? "test: " + quoted(first.at("test")) : "file: " + quoted(first.at("file"))) + ", configs: [" +
               quoted(first.at("config")) + "], seeds: [" + first.at("seed").get<std::string>() + "]" +
               (first.at("stall").is_null() ? "" : ", stall: " + quoted(first.at("stall"))) + "}  # " + bucket.at("fine").get<std::string>() + "\n";
  }
  return text + (entries.empty() ? "tests: []\n" : "tests:\n" + entries);
}

}  // namespace assay::cli
