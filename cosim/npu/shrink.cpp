// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/shrink.hpp"

#include <algorithm>
#include <stdexcept>

#include "cosim/common/process.hpp"
#include "cosim/npu/program_hash.hpp"
#include "cosim/npu/shrink_search.hpp"
#include "model/common/assert.hpp"

namespace assay::npu {
namespace {

std::string fault_text(const Fault& fault) {
  std::string text = std::to_string(fault.field) + ":" + std::to_string(fault.bit) + "@" + std::to_string(fault.cycle);
  for (const int64_t i : fault.index) text += "," + std::to_string(i);
  return text;
}

std::string stall_words(const StallProfiles& stall) {
  std::string text;
  for (const StallProfile* p : {&stall.commands, &stall.weights, &stall.activations, &stall.output, &stall.response})
    text += std::to_string(static_cast<int>(p->kind)) + "," + std::to_string(p->bubble) + "," + std::to_string(p->burst_min) + "," +
            std::to_string(p->burst_max) + ";";
  return text;
}

/// Over everything that a run depends on.
uint64_t case_hash(const ShrinkCase& c, const Program& program) {
  std::string text = program_hash(program) + stall_words(c.stall) + ";" + std::to_string(c.seed) + ";";
  for (const Fault& fault : c.faults) text += fault_text(fault) + ";";
  for (const Job& job : program.jobs) text += job.expect.empty() ? "." : "e";
  return fnv1a(text);
}

uint64_t nonzero(const functional::Matrix& m) {
  return static_cast<uint64_t>(std::count_if(m.data.begin(), m.data.end(), [](int32_t value) { return value != 0; }));
}

/// Lanes of a command's data that hold something.
uint64_t nonzero(const std::vector<uint8_t>& bytes, size_t lane_bytes) {
  uint64_t count = 0;
  for (size_t at = 0; at < bytes.size(); at += lane_bytes) count += bytes[at] != 0 || (lane_bytes == 2 && bytes[at + 1] != 0 && bytes[at + 1] != 0xA5) ? 1 : 0;
  return count;
}

struct Operands {
  size_t lane_bytes;
  uint64_t operator()(const GemmSpec& spec) const { return nonzero(spec.a) + nonzero(spec.b); }
  uint64_t operator()(const FloatSpec& spec) const { return nonzero(spec.product.a) + nonzero(spec.product.b); }
  uint64_t operator()(const Recipe::Raw& raw) const { return nonzero(raw.weights, lane_bytes) + nonzero(raw.activations, lane_bytes); }
  uint64_t operator()(const Recipe::Reset&) const { return 0; }
  uint64_t operator()(const Recipe::Idle&) const { return 0; }
};

}  // namespace

VectorSize vector_size(const Program& program, const HwConfig& config) {
  ASSAY_ASSERT(program.recipe != nullptr);
  VectorSize size;
  size.items = program.recipe->items.size();
  const auto lane_bytes = static_cast<size_t>(config.lane_bytes());
  for (const Phase& phase : program.phases) {
    size.commands += phase.commands.size();
    size.beats += phase.activations.size() / (static_cast<size_t>(config.rows) * lane_bytes);
    size.weight_rows += phase.weights.size() / (static_cast<size_t>(config.cols) * lane_bytes);
  }
  for (const Recipe::Item& item : program.recipe->items) size.nonzero += std::visit(Operands{lane_bytes}, item);
  return size;
}

bool writes_memory(const Program& program, const HwConfig& config) {
  for (const Phase& phase : program.phases) {
    if (phase.reset_after >= 0) continue;  // the reset may come before the write
    for (const CommandWord& word : phase.commands) {
      const Op op = decode(word, datapath(config)).op;
      if ((op == Op::Matmul || op == Op::LoadTable) && check_command(word, config) == Status::Ok) return true;
    }
  }
  return false;
}

Search::Search(const ShrinkCase& start, const HwConfig& config, const ShrinkSteps& steps) : config_(config), steps_(steps), best_(start) {
  seen_.insert(case_hash(start, plan(start.recipe, config, "", start.stall)));
}

bool Search::attempt(ShrinkCase candidate) {
  if (stopped_ || (stopped_ = steps_.stop())) return false;
  if (steps_.on_try) steps_.on_try(stage_);
  Program program;
  try {
    program = plan(candidate.recipe, config_, "", candidate.stall);
  } catch (const std::logic_error&) {  // what is left contradicts itself: no vector
    return false;
  }
  if (!seen_.insert(case_hash(candidate, program)).second) return false;
  ++tried_;
  if (!steps_.fails(candidate, program)) return false;
  best_ = std::move(candidate);
  if (steps_.on_better) steps_.on_better(program);
  return true;
}

Shrunk shrink(const ShrinkCase& start, const HwConfig& config, const ShrinkSteps& steps) {
  Search search(start, config, steps);
  struct Stage {
    const char* name;
    void (*run)(Search&);
  };
  constexpr Stage kStages[] = {{"items", shrink_items}, {"products", shrink_products}, {"commands", shrink_commands}, {"modes", shrink_modes},
                               {"data", shrink_data},   {"stimulus", shrink_stimulus}, {"faults", shrink_faults}};
  if (!start.faults.empty()) {  // a fault in a late cycle needs a long run: it moves first
    search.stage("faults");
    shrink_faults(search);
  }
  for (uint64_t before = 0, now = 1; before != now && !search.stopped();) {
    before = search.tried();
    for (const Stage& stage : kStages) {
      search.stage(stage.name);
      stage.run(search);
    }
    now = search.tried();
  }
  return {search.best(), search.tried(), !search.stopped()};
}

}  // namespace assay::npu
