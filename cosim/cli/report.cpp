// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/report.hpp"

#include <unistd.h>

#include <cstdlib>
#include <map>
#include <vector>

#include "cosim/cli/resync_json.hpp"
#include "cosim/cli/shrunk.hpp"
#include "cosim/cli/story_text.hpp"
#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {

constexpr size_t kLabel = kReportLabel;

std::string line(const std::string& label, const std::string& text) { return report_line(label, text); }

std::string field_name(const Json& m) {
  return m["block"].get<std::string>() + "." + m["field"].get<std::string>() + index_text(m["index"].get<std::vector<int64_t>>());
}

bool is_output(const Json& m) { return m["kind"] == "functional" || m["kind"] == "expect"; }

std::string verdict_line(const Json& r, const Style& style) {
  const std::string verdict = r["verdict"];
  const std::string name = verdict == "pass"       ? style.good("PASS")
                           : verdict == "mismatch" ? style.bad("MISMATCH")
                                                   : style.warn(r["exit"] == 130 ? "INTERRUPTED" : "INCONCLUSIVE");
  std::string text = name + "  " + style.bold(r["test"].get<std::string>()) + " on " + style.bold(r["config"]["name"].get<std::string>()) + ", seed " +
                     r["seed"].get<std::string>();
  if (r["host"]["rtl"] == "none") text += ", model alone (no RTL)";
  if (r["host"]["rtl"] == "recorded") text += ", RTL as recorded";
  if (!r["options"]["stall"].is_null()) text += ", stall " + r["options"]["stall"].get<std::string>();
  if (r["options"].contains("resync")) text += ", resync";
  const bool told = verdict == "mismatch" && !r["first"].is_null();  // by what follows
  return text + "\n" + (verdict == "pass" || told ? "" : line("reason", r["reason"]));
}

std::string run_lines(const Json& r) {
  std::string cycles = grouped(r["cycles"]) + (r["truncated"].get<bool>() ? " (stopped by --cycles)" : "");
  cycles += " in " + fixed(r["host"]["seconds"], 2) + " s, " + grouped(r["host"]["cycles_per_second"].get<uint64_t>()) + " cycles/s";
  const Json& build = r["host"]["build"];
  if (!build.is_null()) cycles += build["cached"].get<bool>() ? "; RTL from the cache" : "; RTL built in " + fixed(build["seconds"], 1) + " s";
  std::string text = line("cycles", cycles);
  for (const Json& fault : r["faults"]) text += line("fault", fault);
  if (r.contains("shrunk_from")) text += line("shrunk", "from " + r["shrunk_from"]["test"].get<std::string>() + ": " + shrunk_text(r["shrunk_from"]));
  return text;
}

/// The sticky flags at the end, by engine; of the floating-point tile, whose arithmetic raises them as a matter of course.
std::string flags_lines(const Json& r) {
  const Json& formats = r["config"]["formats"];
  if (formats.empty() || formats[0] == "int8") return "";
  std::string text;
  for (const auto& [engine, names] : r["flags"].items()) {
    const auto set = names.get<std::vector<std::string>>();
    text += (text.empty() ? "" : "; ") + engine + ": " + (set.empty() ? "none" : joined(set));
  }
  return line("flags", text);
}

std::string outputs_lines(const Json& r) {
  constexpr size_t kJobs = 4;  // as many as leave the rest of the screen
  std::string text;
  std::map<std::string, size_t> states;
  const Json& jobs = r["outputs"]["jobs"];
  for (const Json& job : jobs) ++states[job["expect"].get<std::string>()];
  for (size_t j = 0; j < jobs.size() && jobs.size() <= kJobs; ++j) {
    const Json& job = jobs[j];
    std::string item = job["name"].get<std::string>() + " [" + std::to_string(job["shape"][0].get<int>()) + ", " + std::to_string(job["shape"][1].get<int>()) +
                       "] " + job["format"].get<std::string>();
    if (job["hash"].is_null()) item += ", " + (job["received"].is_null() ? "some" : grouped(job["received"])) + " received";
    if (job["expect"] != "none") item += ", expect: " + job["expect"].get<std::string>();
    text += line(j == 0 ? "outputs" : "", item);
  }
  if (jobs.size() > kJobs) {
    std::string counts;
    for (const auto& [state, count] : states) counts += ", " + std::to_string(count) + " expect: " + state;
    text += line("outputs", std::to_string(jobs.size()) + " jobs" + counts);
  }
  const Json& a = r["outputs"]["accuracy"];
  if (a.is_null()) return text;
  const auto part = [](const Json& p) { return fixed(p["percent"], 2) + " % (" + grouped(p["right"]) + " of " + grouped(p["images"]) + " images)"; };
  const std::string held = a["held_back"].is_null() ? "" : "; held back: " + part(a["held_back"]);
  return text + line("accuracy", part(a) + held + (r["host"]["rtl"] == "none" ? ", from the model" : ", from the RTL's output pins"));
}

std::string comparison_table(const Json& r) {
  if (r["host"]["rtl"] == "none")
    return line("compared", "output beats with the functional model: " + grouped(r["outputs"]["beats"]) + "; no RTL, no registers");
  std::string text = "\n" + pad_right("  compared", kLabel) + pad_left("planned", 18) + pad_left("done", 18) + pad_left("skipped", 18) + "\n";
  uint64_t planned = 0, done = 0, skipped = 0;
  const auto row = [](const std::string& name, uint64_t a, uint64_t b, uint64_t c) {
    return pad_right("  " + name, kLabel) + pad_left(grouped(a), 18) + pad_left(grouped(b), 18) + pad_left(grouped(c), 18) + "\n";
  };
  for (const auto& [name, count] : r["comparisons"].items()) {
    text += row(name, count["planned"], count["done"], count["skipped"]);
    planned += count["planned"].get<uint64_t>();
    done += count["done"].get<uint64_t>();
    skipped += count["skipped"].get<uint64_t>();
  }
  text += row("all", planned, done, skipped);
  text += line("mismatches", std::to_string(r["mismatches"].size()) + (r["mismatches"].empty() ? "" : " listed"));
  const std::string excluded = r["exclusions"].empty() ? "none (0 bits)" : std::to_string(r["exclusions"].size());
  return text + line("exclusions", excluded + "; waivers: " + (r["waivers"].empty() ? "none" : std::to_string(r["waivers"].size())));
}

struct Unit {
  const char *name, *busy;
  std::vector<std::pair<const char*, const char*>> stalls;
};

const std::vector<Unit>& units() {
  static const std::vector<Unit> all = {
      {"load", "load_busy", {{"hazard", "load_stall_hazard"}, {"data", "load_stall_data"}}},
      {"matmul", "matmul_busy", {{"bank", "matmul_stall_bank"}, {"weights", "matmul_stall_weights"}, {"data", "matmul_stall_data"}}},
      {"activation", "act_busy", {{"bank", "act_stall_bank"}, {"output", "act_stall_output"}, {"drain", "act_stall_drain"}}},
      {"dispatch", "dispatch_busy", {{"queue", "dispatch_stall_queue"}, {"idle", "dispatch_stall_idle"}, {"response", "dispatch_stall_response"}}}};
  return all;
}

/// Busy, stalls by cause and the rest, in percent of the counted cycles.
std::string unit_table(const Json& r) {
  const Json& counters = r["counters"];
  const auto cycles = counters["cycles"].get<double>();
  std::string text = "\n";
  if (!r["utilisation"].is_null()) {
    const uint64_t pes = r["config"]["rows"].get<uint64_t>() * r["config"]["cols"].get<uint64_t>();
    text += line("utilisation", percent(r["utilisation"]) + " of " + std::to_string(pes) + " PEs: " + grouped(r["macs"]) + " useful multiply-accumulates");
  }
  if (cycles <= 0) return text;
  text += pad_right("  unit", kLabel) + pad_left("busy", 10) + pad_left("idle", 10) + "    stalled by cause\n";
  for (const Unit& unit : units()) {
    const double busy = counters[unit.busy].get<double>() / cycles;
    double idle = 1 - busy;
    std::string causes;
    for (const auto& [cause, counter] : unit.stalls) {
      const double part = counters[counter].get<double>() / cycles;
      idle -= part;
      causes += (causes.empty() ? "" : ", ") + std::string(cause) + " " + percent(part);
    }
    text +=
        pad_right("  " + std::string(unit.name), kLabel) + pad_left(percent(busy), 10) + pad_left(percent(idle < 0 ? 0 : idle), 10) + "    " + causes + "\n";
  }
  return text;
}

/// A side of a mismatch: its bits, and what they mean.
std::string value_line(const std::string& label, const Json& m, const char* key) {
  if (m[key].is_null()) return "";
  const std::string hex = m[key];
  std::string text = (hex.find_first_not_of("0123456789abcdef") == std::string::npos ? "0x" : "") + hex;
  if (std::string(key) != "xor" && !m["decoded"].is_null()) {
    const Json& side = m["decoded"][key];
    const std::string value = side["value"], kind = side["class"];
    text += "  =  " + (kind == "integer" ? grouped_digits(value) : value + ", " + kind);
  }
  return pad_right("    " + label, kLabel + 6) + text + "\n";
}

/// How far apart two floats are; integers show it themselves.
std::string distance_line(const Json& m) {
  if (m["decoded"].is_null() || m["decoded"]["rtl"]["class"] == "integer") return "";
  const Json& ulp = m["decoded"]["ulp"];
  const std::string text = ulp.is_null() ? "none: " + m["decoded"]["ulp_reason"].get<std::string>() : grouped(ulp) + " ulp";
  return pad_right("    distance", kLabel + 6) + text + "\n";
}

/// How many differ, by field, most hit first come first.
std::string census(const Json& r) {
  const Json& all = r["mismatches"];
  std::vector<std::pair<std::string, size_t>> fields;
  for (const Json& m : all) {
    const std::string name = m["block"].get<std::string>() + "." + m["field"].get<std::string>();
    auto it = fields.begin();
    while (it != fields.end() && it->first != name) ++it;
    if (it == fields.end()) it = fields.insert(it, {name, 0});
    ++it->second;
  }
  const bool stopped = all.size() >= r["options"]["max_mismatches"].get<size_t>();
  std::string text = grouped(all.size()) + (stopped ? " listed, the run stopped there (--max-mismatches)" : " in the whole run") + ", cycles " +
                     grouped(all.front()["cycle"]) + " to " + grouped(all.back()["cycle"]) + ":";
  for (size_t i = 0; i < fields.size() && i < 6; ++i) text += (i == 0 ? " " : ", ") + fields[i].first + " " + std::to_string(fields[i].second);
  if (fields.size() > 6) text += ", " + std::to_string(fields.size() - 6) + " more fields";
  return line("differing", text);
}

/// What would explain it, and how well; the runners-up only when nothing explains everything, or when they explain it as well.
std::string diagnosis_lines(const Json& d) {
  std::string text = line("diagnosis", d["text"]);
  const bool certain = !d["kind"].is_null();
  for (const Json& c : d["candidates"]) {
    if (certain && (c["kind"] == d["kind"] || c["explained"] != d["explained"] || c["contradicted"] != d["contradicted"])) continue;
    text += line("", (certain ? "or " : "closest: ") + c["kind"].get<std::string>() + ": " + c["text"].get<std::string>() +
                         (certain ? "" : " (explains " + grouped(c["explained"]) + ", contradicts " + grouped(c["contradicted"]) + ")"));
    if (!certain) break;
  }
  if (!d["not_tried"].empty()) text += line("", "not tried for want of time: " + std::to_string(d["not_tried"].size()) + " families");
  return text;
}

std::string mismatch_lines(const Json& r, const Style& style) {
  const Json& m = r["first"];
  if (m.is_null()) return "";
  const bool rtl = r["host"]["rtl"] != "none";
  const std::string format = m["format"].is_null() ? "" : ", " + m["format"].get<std::string>();
  std::string text = "\n" + line("first", style.bold("cycle " + std::to_string(m["cycle"].get<uint64_t>())) + ", block " + m["block"].get<std::string>() +
                                              ": " + style.bold(field_name(m)) + " (" + m["kind"].get<std::string>() + format + ")");
  text += value_line(rtl ? "RTL" : "model", m, "rtl");
  text += value_line(m["kind"] == "expect" ? "expect" : is_output(m) ? "functional" : "model", m, "model");
  text += value_line("XOR", m, "xor") + distance_line(m);
  text += operation_lines(r);
  if (r.contains("skew") && r["skew"]["verdict"] != "none") text += line("skew", r["skew"]["text"]);
  if (r.contains("diagnosis")) text += diagnosis_lines(r["diagnosis"]);
  const std::string spread = spread_line(r);
  return text + (spread.empty() ? census(r) : spread) + resync_lines(r);
}

}  // namespace

Style style_for(int file_descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  return {isatty(file_descriptor) != 0 && (no_colour == nullptr || *no_colour == 0)};
}

Extent terminal_extent(const Json& record) {
  return record["verdict"] == "mismatch" && !record["host"]["paths"]["out"].is_null() ? Extent::Essentials : Extent::Whole;
}

std::string render_report(const Json& record, const Style& style, Extent extent) {
  std::string text = verdict_line(record, style) + run_lines(record) + outputs_lines(record) + flags_lines(record) + mismatch_lines(record, style);
  const bool mismatch = record["verdict"] == "mismatch";
  const std::string tables = comparison_table(record) + unit_table(record);
  if (!mismatch) text += tables;
  if (record["verdict"] != "pass") text += "\n" + pad_right("  reproduce", kLabel) + record["reproduce"].get<std::string>() + "\n";
  const Json& out = record["host"]["paths"]["out"];
  if (!out.is_null()) text += pad_right("  written to", kLabel) + out.get<std::string>() + "\n";
  const Json waves = record.value("waves", Json(nullptr));
  if (!out.is_null() && !waves.is_null()) {
    text += pad_right("  waves", kLabel) + "gtkwave " + out.get<std::string>() + "/" + waves["save_file"].get<std::string>() + "\n";
  }
  if (mismatch && extent == Extent::Whole) text += history_table(record) + (spread_line(record).empty() ? "" : "\n" + census(record)) + tables;
  return text;
}

}  // namespace assay::cli
