// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/sweep_vector.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/failure.hpp"
#include "cosim/cli/record.hpp"
#include "cosim/cli/signature.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/cli/token.hpp"
#include "cosim/common/process.hpp"

namespace assay::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kIllegalBin = "illegal coverage bin hit: ";

double seconds_since(Clock::time_point then) { return std::chrono::duration<double>(Clock::now() - then).count(); }

/// What every line has; the rest comes behind it.
Json line_head(uint64_t index, const sweep::PlannedVector& vector, const char* verdict) {
  return {{"i", index}, {"case", vector.which}, {"seed", seed_text(vector.seed)}, {"verdict", verdict}, {"cycles", 0}, {"compared", 0}, {"hash", ""}};
}

/// A failure without a differing element: sorted by what went wrong, then by test and config.
Json plain_signature(const std::string& what, const sweep::Case& one) {
  const std::string coarse = "npu/" + what;
  return {{"coarse", coarse}, {"fine", coarse + "/" + one.test + "@" + std::filesystem::path(one.config).stem().string()}};
}

void add_failure(Json& line, const std::string& reason, const std::string& reproduce, Json signature) {
  line["reason"] = reason;
  line["reproduce"] = reproduce;
  line["signature"] = std::move(signature);
}

/// Of a run that ended by itself without a verdict: what kind of end.
const char* inconclusive_kind(const LockstepResult& result) {
  if (result.verdict == Verdict::Error) return result.reason.starts_with(kIllegalBin) ? "illegal-bin" : "error";
  if (result.reason.starts_with("timeout")) return "timeout";
  return result.reason.starts_with("no progress") ? "no-progress" : "inconclusive";
}

uint64_t compared_elements(const LockstepResult& result) {
  uint64_t sum = 0;
  for (const ClassCount& count : result.counts) sum += count.done;
  return sum;
}

int exit_of(Verdict verdict) {
  return verdict == Verdict::Pass ? kPass : verdict == Verdict::Mismatch ? kMismatch : verdict == Verdict::Error ? kBuild : kInconclusive;
}

}  // namespace

RunOptions run_options_of(const sweep::Case& one, uint64_t seed) {
  RunOptions options;
  (one.file.empty() ? options.test : options.vector) = one.file.empty() ? one.test : one.file;
  options.config = one.config;
  options.stall = one.stall;
  options.seed = seed_text(seed);
  return options;
}

std::string reproduce_of(const sweep::Case& one, uint64_t seed) {
  RunInput input;
  input.seed = seed;
  input.test = one.test;
  input.by_file = !one.file.empty();
  input.vector_file = one.file;
  input.config_argument = one.config;
  input.lockstep.max_mismatches = parse_count("--max-mismatches", RunOptions{}.max_mismatches, 1);
  return reproduce_line(run_options_of(one, seed), input);
}

std::string lost_line(const sweep::Manifest& manifest, uint64_t index, const sweep::PlannedVector& vector, const sweep::Loss& loss) {
  const sweep::Case& one = manifest.cases[vector.which];
  const bool hang = loss.kind == sweep::Loss::Kind::Hang;
  Json line = line_head(index, vector, hang ? "inconclusive" : "error");
  if (hang) {
    add_failure(line, "no answer for longer than its timeout of " + fixed(one.timeout, 1) + " s: the watchdog ended it", reproduce_of(one, vector.seed),
                plain_signature("hang", one));
  } else if (loss.kind == sweep::Loss::Kind::Signal) {
    const char* name = sigabbrev_np(loss.number);
    const std::string signal = "SIG" + std::string(name == nullptr ? std::to_string(loss.number) : name);
    add_failure(line, "the simulation crashed: " + signal, reproduce_of(one, vector.seed), plain_signature("crash/" + signal, one));
  } else {
    add_failure(line, "the simulation ended its process with code " + std::to_string(loss.number), reproduce_of(one, vector.seed),
                plain_signature("crash/exit", one));
  }
  line["host"] = {{"seconds", loss.seconds}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

VectorRunner::Prepared& VectorRunner::prepared(const sweep::PlannedVector& vector) {
  const auto found = cases_.find(vector.which);
  if (found != cases_.end()) {
    found->second.options.seed = seed_text(vector.seed);
    reseed(found->second.options, vector.seed, found->second.input);
    return found->second;
  }
  const sweep::Case& one = manifest_.cases[vector.which];
  Prepared fresh{run_options_of(one, vector.seed), {}, nullptr};
  fresh.input = prepare_run(fresh.options);
  fresh.input.lockstep.timeout_seconds = one.timeout;
  auto& target = targets_[config_hash(fresh.input.config)];
  if (!target) target = std::make_unique<npu::NpuTarget>(fresh.input.config, npu::NpuTarget::Use::Lockstep);
  fresh.target = target.get();
  if (samples(one.config)) {
    auto& sampler = samplers_[config_hash(fresh.input.config)];
    if (!sampler) sampler = std::make_unique<npu::CoverageSampler>(target->model());
    fresh.sampler = sampler.get();
  }
  return cases_.emplace(vector.which, std::move(fresh)).first->second;
}

bool VectorRunner::samples(const std::string& config) const {
  return std::any_of(manifest_.builds.begin(), manifest_.builds.end(), [&](const sweep::Build& b) { return b.config == config && b.bins > 0; });
}

/// A hit of an illegal bin is an error of the model or of the stimulus: the vector is no pass.
LockstepResult VectorRunner::covered_run(Prepared& now, uint64_t seed) {
  now.target->load(now.input.program, seed);
  if (now.sampler != nullptr) now.sampler->begin(seed);
  now.target->watch(now.sampler);
  LockstepResult result = run_lockstep(*now.target, now.input.lockstep);
  now.target->watch(nullptr);
  if (now.sampler == nullptr || result.verdict != Verdict::Pass) return result;
  if (const std::string bin = now.sampler->illegal_hit(); !bin.empty()) {
    result.verdict = Verdict::Error;
    result.reason = kIllegalBin + bin;
  }
  return result;
}

Json VectorRunner::lockstep(const sweep::PlannedVector& vector, uint64_t& cycles) {
  const auto start = Clock::now();
  Prepared& now = prepared(vector);
  const LockstepResult result = covered_run(now, vector.seed);
  cycles = result.cycles;
  now.input.identity.emplace();  // token and reproduce line, which go over all sources, are for failures only
  const Json bits = make_bits({now.options, now.input, *now.target, result, 0, exit_of(result.verdict)});
  Json line = {{"verdict", verdict_name(result.verdict)}, {"cycles", result.cycles}, {"compared", compared_elements(result)}, {"hash", record_hash(bits)}};
  if (result.verdict != Verdict::Pass) {
    Json signature = result.mismatches.empty() ? plain_signature(inconclusive_kind(result), manifest_.cases[vector.which]) : bits.at("signature");
    if (const auto trace = trace_failure(*now.target, now.input, result)) {
      signature = signature_json(signature_of(now.input.config, now.input.program, result.mismatches[0], *trace));
    }
    now.input.identity.reset();
    add_failure(line, bits.at("reason"), reproduce_line(now.options, now.input), std::move(signature));
    line["token"] = replay_token(now.options, now.input);
  }
  if (now.sampler != nullptr) line["coverage"] = now.sampler->hits().text();
  line["host"] = {{"seconds", seconds_since(start)}};
  return line;
}

sweep::VectorResult VectorRunner::run(uint64_t index, const sweep::PlannedVector& vector) {
  const auto start = Clock::now();
  const sweep::Case& one = manifest_.cases[vector.which];
  Json line = line_head(index, vector, "error");
  uint64_t cycles = 0;
  try {
    line.update(lockstep(vector, cycles));
  } catch (const npu::DataMissing& missing) {
    line["verdict"] = "skipped";
    line["reason"] = missing.what();
    line["host"] = {{"seconds", seconds_since(start)}};
  } catch (const std::exception& error) {
    add_failure(line, error.what(), reproduce_of(one, vector.seed), plain_signature("error", one));
    line["host"] = {{"seconds", seconds_since(start)}};
  }
  const auto& verdict = line.at("verdict");
  const bool passed = verdict == "pass" || verdict == "skipped";
  return {line.dump(-1, ' ', false, Json::error_handler_t::replace), passed, cycles};
}

}  // namespace assay::cli
