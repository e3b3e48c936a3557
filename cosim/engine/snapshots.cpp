// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/snapshots.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <string>

namespace assay {
namespace {

constexpr size_t kKept = 2;

/// What a copy is asked for.
struct Order {
  uint64_t from, to;
};

bool write_all(int socket, const void* data, size_t bytes) {
  const auto* at = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t n = send(socket, at, bytes, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n, bytes -= static_cast<size_t>(n);
  }
  return true;
}

bool read_all(int socket, void* data, size_t bytes) {
  auto* at = static_cast<char*>(data);
  while (bytes > 0) {
    const ssize_t n = read(socket, at, bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n, bytes -= static_cast<size_t>(n);
  }
  return true;
}

/// Threads of this process; 0: not known.
long thread_count() {
  std::error_code error;
  std::filesystem::directory_iterator tasks("/proc/self/task", error);
  return error ? 0 : std::distance(begin(tasks), end(tasks));
}

/// Nobody waits for the end of a pipe because of us.
void close_inherited(int kept) {
  const int null = open("/dev/null", O_RDWR);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(null, fd);
  if (kept > 3) close_range(3, static_cast<unsigned>(kept) - 1, 0);
  close_range(static_cast<unsigned>(kept) + 1, ~0u, 0);
}

}  // namespace

Snapshots::Snapshots(Target& target, LockstepOptions again, double every)
    : target_(target), again_(std::move(again)), every_(every), idle_threads_(thread_count()) {
  again_.on_progress = nullptr;
  again_.interrupted = nullptr;
  again_.timeout_seconds = 0;
}

Snapshots::~Snapshots() {
  for (const Copy& copy : copies_) drop(copy);
}

void Snapshots::drop(const Copy& copy) {
  close(copy.socket);
  kill(copy.pid, SIGKILL);
  while (waitpid(copy.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void Snapshots::update(uint64_t cycle) {
  if (every_ <= 0 || std::chrono::duration<double>(Clock::now() - last_).count() < every_) return;
  last_ = Clock::now();
  const long threads = thread_count();
  if (threads == 0 || threads > idle_threads_) return;
  make(cycle);
  if (copies_.size() <= kKept) return;
  drop(copies_.front());
  copies_.erase(copies_.begin());
}

void Snapshots::make(uint64_t cycle) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return;
  std::fflush(nullptr);
  const pid_t parent = getpid(), pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(0);
    wait_for_orders(cycle, ends[1]);
  }
  close(ends[1]);
  if (pid < 0) {  // no memory for it: the run goes on without
    close(ends[0]);
    return;
  }
  copies_.push_back({cycle, pid, ends[0]});
}

/// The copy's life: it waits, goes on from where the run was, hands over what it saw, and ends.
void Snapshots::wait_for_orders(uint64_t cycle, int socket) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) std::signal(number, SIG_IGN);  // these go to the whole group, and are the run's to answer
  close_inherited(socket);
  Order order{};
  if (!read_all(socket, &order, sizeof order)) _exit(0);
  try {
    again_.first_cycle = cycle;
    const std::string bytes = trace_run(target_, again_, order.from, order.to).bytes();
    const uint64_t size = bytes.size();
    _exit(write_all(socket, &size, sizeof size) && write_all(socket, bytes.data(), bytes.size()) ? 0 : 1);
  } catch (...) {
    _exit(1);
  }
}

std::optional<Trace> Snapshots::trace(uint64_t from, uint64_t to) {
  std::optional<Copy> best;
  for (const Copy& copy : copies_)
    if (copy.cycle <= from) best = copy;
  std::optional<Trace> found;
  if (best) {
    const Order order{from, to};
    uint64_t size = 0;
    if (write_all(best->socket, &order, sizeof order) && read_all(best->socket, &size, sizeof size)) {
      std::string bytes(size, 0);
      if (read_all(best->socket, bytes.data(), bytes.size())) found = Trace::from_bytes(target_, bytes);
    }
    used_ = best->cycle;
  }
  for (const Copy& copy : copies_) drop(copy);
  copies_.clear();
  return found;
}

}  // namespace assay
