// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/diagnosis_json.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdlib>

#include "cosim/cli/diagnosis_progress.hpp"
#include "cosim/cli/interrupt.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/npu/diagnosis/diagnose.hpp"

namespace assay::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double time_limit() {
  const char* text = std::getenv("ASSAY_DIAGNOSIS_SECONDS");
  if (text == nullptr || *text == 0) return 30;
  char* end = nullptr;
  const double seconds = std::strtod(text, &end);
  return *end == 0 && seconds >= 0 ? seconds : 30;
}

std::string share(const npu::Candidate& c, const npu::Diagnosis& d) {
  return "explains " + grouped(c.score.explained) + " of " + grouped(d.differences) + " differences, contradicts " + grouped(c.score.contradicted) + " of " +
         grouped(d.equal_values) + " equal values";
}

std::string verdict_text(const npu::Diagnosis& d) {
  if (!d.reason.empty()) return "no single hypothesis explains this: " + d.reason;
  const npu::Candidate& best = d.candidates.front();
  if (!d.certain()) return "no single hypothesis explains this";
  return best.hypothesis.kind + ": " + best.hypothesis.text + "; " + share(best, d);
}

Json candidate_json(const npu::Candidate& c) {
  Json json;
  json["kind"] = c.hypothesis.kind;
  json["text"] = c.hypothesis.text;
  json["explained"] = c.score.explained;
  json["contradicted"] = c.score.contradicted;
  json["steps_unexplained"] = c.score.unexplained_steps;
  json["steps_contradicted"] = c.score.contradicted_steps;
  json["alike"] = c.alike;
  return json;
}

}  // namespace

Json diagnosis_json(const HwConfig& config, const Trace& trace) {
  const auto start = Clock::now();
  const double limit = time_limit();
  npu::DiagnosisOptions options;
  options.stop = [start, limit] { return seconds_since(start) > limit || interrupted(); };
  const npu::Diagnosis d = [&] {
    DiagnosisProgressLine line(limit);
    options.on_progress = [&line](const npu::DiagnosisProgress& progress) { line.update(progress); };
    return npu::diagnose(config, trace, options);
  }();
  spdlog::debug("diagnosis: {} hypotheses in {:.3f} s", d.tried, seconds_since(start));
  const bool certain = d.certain();
  Json json;
  json["kind"] = certain ? Json(d.candidates.front().hypothesis.kind) : Json(nullptr);
  json["text"] = verdict_text(d);
  json["explained"] = d.candidates.empty() ? 0 : d.candidates.front().score.explained;
  json["differences"] = d.differences;
  json["contradicted"] = d.candidates.empty() ? 0 : d.candidates.front().score.contradicted;
  json["equal_values"] = d.equal_values;
  json["causes"] = d.causes;
  json["first_cause"] = d.causes == 0 ? Json(nullptr) : Json(d.first_cause);
  json["from"] = d.first_cycle;
  json["to"] = d.last_cycle;
  json["candidates"] = Json::array();
  for (const npu::Candidate& c : d.candidates) json["candidates"].push_back(candidate_json(c));
  json["tried"] = d.tried;
  json["not_tried"] = d.not_tried;
  return json;
}

}  // namespace assay::cli
