// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/record.hpp"

#include <cmath>
#include <cstring>

#include "cosim/cli/counters.hpp"
#include "cosim/cli/flag_names.hpp"
#include "cosim/cli/host.hpp"
#include "cosim/cli/mismatch_json.hpp"
#include "cosim/cli/outputs.hpp"
#include "cosim/cli/signature.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/cli/token.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/rtl_map.hpp"

namespace assay::cli {
namespace {

Json comparisons_json(const LockstepResult& result) {
  Json json = Json::object();
  for (size_t c = 0; c < kFieldClasses; ++c) {
    const ClassCount& count = result.counts[c];
    json[class_name(static_cast<FieldClass>(c))] = {{"planned", count.planned}, {"done", count.done}, {"skipped", count.skipped}};
  }
  return json;
}

/// The format of a result's element in its lane of 32 bits, in which narrower integers are extended.
std::string lane_format(const npu::Program& program, const Mismatch& m) {
  for (const npu::Job& job : program.jobs)
    if (job.name == m.field && !is_integer(job.format)) return std::string(format_name(job.format));
  return "int32";
}

/// flags_o at the end of the run: the RTL's, or the model's without RTL.
Json final_flags_json(const RunFacts& facts) {
  const std::vector<Field>& fields = facts.target.fields();
  for (size_t f = 0; f < fields.size(); ++f) {
    if (fields[f].block != "tile" || fields[f].name != "flags") continue;
    uint16_t flags = 0;
    const void* image = facts.target.has_dut() ? facts.target.dut_parts()[f][0] : fields[f].parts[0].data;
    std::memcpy(&flags, image, image_bytes(fields[f].width));  // 5 or 13 bits
    return flags_json(flags, facts.input.config.floating());
  }
  return nullptr;
}

Json counters_json(const npu::NpuTarget& target) {
  Json json = Json::object();
  for (size_t i = 0; i < kCounterNames.size(); ++i) json[kCounterNames[i]] = target.counter(static_cast<int>(i));
  return json;
}

/// Useful multiply-accumulates over what the array could do in the cycles of the run; nothing when the run did not complete.
Json utilisation_json(const RunFacts& facts) {
  const LockstepResult& r = facts.result;
  if (r.truncated || r.verdict != Verdict::Pass || r.cycles == 0) return nullptr;
  const double slots = static_cast<double>(r.cycles) * facts.input.config.rows * facts.input.config.cols;
  return std::round(static_cast<double>(facts.input.program.macs) / slots * 1e6) / 1e6;
}

Json options_json(const RunFacts& facts) {
  const RunOptions& o = facts.options;
  Json json;
  json["stall"] = o.stall.empty() ? Json(nullptr) : Json(o.stall);
  json["cycles"] = facts.input.lockstep.max_cycles == 0 ? Json(nullptr) : Json(facts.input.lockstep.max_cycles);
  json["max_mismatches"] = facts.input.lockstep.max_mismatches;
  json["rtl"] = !o.no_rtl;
  if (o.resync) json["resync"] = true;
  return json;
}

Json build_json(const npu::BuildInfo& build, bool has_dut) {
  if (!has_dut) return nullptr;
  const double seconds = build.verilate_seconds + build.compile_seconds;
  return {{"cached", build.cached},
          {"seconds", seconds},
          {"verilate_seconds", build.verilate_seconds},
          {"compile_seconds", build.compile_seconds},
          {"key", build.key},
          {"library", build.library.string()}};
}

Json paths_json(const RunFacts& facts) {
  const auto or_null = [](const std::string& s) { return s.empty() ? Json(nullptr) : Json(s); };
  Json json;
  json["root"] = std::filesystem::absolute(project_root()).lexically_normal().string();
  json["directory"] = std::filesystem::current_path().string();
  json["vector"] = or_null(facts.input.vector_file.string());
  json["out"] = nullptr;
  json["json"] = or_null(facts.options.json);
  return json;
}

/// Where the RTL's sources, as they stand here, make the value that differs first.
Json source_json(const RunFacts& facts) {
  if (facts.result.mismatches.empty()) return nullptr;
  const Mismatch& m = facts.result.mismatches.front();
  if (m.kind != "state" && m.kind != "pin") return nullptr;
  const auto place = npu::rtl_place(project_root(), m.block + "." + m.field, m.index, facts.input.config.floating());
  if (!place) return nullptr;
  return {{"file", place->file}, {"line", place->line}, {"signal", place->signal}};
}

Json host_json(const RunFacts& facts) {
  const bool has_dut = facts.target.has_dut();
  Json json;
  json["date"] = utc_now();
  json["assay"] = assay_version();
  json["seconds"] = facts.seconds;
  json["cycles_per_second"] = facts.seconds > 0 ? std::round(static_cast<double>(facts.result.cycles) / facts.seconds) : 0.0;
  json["cpu"] = cpu_name();
  json["peak_memory_bytes"] = peak_memory_bytes();
  const bool recorded = facts.input.recording != nullptr;
  json["rtl"] = recorded ? "recorded" : !has_dut ? "none" : facts.options.path == "dpi" ? "dpi" : "lockstep";
  json["tools"] = has_dut && !recorded ? tool_versions() : Json(nullptr);
  json["build"] = build_json(facts.target.build(), has_dut && !recorded);
  json["source"] = source_json(facts);
  json["paths"] = paths_json(facts);
  json["command"] = facts.options.command_line;
  return json;
}

/// Why the run did not pass; for a difference the first one in words.
std::string reason_text(const LockstepResult& result) {
  if (!result.reason.empty() || result.mismatches.empty()) return result.reason;
  const Mismatch& m = result.mismatches.front();
  return m.kind + " " + m.block + "." + m.field + index_text(m.index) + (m.kind == "assertion" ? " broken" : " differs") + " in cycle " +
         std::to_string(m.cycle);
}

Json config_json(const HwConfig& config) {
  Json json = {{"name", config.name}, {"hash", config_hash(config)}, {"rows", config.rows}, {"cols", config.cols}};
  json["formats"] = operand_formats(config);
  json["pe_latency"] = config.pe_latency;
  return json;
}

/// What was asked for and what it gave, without the counts.
Json head_json(const RunFacts& facts) {
  const RunInput& input = facts.input;
  Json json;
  json["schema"] = "assay/result/1";
  json["verdict"] = verdict_name(facts.result.verdict);
  json["exit"] = facts.exit_code;
  json["reason"] = reason_text(facts.result);
  json["target"] = "npu";
  json["config"] = config_json(input.config);
  json["test"] = input.test;
  json["vector_hash"] = input.vector_hash.empty() ? Json(nullptr) : Json(input.vector_hash);
  json["seed"] = seed_text(input.seed);
  json["options"] = options_json(facts);
  json["token"] = replay_token(facts.options, input);
  json["reproduce"] = reproduce_line(facts.options, input);
  return json;
}

}  // namespace

Json make_bits(const RunFacts& facts) {
  const LockstepResult& result = facts.result;
  Json mismatches = Json::array(), faults = Json::array();
  for (const Mismatch& m : result.mismatches) mismatches.push_back(mismatch_json(m, lane_format(facts.input.program, m)));
  for (const Fault& fault : facts.input.lockstep.faults) faults.push_back(fault.text);
  Json json = head_json(facts);
  json["cycles"] = result.cycles;
  json["truncated"] = result.truncated;
  json["comparisons"] = comparisons_json(result);
  json["full_compares"] = result.full_compares;
  json["exclusions"] = Json::array();
  json["waivers"] = Json::array();
  json["macs"] = facts.input.program.macs;
  json["utilisation"] = utilisation_json(facts);
  json["counters"] = counters_json(facts.target);
  json["flags"] = final_flags_json(facts);
  json["outputs"] = outputs_json(facts.input, facts.target.driver());
  json["first"] = mismatches.empty() ? Json(nullptr) : mismatches.front();
  json["mismatches"] = std::move(mismatches);
  if (!result.mismatches.empty()) json["signature"] = signature_json({coarse_signature(result.mismatches[0]), {}});
  json["faults"] = std::move(faults);
  json["leftovers"] = result.leftovers;
  return json;
}

Json make_record(const RunFacts& facts) {
  Json json = make_bits(facts);
  json["host"] = host_json(facts);
  return json;
}

std::string record_hash(const Json& record) {
  uint64_t hash = kFnvStart;
  for (const char* key : {"verdict",     "reason",        "target", "config",      "test",     "vector_hash", "seed",    "options",    "cycles", "truncated",
                          "comparisons", "full_compares", "macs",   "utilisation", "counters", "flags",       "outputs", "mismatches", "faults", "leftovers"}) {
    hash = fnv1a(record.at(key).dump(), hash);
  }
  return hex64(hash);
}

Json as_mismatch(Json record) {
  record["schema"] = "assay/mismatch/1";
  return record;
}

}  // namespace assay::cli
