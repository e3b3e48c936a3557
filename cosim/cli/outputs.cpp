// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/outputs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cosim/cli/float_text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/npy.hpp"

namespace assay::cli {
namespace {

std::string values_hash(const std::vector<int32_t>& values) {
  return hex64(fnv1a({reinterpret_cast<const char*>(values.data()), values.size() * sizeof values[0]}));
}

/// none: the vector says nothing; not reached: the run ended before all of it came.
const char* expect_state(const npu::Job& job, const std::vector<int32_t>& results, bool complete) {
  if (job.expect.empty()) return "none";
  if (!complete) return "not reached";
  return job.expect == results ? "match" : "differs";
}

Json job_json(const npu::Job& job, const std::vector<int32_t>& results, const std::optional<uint64_t>& received) {
  const bool complete = received && *received == results.size();
  Json json = {{"name", job.name}, {"shape", {job.rows, job.cols}}, {"format", format_name(job.format)}};
  json["received"] = received ? Json(*received) : Json(nullptr);
  json["hash"] = complete ? Json(values_hash(results)) : Json(nullptr);
  json["expect"] = expect_state(job, results, complete);
  return json;
}

std::optional<npu::Tensor> read_labels(const std::filesystem::path& file, size_t rows) {
  if (!std::filesystem::is_regular_file(file)) return std::nullopt;
  try {
    npu::Tensor labels = npu::parse_npy(npu::read_bytes(file));
    if (labels.data.size() == rows) return labels;
  } catch (const npu::DataError& error) {
    throw InputError(file.string() + ":1: file: " + error.what());
  }
  throw InputError(file.string() + ":1: shape: holds another number of labels than the last job has rows, expected " + std::to_string(rows));
}

Json ratio_json(uint64_t images, uint64_t right) {
  const double percent = images == 0 ? 0 : 100.0 * static_cast<double>(right) / static_cast<double>(images);
  return {{"images", images}, {"right", right}, {"percent", std::round(percent * 100) / 100}};
}

/// What a result's lane stands for; a NaN is less than everything.
double lane_value(int32_t lane, Format format) {
  if (is_integer(format)) return lane;
  const double value = float_value({static_cast<uint32_t>(lane), format});
  return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
}

/// The answer for a row is the first greatest of its columns.
Json accuracy_json(const std::filesystem::path& folder, const npu::Job& job, const std::vector<int32_t>& results) {
  const auto rows = static_cast<size_t>(job.rows), cols = static_cast<size_t>(job.cols);
  const auto labels = read_labels(folder / "labels.npy", rows);
  if (!labels) return nullptr;
  const auto split = read_labels(folder / "split.npy", rows);
  uint64_t right = 0, held = 0, held_right = 0;
  for (size_t r = 0; r < rows; ++r) {
    const auto row = results.begin() + static_cast<ptrdiff_t>(r * cols);
    const auto less = [&job](int32_t a, int32_t b) { return lane_value(a, job.format) < lane_value(b, job.format); };
    const auto answer = std::max_element(row, row + static_cast<ptrdiff_t>(cols), less) - row;
    const bool hit = answer == labels->data[r];
    const bool is_held = split && split->data[r] == 1;
    right += hit;
    held += is_held;
    held_right += hit && is_held;
  }
  Json json = ratio_json(rows, right);
  json["held_back"] = split ? ratio_json(held, held_right) : Json(nullptr);
  return json;
}

}  // namespace

std::optional<std::vector<uint64_t>> received_elements(const npu::Program& program, uint64_t beats) {
  std::vector<uint64_t> received(program.jobs.size());
  for (const npu::Phase& phase : program.phases) {
    if (phase.reset_after >= 0 && !program.jobs.empty()) return std::nullopt;
    for (const npu::ExpectedBeat& beat : phase.beats) {
      if (beats == 0) return received;
      --beats;
      if (beat.job >= 0) received[static_cast<size_t>(beat.job)] += static_cast<uint64_t>(beat.cols);
    }
  }
  return received;
}

uint64_t planned_outputs(const npu::Program& program) {
  uint64_t count = 0;
  for (const npu::Phase& phase : program.phases) count += phase.beats.size() + phase.responses.size();
  return count;
}

Json outputs_json(const RunInput& input, const npu::Driver& driver) {
  const auto received = received_elements(input.program, driver.beats_received());
  Json jobs = Json::array();
  for (size_t j = 0; j < input.program.jobs.size(); ++j) {
    jobs.push_back(job_json(input.program.jobs[j], driver.results()[j], received ? std::optional((*received)[j]) : std::nullopt));
  }
  Json accuracy = nullptr;
  if (!jobs.empty() && !input.vector_file.empty() && !jobs.back()["hash"].is_null()) {
    accuracy = accuracy_json(input.vector_file.parent_path(), input.program.jobs.back(), driver.results().back());
  }
  return {{"beats", driver.beats_received()}, {"jobs", jobs}, {"accuracy", accuracy}};
}

}  // namespace assay::cli
