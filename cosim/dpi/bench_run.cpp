// SPDX-License-Identifier: Apache-2.0
#include "cosim/dpi/bench_run.hpp"

#include <cstring>

#include "cosim/common/process.hpp"
#include "cosim/dpi/simulator.hpp"
#include "cosim/engine/compare_plan.hpp"
#include "cosim/engine/element.hpp"
#include "cosim/npu/rtl_map.hpp"
#include "cosim/npu/vector.hpp"

namespace assay::dpi {
namespace {

npu::Program program_of(const BenchOrder& order, const HwConfig& config) {
  npu::LoadOptions load;
  load.seed = order.seed;
  load.project_root = project_root();
  npu::Program program = order.vector.empty() ? npu::make_test(order.test, config, load) : npu::load_vector(order.vector, config, load);
  if (!order.stall.empty()) program.stall = npu::parse_stall(order.stall, order.seed);
  return program;
}

/// The variable that holds a part of a field, and the bit of it at which the part begins.
struct Place {
  Variable variable;
  size_t bit = 0;
};

Place place_in_rtl(const std::string& tile, const Field& field, size_t part, bool floating) {
  static const npu::RtlMap kMap(project_root() / "cosim/npu/rtl_map.yaml");
  std::string path = kMap.path(field.block + "." + field.name, floating);
  Place place;
  const size_t slice = path.find("@{r}");
  if (slice != std::string::npos) {
    place.bit = part * part_elements(field) * static_cast<size_t>(field.width);
    path.resize(slice);
  }
  for (const char* hole : {"{r}", "{c}", "{i}"}) {
    const size_t at = path.find(hole);
    if (at != std::string::npos) path.replace(at, 3, std::to_string(part));
  }
  if (path.back() == ']') {
    const size_t bracket = path.rfind('[');
    place.variable.word = std::stoll(path.substr(bracket + 1));
    path.resize(bracket);
  }
  place.variable.name = tile + "." + path;
  return place;
}

}  // namespace

BenchRun::BenchRun(const BenchOrder& order, const HwConfig& config, Checker& checker)
    : order_(order), config_(config), checker_(checker), program_(program_of(order, config)), start_(std::chrono::steady_clock::now()) {
  lockstep_.max_cycles = order.max_cycles;
  lockstep_.max_mismatches = order.max_mismatches;
  lockstep_.timeout_seconds = order.timeout;
  for (const std::string& fault : order.faults) lockstep_.faults.push_back(parse_fault(fault, checker.target().fields()));
  checker_.play(program_, order.seed, lockstep_);
  const char* const pins[] = {"cmd_ready", "weight_ready", "act_ready", "out_valid", "rsp_valid", "busy", "out_data", "rsp_data"};
  for (size_t i = 0; i < outputs_.size(); ++i) outputs_[i] = checker_.target().output_pin(pins[i]);
}

/// The same contents as in place: they are drawn into the observed memories, and from there written into the RTL.
void BenchRun::fill(const std::string& tile) {
  tile_ = tile;
  checker_.target().fill();
  const auto& fields = checker_.target().fields();
  for (const ObservedMemory& memory : checker_.state().observation().memories) {
    Place place = place_in_rtl(tile_, fields[memory.field], memory.part, config_.floating());
    const auto* bytes = static_cast<const uint8_t*>(checker_.target().dut_parts()[memory.field][memory.part]);
    std::vector<uint32_t> value((memory.bytes + 3) / 4);
    for (uint64_t w = 0; w < memory.words; ++w) {
      std::memcpy(value.data(), bytes + w * memory.bytes, memory.bytes);
      place.variable.word = static_cast<int64_t>(w);
      write_variable(place.variable, value);
    }
  }
  start_ = std::chrono::steady_clock::now();
  cpu_start_ = std::clock();
}

bool BenchRun::deposit_due(uint64_t cycle) const {
  for (const Fault& fault : lockstep_.faults) {
    if (fault.cycle == cycle && checker_.target().fields()[fault.field].cls != FieldClass::Pin) return true;
  }
  return false;
}

void BenchRun::deposit() {
  for (const Fault& fault : lockstep_.faults) {
    const Field& field = checker_.target().fields()[fault.field];
    if (fault.cycle != next_cycle_ || field.cls == FieldClass::Pin) continue;  // pins are flipped where they are compared
    const ElementPlace at = place_of(field, fault.index);
    Place place = place_in_rtl(tile_, field, at.part, config_.floating());
    size_t bit = place.bit + static_cast<size_t>(fault.bit);
    if (field.memory) {
      place.variable.word = static_cast<int64_t>(at.element);
    } else {
      bit += at.element * static_cast<size_t>(field.width);
    }
    std::vector<uint32_t> value = read_variable(place.variable);
    value.at(bit / 32) ^= 1u << (bit % 32);
    write_variable(place.variable, value);
    checker_.deposited();
  }
}

bool BenchRun::drive(const Pins& p) {
  for (size_t i = 0; i < kFlags; ++i) *static_cast<uint8_t*>(outputs_[i]) = static_cast<uint8_t>(p.outputs >> i & 1);
  std::memcpy(outputs_[kFlags], p.out_data, static_cast<size_t>(config_.cols) * 4);
  std::memcpy(outputs_[kFlags + 1], &p.rsp_data, sizeof p.rsp_data);
  if (!checker_.drive(simulation_time())) return false;
  next_cycle_ = checker_.cycle() + 1;
  return true;
}

int BenchRun::driven_pins() {
  int pins = 0;
  for (size_t i = 0; i < 6; ++i) pins |= (checker_.state().driven(i)[0] & 1) << i;
  return deposit_due(next_cycle_) ? pins | 64 : pins;
}

void BenchRun::write_outcome(const LockstepResult& result) {
  BenchOutcome outcome;
  outcome.result = result;
  const npu::Driver& driver = checker_.target().driver();
  outcome.results = driver.results();
  outcome.beats = driver.beats_received();
  outcome.observed = checker_.state().bytes();
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  outcome.cpu_seconds = static_cast<double>(std::clock() - cpu_start_) / CLOCKS_PER_SEC;
  write_file(order_.result, outcome_text(outcome));
}

void BenchRun::write_error(const std::string& error) {
  BenchOutcome outcome;
  outcome.error = error;
  write_file(order_.result, outcome_text(outcome));
}

}  // namespace assay::dpi
