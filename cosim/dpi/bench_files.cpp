// SPDX-License-Identifier: Apache-2.0
#include "cosim/common/json.hpp"
#include "cosim/common/process.hpp"
#include "cosim/dpi/bench_run.hpp"

namespace assay::dpi {
namespace {

constexpr const char* kOrderSchema = "assay/dpi-run/1";
constexpr const char* kResultSchema = "assay/dpi-result/1";

/// Reads a file of ours, whose keys are those of `like`; whatever does not fit is an InputError.
template <class Read>
auto read_json(const std::filesystem::path& file, const Json& like, Read read) {
  const std::string text = read_file(file), schema = like["schema"];
  try {
    const Json json = parse_json(text);
    if (json.at("schema") != schema) throw InputError(file.string() + ":1: schema: is " + json["schema"].dump() + ", expected " + schema);
    for (const auto& [key, unused] : json.items())
      if (!like.contains(key)) throw InputError(file.string() + ":1: " + key + ": unknown key, expected those of " + schema);
    return read(json);
  } catch (const Json::exception&) {
    throw InputError(file.string() + ":1: json: damaged or incomplete, expected schema " + schema);
  }
}

Json mismatch_json(const Mismatch& m) {
  return {{"kind", m.kind},   {"cycle", m.cycle},   {"block", m.block}, {"field", m.field}, {"index", m.index},
          {"width", m.width}, {"format", m.format}, {"rtl", m.rtl},     {"model", m.model}, {"xor", m.xor_}};
}

Mismatch mismatch_of(const Json& j) {
  Mismatch m;
  m.kind = j.at("kind");
  m.cycle = j.at("cycle");
  m.block = j.at("block");
  m.field = j.at("field");
  m.index = j.at("index").get<std::vector<int64_t>>();
  m.width = j.at("width");
  m.format = j.at("format");
  m.rtl = j.at("rtl");
  m.model = j.at("model");
  m.xor_ = j.at("xor");
  return m;
}

std::string hex_of(const std::vector<uint8_t>& bytes) {
  std::string text;
  for (uint8_t b : bytes) {
    text += "0123456789abcdef"[b >> 4];
    text += "0123456789abcdef"[b & 15];
  }
  return text;
}

std::vector<uint8_t> bytes_of(const std::string& hex) {
  std::vector<uint8_t> bytes;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (size_t i = 0; i + 1 < hex.size(); i += 2) bytes.push_back(static_cast<uint8_t>(digit(hex[i]) << 4 | digit(hex[i + 1])));
  return bytes;
}

Verdict verdict_of(const std::string& name) {
  for (Verdict v : {Verdict::Pass, Verdict::Mismatch, Verdict::Inconclusive})
    if (name == verdict_name(v)) return v;
  return Verdict::Error;
}

Json result_json(const LockstepResult& r) {
  Json counts = Json::array(), mismatches = Json::array();
  for (const ClassCount& c : r.counts) counts.push_back({c.planned, c.done, c.skipped});
  for (const Mismatch& m : r.mismatches) mismatches.push_back(mismatch_json(m));
  return {{"verdict", verdict_name(r.verdict)}, {"reason", r.reason},       {"cycles", r.cycles}, {"truncated", r.truncated},
          {"interrupted", r.interrupted},       {"timed_out", r.timed_out}, {"counts", counts},   {"mismatches", mismatches},
          {"full_compares", r.full_compares},   {"leftovers", r.leftovers}};
}

LockstepResult result_of(const Json& j) {
  LockstepResult r;
  r.verdict = verdict_of(j.at("verdict"));
  r.reason = j.at("reason");
  r.cycles = j.at("cycles");
  r.truncated = j.at("truncated");
  r.interrupted = j.at("interrupted");
  r.timed_out = j.at("timed_out");
  for (size_t c = 0; c < r.counts.size(); ++c) r.counts[c] = {j.at("counts").at(c).at(0), j["counts"][c].at(1), j["counts"][c].at(2)};
  for (const Json& m : j.at("mismatches")) r.mismatches.push_back(mismatch_of(m));
  r.full_compares = j.at("full_compares");
  r.leftovers = j.at("leftovers");
  return r;
}

Json order_json(const BenchOrder& o) {
  return {{"schema", kOrderSchema}, {"config", o.config}, {"vector", o.vector},         {"test", o.test},
          {"seed", o.seed},         {"stall", o.stall},   {"max_cycles", o.max_cycles}, {"max_mismatches", o.max_mismatches},
          {"timeout", o.timeout},   {"faults", o.faults}, {"result", o.result}};
}

Json outcome_json(const BenchOutcome& o) {
  return {{"schema", kResultSchema},        {"error", o.error},     {"result", result_json(o.result)}, {"results", o.results}, {"beats", o.beats},
          {"observed", hex_of(o.observed)}, {"seconds", o.seconds}, {"cpu_seconds", o.cpu_seconds}};
}

}  // namespace

std::string order_text(const BenchOrder& o) { return order_json(o).dump(2) + "\n"; }

BenchOrder read_order(const std::filesystem::path& file) {
  return read_json(file, order_json({}), [](const Json& j) {
    BenchOrder o;
    o.config = j.at("config");
    o.vector = j.at("vector");
    o.test = j.at("test");
    o.seed = j.at("seed");
    o.stall = j.at("stall");
    o.max_cycles = j.at("max_cycles");
    o.max_mismatches = j.at("max_mismatches");
    o.timeout = j.at("timeout");
    o.faults = j.at("faults").get<std::vector<std::string>>();
    o.result = j.at("result");
    return o;
  });
}

std::string outcome_text(const BenchOutcome& o) { return outcome_json(o).dump() + "\n"; }

BenchOutcome read_outcome(const std::filesystem::path& file) {
  return read_json(file, outcome_json({}), [](const Json& j) {
    BenchOutcome o;
    o.error = j.at("error");
    o.result = result_of(j.at("result"));
    o.results = j.at("results").get<std::vector<std::vector<int32_t>>>();
    o.beats = j.at("beats");
    o.observed = bytes_of(j.at("observed"));
    o.seconds = j.at("seconds");
    o.cpu_seconds = j.at("cpu_seconds");
    return o;
  });
}

}  // namespace assay::dpi
