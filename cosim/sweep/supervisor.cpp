// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/supervisor.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <thread>

#include "cosim/sweep/storage.hpp"
#include "cosim/sweep/worker.hpp"

namespace assay::sweep {
namespace {

constexpr auto kTick = std::chrono::milliseconds(50);
constexpr double kGrace = 5;    // seconds for a worker to end by itself once it is told to
constexpr int kMostKills = 3;   // of one vector's worker, from outside
constexpr int kMostStarts = 3;  // of workers that end without having begun a vector

bool from_outside(int signal) { return signal == SIGKILL || signal == SIGTERM || signal == SIGHUP || signal == SIGINT; }

double seconds_since(std::chrono::steady_clock::time_point then) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count(); }

/// In the child: becomes a worker that dies with its parent, hears no Ctrl-C and writes its log to a file.
[[noreturn]] void become_worker(std::vector<char*>& args, const std::string& log, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_DFL);
  signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is an error of write()
  const int null = open("/dev/null", O_RDWR);
  const int err = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  dup2(null, STDIN_FILENO);
  dup2(err >= 0 ? err : null, STDOUT_FILENO);
  dup2(err >= 0 ? err : null, STDERR_FILENO);
  execv("/proc/self/exe", args.data());
  _exit(127);
}

}  // namespace

Supervisor::Supervisor(const Plan& plan, const ChunkFiles& files, Board& board, SuperviseOptions options)
    : plan_(plan), files_(files), board_(board), options_(std::move(options)), workers_(static_cast<size_t>(options_.workers)) {}

Supervisor::~Supervisor() {
  for (const Worker& worker : workers_) {
    if (worker.pid == 0) continue;
    kill(worker.pid, SIGKILL);
    waitpid(worker.pid, nullptr, 0);
  }
}

void Supervisor::start(size_t slot, std::optional<uint64_t> resume) {
  std::vector<std::string> argv = options_.command(slot, board_.descriptor(), resume);
  std::vector<char*> args;
  for (std::string& arg : argv) args.push_back(arg.data());
  args.push_back(nullptr);
  const std::string log = options_.log.string();
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw StorageError("no process for a worker");
  if (child == 0) become_worker(args, log, parent);
  workers_[slot] = {child, 0, board_.slot(slot).finished, Clock::now(), false};
}

size_t Supervisor::running() const {
  return static_cast<size_t>(std::count_if(workers_.begin(), workers_.end(), [](const Worker& w) { return w.pid != 0; }));
}

Live Supervisor::live() const {
  Live live;
  for (size_t i = 0; i < workers_.size(); ++i) {
    Board::Slot& slot = board_.slot(i);
    live.finished += slot.finished, live.failed += slot.failed, live.cycles += slot.cycles, live.sealed += slot.sealed;
  }
  live.seconds = seconds_since(start_);
  return live;
}

void Supervisor::stop(Board::Stop how) {
  uint32_t none = Board::kGoOn;
  board_.stop().compare_exchange_strong(none, how);
}

/// The worker's vector, with its worker gone, gets its line from here; the next worker goes on behind it.
void Supervisor::write_down(size_t slot, uint64_t index, const Loss& loss) {
  const Chunk chunk = board_.chunk_of(board_.slot(slot).chunk - 1);
  files_.salvage(chunk, plan_);  // a line that was torn is gone
  const std::string line = options_.lost_line(index, loss) + "\n";
  const std::filesystem::path part = files_.part(chunk);
  const int out = open(part.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (out < 0) throw StorageError(part.string() + ": cannot be written");
  try {
    write_all(out, line, part);
  } catch (const StorageError&) {
    close(out);
    throw;
  }
  close(out);
  ++lost_;
  board_.slot(slot).finished += 1;
  board_.slot(slot).failed += 1;
}

void Supervisor::ended(size_t slot, int status) {
  Worker& worker = workers_[slot];
  worker.pid = 0;
  Board::Slot& shared = board_.slot(slot);
  const uint64_t vector = shared.vector.exchange(0), chunk = shared.chunk.exchange(0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kWorkerStorage) {
    ending_ = Ending::StorageFull;
    stop(Board::kLeave);
    return;
  }
  std::optional<uint64_t> resume;
  if (chunk != 0) resume = chunk - 1;
  shared.chunk = chunk;
  if (vector == 0) {
    if (++starts_in_vain_ >= kMostStarts) {
      ending_ = Ending::CannotStart;
      stop(Board::kLeave);
    }
  } else {
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (worker.hung) {
      write_down(slot, vector - 1, {Loss::Kind::Hang, SIGKILL, seconds_since(worker.since)});
    } else if (!from_outside(signal) || ++killed_[vector - 1] >= kMostKills) {
      write_down(slot, vector - 1, {signal != 0 ? Loss::Kind::Signal : Loss::Kind::Exit, signal != 0 ? signal : WEXITSTATUS(status), 0});
    }
    starts_in_vain_ = 0;
  }
  shared.chunk = 0;
  if (board_.stop() != Board::kLeave && (resume || !board_.all_taken())) start(slot, resume);
}

void Supervisor::reap() {
  for (size_t slot = 0; slot < workers_.size(); ++slot) {
    if (workers_[slot].pid == 0) continue;
    int status = 0;
    const pid_t got = waitpid(workers_[slot].pid, &status, WNOHANG);
    if (got == workers_[slot].pid) ended(slot, status);
  }
}

void Supervisor::watch(size_t slot) {
  Worker& worker = workers_[slot];
  if (worker.pid == 0 || worker.hung) return;
  const Board::Slot& shared = board_.slot(slot);
  const uint64_t vector = shared.vector, finished = shared.finished;
  if (vector != worker.seen || finished != worker.finished) {
    worker.seen = vector;
    worker.finished = finished;
    worker.since = Clock::now();
    if (finished > 0) starts_in_vain_ = 0;
    return;
  }
  if (vector == 0 || seconds_since(worker.since) <= options_.patience(vector - 1)) return;
  worker.hung = true;
  kill(worker.pid, SIGKILL);
}

Ending Supervisor::run() {
  for (size_t slot = 0; slot < workers_.size(); ++slot) start(slot, std::nullopt);
  std::optional<Clock::time_point> told;
  while (running() > 0) {
    std::this_thread::sleep_for(kTick);
    reap();
    for (size_t slot = 0; slot < workers_.size(); ++slot) watch(slot);
    if (options_.interrupted() && ending_ == Ending::Done) {
      ending_ = Ending::Interrupted;
      board_.stop() = Board::kLeave;
    }
    if (options_.seconds > 0 && seconds_since(start_) >= options_.seconds && board_.stop() == Board::kGoOn) {
      ending_ = Ending::TimeOver;
      stop(Board::kSeal);
    }
    if (board_.stop() == Board::kLeave) {
      if (!told) told = Clock::now();
      if (seconds_since(*told) > kGrace)
        for (const Worker& worker : workers_)
          if (worker.pid != 0) kill(worker.pid, SIGKILL);
    }
    options_.tick(live());
  }
  return ending_;
}

}  // namespace assay::sweep
