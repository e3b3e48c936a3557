// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace assay::cli {

/// Whether stderr is a terminal that shows progress bars.
bool progress_on_terminal();

/// "42 s", "3 min 5 s", "2 h 1 min".
std::string duration_text(double seconds);

/// How far a run is, on stderr: a bar with rate and time left on a terminal once two seconds have passed, else a plain line every 30 s.
class RunProgress {
 public:
  /// `fraction`: how much is done, 0 … 1, negative when nobody knows. `what`: stands before it, for a run that is not the first.
  explicit RunProgress(std::function<double(uint64_t cycle)> fraction, std::string what = {});
  ~RunProgress();
  RunProgress(const RunProgress&) = delete;
  RunProgress& operator=(const RunProgress&) = delete;

  void update(uint64_t cycle);

 private:
  using Clock = std::chrono::steady_clock;
  std::function<double(uint64_t)> fraction_;
  std::string what_;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point start_ = Clock::now();
  double last_ = 0;
};

/// One line of a run's progress: bar when `fraction` is known, cycles, rate, time left.
std::string progress_line(uint64_t cycle, double seconds, double fraction);

/// Says that something takes its time, from a thread of its own while the caller is busy: after one second what it is, then the
/// seconds (every second on a terminal, every 30 s elsewhere).
class Waiting {
 public:
  explicit Waiting(std::string what);
  ~Waiting();
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  void tell();

  std::string what_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace assay::cli
