// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/lockstep.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "cosim/engine/element.hpp"
#include "model/common/assert.hpp"

namespace assay {
namespace {

constexpr uint64_t kHousekeepingCycles = 1u << 16;

/// The state of one run: what is compared, counted and found.
class Run {
 public:
  Run(Target& target, const LockstepOptions& options) : target_(target), options_(options), has_dut_(!target.dut_parts().empty()) {
    if (has_dut_) plan_ = ComparePlan(target);
    for (const Fault& fault : options.faults)
      if (fault.cycle >= options.first_cycle) pending_faults_.push_back(fault);
  }

  LockstepResult run();

  void begin() {
    if (options_.first_cycle == 0) target_.begin();
  }
  bool next_cycle();
  void drive();
  bool full_compare_due() const { return target_.full_compare_now() || cycle_ >= next_full_compare_; }
  bool compare_and_judge();
  void clock();
  LockstepResult conclude();
  uint64_t cycle() const { return cycle_; }

 private:
  bool last_cycle();
  bool housekeeping();
  void inject();
  void flip(const Fault& fault);
  void observe();
  void compare();
  void compare_everything();
  void report_differences(bool full);
  void report_element(size_t field, const ElementPlace& place);
  void report_words(size_t field, std::vector<WordRef>& words);
  void check_outputs();
  void check_assertions();
  void finish_counts();
  void judge();
  bool enough() const { return result_.mismatches.size() >= options_.max_mismatches; }
  const void* dut_image(size_t field, size_t part) const { return target_.dut_parts()[field][part]; }

  Target& target_;
  const LockstepOptions& options_;
  const bool has_dut_;
  const bool observing_ = static_cast<bool>(options_.observe);
  ComparePlan plan_;
  LockstepResult result_;
  std::vector<Fault> pending_faults_;
  std::vector<Fault> pin_faults_now_;
  std::vector<std::string> lost_faults_;
  std::vector<uint64_t> conditional_done_ = std::vector<uint64_t>(64);
  std::array<uint64_t, kFieldClasses> words_planned_{}, words_done_{}, full_planned_{}, full_done_{}, full_skipped_{};
  uint64_t compared_cycles_ = 0;
  uint64_t next_full_compare_ = options_.full_compare_every;
  uint64_t cycle_ = options_.first_cycle;
  bool finished_ = false;  ///< the stimulus
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

LockstepResult Run::run() {
  begin();
  do drive();
  while (compare_and_judge() && (clock(), next_cycle()));
  return conclude();
}

/// The faults of the cycle, then its inputs.
[[gnu::always_inline]] inline void Run::drive() {
  if (!pending_faults_.empty()) inject();
  finished_ = target_.drive(cycle_) == Target::Drive::Finished;
}

/// False when the run ends with this cycle.
[[gnu::always_inline]] inline bool Run::compare_and_judge() {
  if (has_dut_) observing_ ? observe() : compare();
  if (target_.events_pending()) check_outputs();
  return !finished_ && !enough() && !last_cycle();
}

[[gnu::always_inline]] inline bool Run::last_cycle() {
  if (options_.max_cycles == 0 || cycle_ + 1 < options_.max_cycles) return false;
  result_.truncated = true;
  return true;
}

[[gnu::always_inline]] inline void Run::clock() {
  if (has_dut_) target_.clock_dut();
  target_.clock_reference();
}

/// What the edge brought; false when the run ends with it.
[[gnu::always_inline]] inline bool Run::next_cycle() {
  if (target_.events_pending()) {
    check_assertions();
    if (enough()) return false;
  }
  if (cycle_ % kHousekeepingCycles == kHousekeepingCycles - 1 && !housekeeping()) return false;
  ++cycle_;
  return true;
}

LockstepResult Run::conclude() {
  result_.cycles = cycle_ + 1;
  if (has_dut_ && !enough() && !observing_) compare_everything();
  if (finished_) result_.leftovers = target_.leftovers();
  finish_counts();
  judge();
  return std::move(result_);
}

/// Rare work: progress, watchdogs, interruption. False ends the run.
bool Run::housekeeping() {
  if (options_.on_progress) options_.on_progress(cycle_ + 1);
  if (options_.interrupted && options_.interrupted()) result_.interrupted = true;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  if (options_.timeout_seconds > 0 && seconds > options_.timeout_seconds) {
    result_.timed_out = true;
    result_.reason = "timeout after " + std::to_string(cycle_ + 1) + " cycles";
  } else if (target_.cycles_without_progress() > options_.no_progress_limit) {
    result_.timed_out = true;
    result_.reason = "no progress for " + std::to_string(target_.cycles_without_progress()) + " cycles";
  }
  return !result_.interrupted && !result_.timed_out;
}

/// Flips the bits due in this cycle. State is flipped in the DUT, which then settles; pins only in what compare() observes.
void Run::inject() {
  bool settle = false;
  for (size_t i = 0; i < pending_faults_.size();) {
    if (pending_faults_[i].cycle != cycle_) {
      ++i;
      continue;
    }
    const Fault fault = pending_faults_[i];
    pending_faults_.erase(pending_faults_.begin() + static_cast<ptrdiff_t>(i));
    if (!has_dut_) continue;
    const Field& field = target_.fields()[fault.field];
    if (field.cls == FieldClass::Pin) {
      pin_faults_now_.push_back(fault);
      continue;
    }
    const ElementPlace place = place_of(field, fault.index);
    if (field.memory && !target_.word_defined({fault.field, place.part, place.element})) {
      lost_faults_.push_back(fault.text + ": the word is undefined in that cycle");
    }
    if (options_.state_faults_applied) continue;
    flip(fault);
    settle = true;
  }
  if (settle) target_.settle_dut();
}

void Run::flip(const Fault& fault) {
  const Field& field = target_.fields()[fault.field];
  const ElementPlace place = place_of(field, fault.index);
  const BitPlace bit = bit_place(field, place.element, fault.bit);
  static_cast<uint8_t*>(target_.dut_parts()[fault.field][place.part])[bit.byte] ^= static_cast<uint8_t>(1u << bit.bit);
}

/// Shows both sides as compare() would see them.
void Run::observe() {
  for (const Fault& fault : pin_faults_now_) flip(fault);
  options_.observe(cycle_);
  for (const Fault& fault : pin_faults_now_) flip(fault);
  pin_faults_now_.clear();
}

/// In the loop of run() as in LockstepSteps: two callers must not keep it out of the loop.
[[gnu::always_inline]] inline void Run::compare() {
  if (!pin_faults_now_.empty()) {
    for (const Fault& fault : pin_faults_now_) flip(fault);
  }
  bool differs = plan_.differs();
  size_t at = 0;
  for (const auto& c : plan_.conditionals()) conditional_done_[at++] += *c.condition;
  differs |= target_.touched_words_differ(words_planned_.data(), words_done_.data());
  ++compared_cycles_;
  if (differs) report_differences(false);
  ASSAY_ASSERT(!differs || !result_.mismatches.empty());  // what the fast compare sees, the report can name
  for (const Fault& fault : pin_faults_now_) {
    flip(fault);
    const auto& c = target_.fields()[fault.field];
    if (!differs) lost_faults_.push_back(fault.text + ": " + c.name + " is undefined in that cycle");
  }
  pin_faults_now_.clear();
  if (full_compare_due()) {
    next_full_compare_ = cycle_ + options_.full_compare_every;
    if (!enough()) compare_everything();
  }
}

/// Every defined word of every memory, in table order.
void Run::compare_everything() {
  ++result_.full_compares;
  bool differs = false;
  const auto& fields = target_.fields();
  for (size_t f = 0; f < fields.size(); ++f) {
    if (!fields[f].memory) continue;
    const auto cls = static_cast<size_t>(fields[f].cls);
    const size_t bytes = image_bytes(fields[f].width);
    for (size_t p = 0; p < fields[f].parts.size(); ++p) {
      const auto* dut = static_cast<const uint8_t*>(dut_image(f, p));
      const uint8_t* ref = reference_image(fields[f].parts[p]);
      const uint64_t words = part_elements(fields[f]);
      full_planned_[cls] += words;
      for (uint64_t w = 0; w < words; ++w) {
        if (!target_.word_defined({f, p, w})) {
          ++full_skipped_[cls];
          continue;
        }
        ++full_done_[cls];
        differs |= std::memcmp(dut + w * bytes, ref + w * bytes, bytes) != 0;
      }
    }
  }
  if (differs) report_differences(true);
}

/// Finds what differs, in table order, row-major.
void Run::report_differences(bool full) {
  std::vector<WordRef> touched;
  if (!full) target_.touched_words(touched);
  const auto& fields = target_.fields();
  for (size_t f = 0; f < fields.size() && !enough(); ++f) {
    const Field& field = fields[f];
    if (field.memory) {
      std::vector<WordRef> words;
      if (full) {
        for (size_t p = 0; p < field.parts.size(); ++p) {
          for (uint64_t w = 0; w < part_elements(field); ++w) words.push_back({f, p, w});
        }
      } else {
        for (const WordRef& word : touched) {
          if (word.field == f) words.push_back(word);
        }
      }
      report_words(f, words);
      continue;
    }
    if (full) continue;
    if (!field.valid.empty()) {
      const auto& c = plan_.conditionals();
      const auto it = std::find_if(c.begin(), c.end(), [&](const auto& x) { return x.field == f; });
      if (it != c.end() && *it->condition == 0) continue;
    }
    for (size_t p = 0; p < field.parts.size(); ++p) {
      for (uint64_t e = 0; e < part_elements(field) && !enough(); ++e) report_element(f, {p, e});
    }
  }
}

void Run::report_words(size_t field, std::vector<WordRef>& words) {
  std::sort(words.begin(), words.end(), [](const WordRef& a, const WordRef& b) { return std::tie(a.part, a.word) < std::tie(b.part, b.word); });
  words.erase(std::unique(words.begin(), words.end(), [](const WordRef& a, const WordRef& b) { return a.part == b.part && a.word == b.word; }), words.end());
  for (const WordRef& word : words) {
    if (enough()) return;
    if (target_.word_defined(word)) report_element(field, {word.part, word.word});
  }
}

void Run::report_element(size_t f, const ElementPlace& place) {
  const Field& field = target_.fields()[f];
  const void* dut = dut_image(f, place.part);
  const void* ref = reference_image(field.parts[place.part]);
  std::string bits_dut, bits_ref, bits_xor;
  bool differs = false;
  for (int b = 0; b < field.width && !differs; ++b) differs = get_bit(field, dut, place.element, b) != get_bit(field, ref, place.element, b);
  if (!differs) return;
  Mismatch m;
  m.kind = field.cls == FieldClass::Pin ? "pin" : "state";
  m.cycle = cycle_;
  m.block = field.block;
  m.field = field.name;
  m.index = index_of(field, place);
  m.width = field.width;
  m.format = field.format;
  m.rtl = element_hex(field, dut, place.element);
  m.model = element_hex(field, ref, place.element);
  for (size_t i = 0; i < m.rtl.size(); ++i) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    m.xor_ += "0123456789abcdef"[digit(m.rtl[i]) ^ digit(m.model[i])];
  }
  result_.mismatches.push_back(std::move(m));
}

void Run::check_outputs() {
  const auto error = target_.take_output_error();
  if (!error || enough()) return;
  Mismatch m;
  m.kind = error->kind == OutputError::Kind::Functional ? "functional" : "expect";
  m.cycle = cycle_;
  m.block = error->block;
  m.field = error->field;
  m.index = error->index;
  m.rtl = error->got;
  m.model = error->want;
  result_.mismatches.push_back(std::move(m));
}

void Run::check_assertions() {
  for (const std::string& name : target_.take_assertions()) {
    if (enough()) return;
    Mismatch m;
    m.kind = "assertion";
    m.cycle = cycle_;
    const size_t dot = name.find('.');
    m.block = dot == std::string::npos ? "tile" : name.substr(0, dot);
    m.field = dot == std::string::npos ? name : name.substr(dot + 1);
    result_.mismatches.push_back(std::move(m));
  }
}

/// Static fields are planned as elements × cycles, whatever was done; words as the reference counted them.
void Run::finish_counts() {
  if (!has_dut_) return;
  const auto& fields = target_.fields();
  for (size_t c = 0; c < kFieldClasses; ++c) {
    ClassCount& count = result_.counts[c];
    count.done = plan_.per_cycle()[c] * compared_cycles_ + words_done_[c] + full_done_[c];
    count.skipped = full_skipped_[c];
    count.planned = words_planned_[c] + full_planned_[c];
  }
  for (const Field& field : fields) {
    if (field.memory) continue;
    result_.counts[static_cast<size_t>(field.cls)].planned += part_elements(field) * field.parts.size() * result_.cycles;
  }
  size_t at = 0;
  for (const auto& c : plan_.conditionals()) {
    ClassCount& count = result_.counts[static_cast<size_t>(fields[c.field].cls)];
    const uint64_t done = conditional_done_[at++];
    count.done += c.elements * done;
    count.skipped += c.elements * (compared_cycles_ - done);
  }
}

void Run::judge() {
  auto& r = result_;
  const auto inconclusive = [&r](const std::string& why) {
    r.verdict = Verdict::Inconclusive;
    if (r.reason.empty()) r.reason = why;
  };
  if (!r.mismatches.empty()) {
    r.verdict = Verdict::Mismatch;
    return;
  }
  r.verdict = Verdict::Pass;
  if (r.interrupted) return inconclusive("interrupted");
  if (r.timed_out) return inconclusive("timeout");
  if (!r.truncated && !r.leftovers.empty()) return inconclusive(r.leftovers);
  for (const std::string& lost : lost_faults_) return inconclusive("fault not observable: " + lost);
  if (!pending_faults_.empty()) return inconclusive("fault not injected: the run ended before cycle " + std::to_string(pending_faults_[0].cycle));
  if (!options_.faults.empty()) {
    return inconclusive(has_dut_ ? "fault overwritten or cleared before anything compared it" : "fault injection needs the RTL");
  }
  if (!has_dut_) return;
  for (size_t c = 0; c < kFieldClasses; ++c) {
    const std::string name = class_name(static_cast<FieldClass>(c));
    const ClassCount& count = r.counts[c];
    if (count.done == 0) return inconclusive("nothing compared in class " + name);
    if (count.done + count.skipped < count.planned) return inconclusive("fewer comparisons than planned in class " + name);
    const bool may_skip =
        c == static_cast<size_t>(FieldClass::Memory) || c == static_cast<size_t>(FieldClass::Fifo) || c == static_cast<size_t>(FieldClass::Pin);
    if (!may_skip && count.skipped * 100 > count.planned) return inconclusive("more than 1 % skipped in class " + name);
  }
}

}  // namespace

const char* verdict_name(Verdict verdict) {
  static constexpr const char* kNames[] = {"pass", "mismatch", "error", "inconclusive"};
  return kNames[static_cast<size_t>(verdict)];
}

std::string element_hex(const Field& field, const void* image, uint64_t element) {
  std::string hex;
  for (int low = (field.width - 1) / 4 * 4; low >= 0; low -= 4) {
    unsigned digit = 0;
    for (int b = 0; b < 4 && low + b < field.width; ++b) digit |= static_cast<unsigned>(get_bit(field, image, element, low + b)) << b;
    hex += "0123456789abcdef"[digit];
  }
  return hex;
}

LockstepResult run_lockstep(Target& target, const LockstepOptions& options) { return Run(target, options).run(); }

struct LockstepSteps::Impl {
  Run run;
  bool begun = false;
};

LockstepSteps::LockstepSteps(Target& target, const LockstepOptions& options) : impl_(new Impl{Run(target, options)}) {}
LockstepSteps::~LockstepSteps() = default;
void LockstepSteps::begin() { impl_->run.begin(); }
bool LockstepSteps::next_cycle() { return std::exchange(impl_->begun, true) ? impl_->run.next_cycle() : true; }
void LockstepSteps::drive() { impl_->run.drive(); }
bool LockstepSteps::memories_due() const { return impl_->run.full_compare_due(); }
bool LockstepSteps::compare() { return impl_->run.compare_and_judge(); }
void LockstepSteps::clock() { impl_->run.clock(); }
LockstepResult LockstepSteps::conclude() { return impl_->run.conclude(); }
uint64_t LockstepSteps::cycle() const { return impl_->run.cycle(); }

}  // namespace assay
