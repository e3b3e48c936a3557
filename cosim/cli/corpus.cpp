// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/corpus.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>

#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/interrupt.hpp"
#include "cosim/cli/record.hpp"
#include "cosim/cli/run.hpp"
#include "cosim/cli/run_options.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/stimulus/corpus.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::pair<npu::Guidance, const char*>, 3> kGuidances{
    {{npu::Guidance::Drawn, "drawn"}, {npu::Guidance::Programs, "programs"}, {npu::Guidance::Feedback, "feedback"}}};

/// Commands that were given when so many bins had been reached; nothing when they never were.
std::optional<uint64_t> commands_to(const npu::Corpus& corpus, uint32_t bins) {
  const auto found = std::find_if(corpus.curve.begin(), corpus.curve.end(), [bins](const npu::Reach& at) { return at.bins >= bins; });
  return found == corpus.curve.end() ? std::nullopt : std::optional(found->commands);
}

uint32_t bins_after(const npu::Corpus& corpus, uint64_t commands) {
  uint32_t bins = 0;
  for (const npu::Reach& at : corpus.curve)
    if (at.commands <= commands) bins = at.bins;
  return bins;
}

Json curve_json(const npu::Corpus& corpus) {
  Json out = Json::array();
  uint64_t next = 0;
  for (const npu::Reach& at : corpus.curve) {
    const bool last = &at == &corpus.curve.back();
    if (at.commands < next && !last) continue;
    out.push_back({{"programs", at.programs}, {"commands", at.commands}, {"cycles", at.cycles}, {"bins", at.bins}});
    next = at.commands + at.commands / 4;
  }
  return out;
}

/// One config: grown and written, or compared.
class OneConfig {
 public:
  OneConfig(const CorpusOptions& options, const std::string& name, uint64_t commands, uint64_t seed)
      : options_(options), name_(name), config_(load_config(config_file(name))), commands_(commands), seed_(seed) {}

  Json run(std::string& text) {
    Json json{{"config", config_.name}, {"hash", config_hash(config_)}};
    for (const auto& [guidance, word] : kGuidances) {
      if (guidance != npu::Guidance::Feedback && !options_.compare) continue;
      const npu::Corpus corpus = npu::grow_corpus(config_, guidance, seed_, commands_, [](const npu::Reach&) { return !interrupted(); });
      json["wanted"] = corpus.wanted;
      json[word] = {{"curve", curve_json(corpus)}, {"entries", corpus.entries.size()}, {"holes", corpus.holes}, {"surprises", corpus.surprises}};
      surprises_ += corpus.surprises.size();
      for (const std::string& surprise : corpus.surprises) text += "  surprise  " + surprise + "\n";
      grown_.push_back(corpus);
    }
    text += describe();
    write();
    return json;
  }
  size_t surprises() const { return surprises_; }

 private:
  std::string describe() const {
    const npu::Corpus& feedback = grown_.back();
    const uint32_t reached = feedback.curve.empty() ? 0 : feedback.curve.back().bins;
    std::string text = pad_right(config_.name, 14) + "feedback reaches " + std::to_string(reached) + " of " + std::to_string(feedback.wanted) + " bins (" +
                       percent(static_cast<double>(reached) / std::max<uint32_t>(feedback.wanted, 1)) + ") with " + std::to_string(feedback.entries.size()) +
                       " programs\n";
    if (!options_.compare) return text;
    text += "  commands    drawn  programs  feedback   (bins)\n";
    for (uint64_t at = 1000; at <= commands_; at = next_mark(at)) {
      text += pad_left(std::to_string(at), 10);
      for (const npu::Corpus& corpus : grown_) text += pad_left(std::to_string(bins_after(corpus, at)), 10);
      text += "\n";
    }
    const uint32_t goal = std::min({last_bins(0), last_bins(1), last_bins(2)});
    text += "  commands to reach " + std::to_string(goal) + " bins:";
    for (size_t i = 0; i < grown_.size(); ++i) {
      const auto commands = commands_to(grown_[i], goal);
      text += std::string(i == 0 ? " " : ", ") + kGuidances[i].second + " " + (commands ? std::to_string(*commands) : "-");
    }
    return text + "\n";
  }
  uint32_t last_bins(size_t i) const { return grown_[i].curve.empty() ? 0 : grown_[i].curve.back().bins; }
  /// 1000, 2000, 5000, 10000, …
  static uint64_t next_mark(uint64_t at) {
    uint64_t scale = 1;
    while (at / scale >= 10) scale *= 10;
    return at / scale == 1 ? 2 * scale : at / scale == 2 ? 5 * scale : 10 * scale;
  }

  void write() const {
    if (options_.out.empty()) return;
    write_file(fs::path(options_.out) / (config_.name + ".yaml"), npu::corpus_suite(config_, grown_.back(), name_));
  }

  const CorpusOptions& options_;
  std::string name_;
  HwConfig config_;
  uint64_t commands_, seed_;
  std::vector<npu::Corpus> grown_;
  size_t surprises_ = 0;
};

}  // namespace

int corpus_command(const CorpusOptions& options) {
  catch_interrupts();
  const uint64_t commands = parse_count("--commands", options.commands, 1), seed = parse_count("--seed", options.seed, 0);
  const std::vector<std::string> configs = options.configs.empty() ? config_names() : options.configs;
  for (const std::string& name : configs) load_config(config_file(name));
  RunOptions destination;
  destination.json = options.json;
  check_destinations(destination);
  if (!options.out.empty()) {
    std::error_code error;
    fs::create_directories(options.out, error);
    if (error) throw InputError("command line:1: --out: '" + options.out + "' cannot be made, expected a directory");
  }
  Json json{{"schema", "assay/corpus/1"}, {"seed", seed_text(seed)}, {"commands", commands}, {"configs", Json::array()}};
  size_t surprises = 0;
  for (const std::string& name : configs) {
    std::string text;
    OneConfig one(options, name, commands, seed);
    json["configs"].push_back(one.run(text));
    surprises += one.surprises();
    std::fputs(text.c_str(), options.json == "-" ? stderr : stdout);
  }
  if (options.json == "-") {
    std::fputs(json_text(json).c_str(), stdout);
  } else if (!options.json.empty()) {
    write_file(options.json, json_text(json));
  }
  if (interrupted()) return kInterrupted;
  return surprises == 0 ? kPass : kMismatch;
}

}  // namespace assay::cli
