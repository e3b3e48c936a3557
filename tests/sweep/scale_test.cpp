// SPDX-License-Identifier: Apache-2.0
#include <ctime>
#include <iostream>

#include "cosim/cli/sweep_report.hpp"
#include "cosim/sweep/collector.hpp"
#include "cosim/sweep/summary.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using namespace assay;
using namespace assay::sweep;
namespace {

constexpr uint64_t kVectors = 100'000;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// One in a hundred fails, of sixty kinds.
std::string line(uint64_t i, uint32_t which) {
  const bool bad = i % 100 == 0;
  Json json = {{"i", i},         {"case", which},       {"seed", "0xfedcba9876543210"}, {"verdict", bad ? "mismatch" : "pass"},
               {"cycles", 2500}, {"compared", 1000000}, {"hash", "0123456789abcdef"}};
  if (bad) {
    json["reason"] = "state pe.psum[2][3] differs in cycle 100";
    json["reproduce"] = "build/bin/assay run --test gemm --config int8_8x8 --seed 0xfedcba9876543210";
    json["signature"] = {{"coarse", "npu/pe.psum/state"}, {"fine", "npu/pe.psum/state/kind" + std::to_string(i / 100 % 60)}};
  }
  json["host"] = {{"seconds", 0.002}};
  return json.dump();
}

}  // namespace

TEST_CASE("scale: 100,000 results are collected and reported within 10 s, the page stays below 2 MB", "[nightly]") {
  const test::Folder folder;
  Manifest manifest;
  manifest.suite = "scale";
  for (int c = 0; c < 500; ++c) manifest.cases.push_back({"test" + std::to_string(c), "", "int8_8x8", "random", "V" + std::to_string(c % 3), {}, 60, 1});
  manifest.count = kVectors;
  manifest.host = {{"date", "2024-07-17T12:34:56Z"}, {"assay", "0"}, {"cpu", "some"}};
  const Plan plan = manifest.plan();
  const ChunkFiles files(folder.path(), manifest.hash());
  for (uint64_t c = 0; c < plan.chunks(0); ++c) {
    ChunkFiles::Lines lines;
    for (const uint64_t i : plan.indices({0, c})) lines[i] = line(i, plan.at(i).which);
    files.seal({0, c}, lines);
  }
  const double start = cpu_seconds();
  Database database(folder.path() / "r.db");
  Collector collector(database, manifest, "run");
  for (const Chunk chunk : files.present(false)) collector.add(chunk, *files.read(chunk, plan, nullptr));
  sort_buckets(database, manifest, "run", true);
  const Json report = summarise(database, manifest, {"run", kVectors, [](const Case&, uint64_t) { return std::string("again"); }});
  const std::string page = cli::render_sweep_html(report);
  const double seconds = cpu_seconds() - start;
  std::cout << "100,000 results collected and reported in " << seconds << " s of processor time, page of " << page.size() << " bytes, database of "
            << std::filesystem::file_size(folder.path() / "r.db") << "\n";
  CHECK(report.at("vectors") == kVectors);
  CHECK(seconds < 10);
  CHECK(page.size() < 2'000'000);
}
