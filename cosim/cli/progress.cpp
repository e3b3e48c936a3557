// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {

constexpr double kBarAfter = 2, kLineEvery = 30;  // seconds
constexpr const char* kEraseLine = "\r\x1b[K";

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<uint64_t>(std::max(0.0, seconds) + 0.5);
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

bool progress_on_terminal() {
  const char* term = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && term != nullptr && std::strcmp(term, "dumb") != 0;
}

std::string progress_line(uint64_t cycle, double seconds, double fraction) {
  std::string line;
  if (fraction >= 0) {
    constexpr size_t kBar = 30;
    const double part = std::min(fraction, 1.0);
    const auto full = static_cast<size_t>(part * kBar);
    line = "[" + std::string(full, '#') + std::string(kBar - full, '.') + "] " + pad_left(percent(part, 0), 5) + "  ";
  }
  const double rate = seconds > 0 ? static_cast<double>(cycle) / seconds : 0;
  line += grouped(cycle) + " cycles, " + grouped(static_cast<uint64_t>(rate)) + " cycles/s";
  if (fraction > 0.001) line += ", " + duration_text(seconds / fraction - seconds) + " left";
  return line;
}

RunProgress::RunProgress(std::function<double(uint64_t)> fraction, std::string what)
    : fraction_(std::move(fraction)), what_(what.empty() ? "" : what + " "), terminal_(progress_on_terminal()) {}

RunProgress::~RunProgress() {
  if (shown_ && terminal_) std::fputs(kEraseLine, stderr);
}

void RunProgress::update(uint64_t cycle) {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  if (seconds < (terminal_ ? kBarAfter : kLineEvery)) return;
  if (shown_ && seconds - last_ < (terminal_ ? 0.1 : kLineEvery)) return;
  last_ = seconds;
  shown_ = true;
  const std::string line = what_ + progress_line(cycle, seconds, fraction_(cycle));
  std::fprintf(stderr, terminal_ ? "\r\x1b[K%s" : "%s\n", line.c_str());
  std::fflush(stderr);
}

Waiting::Waiting(std::string what) : what_(std::move(what)), thread_([this] { tell(); }) {}

Waiting::~Waiting() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    done_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Waiting::tell() {
  const bool terminal = progress_on_terminal();
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock<std::mutex> lock(mutex_);
  if (wake_.wait_for(lock, std::chrono::seconds(1), [this] { return done_; })) return;
  do {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::fprintf(stderr, terminal ? "\r\x1b[K%s … %s" : "%s … %s\n", what_.c_str(), duration_text(seconds).c_str());
    std::fflush(stderr);
  } while (!wake_.wait_for(lock, std::chrono::seconds(terminal ? 1 : 30), [this] { return done_; }));
  if (terminal) std::fputs(kEraseLine, stderr);
}

}  // namespace assay::cli
