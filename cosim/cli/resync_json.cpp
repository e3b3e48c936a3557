// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/resync_json.hpp"

#include "cosim/cli/element_value.hpp"
#include "cosim/cli/failure.hpp"
#include "cosim/cli/progress.hpp"
#include "cosim/cli/story_text.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/npu/diagnosis/resync.hpp"

namespace assay::cli {
namespace {

Json cause_json(const npu::Cause& cause, const Field& field) {
  Json json = {{"cycle", cause.first}, {"last", cause.last},  {"cycles", cause.cycles},
               {"block", field.block}, {"field", field.name}, {"index", cause.element.index}};
  json["width"] = field.width;
  json["format"] = field.format;
  json["rtl"] = cause.rtl;
  json["model"] = cause.rules;
  json["decoded"] = decoded_json(cause.rtl, cause.rules, field.width, field.format);
  return json;
}

}  // namespace

Json resync_json(npu::NpuTarget& target, const RunInput& input, const LockstepResult& result) {
  if (!target.has_dut() || result.mismatches.empty()) return nullptr;
  LockstepOptions options = options_again(input);
  RunProgress progress([&](uint64_t cycle) { return options.max_cycles == 0 ? -1.0 : static_cast<double>(cycle) / static_cast<double>(options.max_cycles); },
                       "resync");
  options.on_progress = [&progress](uint64_t cycle) { progress.update(cycle); };
  const uint64_t seen = result.mismatches.front().cycle, late = options.full_compare_every;  // so long a wrong word of a memory may wait for its compare
  target.renew();
  target.load(input.program, input.seed);
  const npu::Causes found = npu::find_causes(target, options, seen < late ? 0 : seen - late, input.lockstep.max_mismatches);
  Json json = {{"from", found.from}, {"to", found.to}, {"stopped", found.stopped}};
  json["causes"] = Json::array();
  for (const npu::Cause& cause : found.causes) json["causes"].push_back(cause_json(cause, target.fields()[cause.element.field]));
  return json;
}

std::string resync_lines(const Json& record) {
  if (!record.contains("resync")) return "";
  const Json& resync = record["resync"];
  const auto count = resync["causes"].size();
  std::string text = report_line("causes", (count == 0 ? std::string("none") : std::to_string(count)) + " in cycles " + grouped(resync["from"]) + " to " +
                                               grouped(resync["to"]) + (resync["stopped"].get<bool>() ? ", where the list was full (--max-mismatches)" : "") +
                                               "; everything else follows from them by the rules:");
  constexpr size_t kMost = 8;
  for (size_t i = 0; i < count && i < kMost; ++i) {
    const Json& c = resync["causes"][i];
    const std::string name = c["block"].get<std::string>() + "." + c["field"].get<std::string>() + index_text(c["index"].get<std::vector<int64_t>>());
    const auto cycles = c["cycles"].get<uint64_t>();
    text += report_line("", "cycle " + grouped(c["cycle"]) + ": " + name + " 0x" + c["rtl"].get<std::string>() + " for 0x" + c["model"].get<std::string>() +
                                (cycles == 1 ? "" : ", in " + grouped(cycles) + " cycles up to " + grouped(c["last"])));
  }
  return count <= kMost ? text : text + report_line("", std::to_string(count - kMost) + " more in the record");
}

}  // namespace assay::cli
