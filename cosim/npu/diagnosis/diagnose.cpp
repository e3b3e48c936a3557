// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/diagnosis/diagnose.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <tuple>

namespace assay::npu {
namespace {

using Pass = DiagnosisProgress::Pass;

/// Most hypotheses that are held against every cycle, and most that are run on their own after that.
constexpr size_t kMostSteps = 400, kMostRuns = 60;

struct Promising {
  size_t index;
  int gain;
};

class Search {
 public:
  Search(const HwConfig& hw, const Trace& trace, const DiagnosisOptions& options) : options_(options), window_(hw, trace), fields_(trace.fields()) {}
  Diagnosis run();

 private:
  std::vector<Promising> filter();
  std::vector<Candidate> score(const std::vector<Promising>& promising);
  void choose(std::vector<Candidate> scored);

  const DiagnosisOptions& options_;
  Window window_;
  const std::vector<Field>& fields_;
  std::vector<Hypothesis> all_;
  std::set<std::string> not_tried_;
  Diagnosis result_;
};

/// A bit turned over once explains any single element by construction: it stands behind everything else that fares as well, and is never squeezed out by what
/// fares worse.
bool restates(const Hypothesis& h) { return h.change.how == How::FlipOnce; }

/// The best of a sorted list, and what restates the first difference wherever it stood.
template <class T, class IsRestatement>
void keep_best(std::vector<T>& sorted, size_t most, IsRestatement is_restatement) {
  if (sorted.size() <= most) return;
  const auto beyond = std::find_if(sorted.begin() + static_cast<ptrdiff_t>(most), sorted.end(), is_restatement);
  if (beyond != sorted.end()) sorted[most - 1] = *beyond;
  sorted.resize(most);
}

/// Only what makes right something of the first cycle in which the RTL left its rules can be the change.
std::vector<Promising> Search::filter() {
  std::vector<Promising> promising;
  for (size_t i = 0; i < all_.size(); ++i) {
    if (i % 64 == 0 && options_.stop()) {
      for (; i < all_.size(); ++i) not_tried_.insert(all_[i].kind);
      break;
    }
    if (i % 64 == 0) options_.on_progress({Pass::First, i, all_.size(), nullptr, 0, 0});
    ++result_.tried;
    const int gain = window_.first_gain(all_[i].change);
    if (gain != std::numeric_limits<int>::min()) promising.push_back({i, gain});
  }
  std::stable_sort(promising.begin(), promising.end(), [this](const Promising& a, const Promising& b) {
    return std::make_tuple(-a.gain, all_[a.index].cost) < std::make_tuple(-b.gain, all_[b.index].cost);
  });
  keep_best(promising, kMostSteps, [this](const Promising& p) { return restates(all_[p.index]); });
  return promising;
}

std::vector<Candidate> Search::score(const std::vector<Promising>& promising) {
  std::vector<Candidate> scored;
  std::optional<size_t> best;
  const uint64_t causes = window_.causes().size();
  for (size_t i = 0; i < promising.size(); ++i) {
    const Promising& p = promising[i];
    if (options_.stop()) {
      not_tried_.insert(all_[p.index].kind);
      continue;
    }
    const uint64_t left = best ? scored[*best].score.step_residual() : causes;
    options_.on_progress({Pass::Steps, i, promising.size(), best ? &scored[*best].hypothesis : nullptr, left, causes});
    Candidate c{all_[p.index], {}, 1};
    window_.score_steps(c.hypothesis.change, causes, c.score);
    if (c.score.step_residual() >= causes) continue;  // it must leave less unexplained than no change at all
    if (c.score.step_residual() < left) best = scored.size();
    scored.push_back(c);
  }
  std::stable_sort(scored.begin(), scored.end(), [](const Candidate& a, const Candidate& b) {
    return std::make_tuple(a.score.step_residual(), a.hypothesis.cost) < std::make_tuple(b.score.step_residual(), b.hypothesis.cost);
  });
  keep_best(scored, kMostRuns, [](const Candidate& c) { return restates(c.hypothesis); });
  return scored;
}

void Search::choose(std::vector<Candidate> scored) {
  std::vector<Candidate> run;
  for (Candidate& c : scored) {
    if (!run.empty() && options_.stop()) {
      not_tried_.insert(c.hypothesis.kind);
      continue;
    }
    options_.on_progress({Pass::Runs, run.size(), scored.size(), &scored.front().hypothesis, scored.front().score.step_residual(), window_.causes().size()});
    window_.score_run(c.hypothesis.change, c.score);
    run.push_back(c);
  }
  const uint64_t differences = window_.differences();
  const auto key = [differences](const Candidate& c) {
    return std::make_tuple(c.score.step_residual(), differences - c.score.explained + c.score.contradicted, restates(c.hypothesis), c.hypothesis.cost);
  };
  std::stable_sort(run.begin(), run.end(), [&](const Candidate& a, const Candidate& b) { return key(a) < key(b); });
  for (Candidate& c : run) {
    const auto same =
        std::find_if(result_.candidates.begin(), result_.candidates.end(), [&](const Candidate& x) { return x.hypothesis.kind == c.hypothesis.kind; });
    if (same != result_.candidates.end()) {
      if (c.score.step_residual() == same->score.step_residual()) ++same->alike;
    } else if (result_.candidates.size() < 5) {
      c.hypothesis.text = text_of(c.hypothesis.change, window_.config(), fields_);
      result_.candidates.push_back(c);
    }
  }
}

Diagnosis Search::run() {
  result_.differences = window_.differences(), result_.equal_values = window_.equal_values(), result_.causes = window_.causes().size();
  result_.first_cycle = window_.first_cycle(), result_.last_cycle = window_.last_cycle();
  if (window_.causes().empty() && window_.differences() == 0) {
    result_.reason = "RTL and model are equal in every cycle that was kept";
    return result_;
  }
  if (window_.causes().empty()) {
    result_.reason = "in every cycle that was kept the RTL follows its rules: the cause lies before cycle " + std::to_string(window_.first_cycle());
    return result_;
  }
  const Evidence evidence = window_.evidence();
  result_.first_cause = evidence.cycle;
  all_ = hypotheses(window_.config(), window_.layout(), fields_, evidence);
  choose(score(filter()));
  result_.not_tried.assign(not_tried_.begin(), not_tried_.end());
  if (result_.candidates.empty()) result_.reason = "no hypothesis makes the first difference";
  return result_;
}

}  // namespace

bool Diagnosis::certain() const {
  if (candidates.empty()) return false;
  const Score& score = candidates.front().score;
  return score.explained == differences && score.contradicted == 0 && differences > 0;
}

Diagnosis diagnose(const HwConfig& hw, const Trace& trace, const DiagnosisOptions& options) { return Search(hw, trace, options).run(); }

}  // namespace assay::npu
