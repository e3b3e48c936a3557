// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cosim/sweep/board.hpp"
#include "cosim/sweep/chunk_file.hpp"
#include "cosim/sweep/plan.hpp"

namespace assay::sweep {

/// How a vector took its worker with it.
struct Loss {
  enum class Kind : uint8_t { Signal, Exit, Hang };
  Kind kind = Kind::Signal;
  int number = 0;      ///< signal or exit code
  double seconds = 0;  ///< of a hang: how long the parent waited
};

/// What a sweep is doing, for the live line.
struct Live {
  uint64_t finished = 0, failed = 0, cycles = 0, sealed = 0;
  double seconds = 0;
};

struct SuperviseOptions {
  int workers = 1;
  double seconds = 0;  ///< 0: until the plan is done
  /// What a worker is started with, for its slot, the board's descriptor and the ticket to go on with.
  std::function<std::vector<std::string>(size_t slot, int descriptor, std::optional<uint64_t> resume)> command;
  std::function<double(uint64_t index)> patience;                          ///< seconds after which a vector counts as hanging
  std::function<std::string(uint64_t index, const Loss& loss)> lost_line;  ///< the result of a vector that took its worker with it
  std::function<void(const Live& live)> tick;                              ///< about 20 times a second
  std::function<bool()> interrupted;
  std::filesystem::path log;  ///< workers' stderr goes here
};

enum class Ending : uint8_t { Done, TimeOver, Interrupted, StorageFull, CannotStart };

/// Starts the workers, watches over them by a monotonic clock, writes down what killed them and starts them again where they were. A worker
/// killed from outside (SIGKILL, SIGTERM) has its vector run again, twice at most; after that the vector is to blame.
class Supervisor {
 public:
  Supervisor(const Plan& plan, const ChunkFiles& files, Board& board, SuperviseOptions options);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  Ending run();
  Live live() const;
  uint64_t lost() const { return lost_; }  ///< vectors that took their worker with them

 private:
  using Clock = std::chrono::steady_clock;
  struct Worker {
    pid_t pid = 0;
    uint64_t seen = 0;  ///< the slot's vector and count when they last changed
    uint64_t finished = 0;
    Clock::time_point since;
    bool hung = false;
  };

  void start(size_t slot, std::optional<uint64_t> resume);
  void reap();
  void ended(size_t slot, int status);
  void watch(size_t slot);
  void write_down(size_t slot, uint64_t index, const Loss& loss);
  void stop(Board::Stop how);
  size_t running() const;

  const Plan& plan_;
  const ChunkFiles& files_;
  Board& board_;
  SuperviseOptions options_;
  std::vector<Worker> workers_;
  std::map<uint64_t, int> killed_;  ///< how often a vector's worker was killed from outside
  Clock::time_point start_ = Clock::now();
  uint64_t lost_ = 0;
  int starts_in_vain_ = 0;
  Ending ending_ = Ending::Done;
};

}  // namespace assay::sweep
