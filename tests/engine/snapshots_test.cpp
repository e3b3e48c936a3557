// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/snapshots.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "tests/catch.hpp"
#include "tests/engine/fake_target.hpp"

using namespace assay;
using assay::test::FakeTarget;

namespace {

constexpr uint64_t kCycles = 300000;
constexpr double kAtOnce = 1e-9;  // seconds: a copy whenever the run asks

LockstepOptions long_run(const FakeTarget& target) {
  LockstepOptions options;
  options.faults = {parse_fault("core.lanes[2]:5@250000", target.fields()), parse_fault("core.lanes[1]:3@1000", target.fields())};
  options.max_mismatches = 1000;
  return options;
}

/// Runs the target with a copy at every 65,536th cycle.
LockstepResult run_with(Snapshots& snapshots, FakeTarget& target, LockstepOptions options) {
  options.on_progress = [&snapshots](uint64_t cycle) { snapshots.update(cycle); };
  return run_lockstep(target, options);
}

}  // namespace

TEST_CASE("snapshots: a trace from the last copy is the trace from cycle 0, faults included") {
  FakeTarget target, fresh;
  target.length = fresh.length = kCycles;
  Snapshots snapshots(target, long_run(target), kAtOnce);
  REQUIRE(run_with(snapshots, target, long_run(target)).cycles == kCycles + 1);
  CHECK(snapshots.count() == 2);  // of four
  const auto trace = snapshots.trace(249990, 250010);
  REQUIRE(trace);
  CHECK(snapshots.used() == 196608);
  CHECK(snapshots.count() == 0);
  const Trace whole = trace_run(fresh, long_run(fresh), 249990, 250010);
  CHECK(trace->bytes() == whole.bytes());
  CHECK(trace->differs(250000, 0, {0, 2}));
}

TEST_CASE("snapshots: the older copy serves where the younger one is too young; before both there is none") {
  FakeTarget target;
  target.length = kCycles;
  for (const auto& [from, used] : {std::pair<uint64_t, uint64_t>{262143, 196608}, {262144, 262144}, {196607, 0}}) {
    Snapshots snapshots(target, {}, kAtOnce);
    run_with(snapshots, target, {});
    const auto trace = snapshots.trace(from, from + 5);
    CHECK(trace.has_value() == (used != 0));
    CHECK(snapshots.used() == used);
    if (trace) CHECK(trace->first() == from);
  }
}

TEST_CASE("snapshots: none without an interval, before it has passed, or beside a new thread") {
  FakeTarget target;
  target.length = kCycles;
  for (const double every : {0.0, 3600.0}) {
    Snapshots snapshots(target, {}, every);
    run_with(snapshots, target, {});
    CHECK(snapshots.count() == 0);
    CHECK_FALSE(snapshots.trace(1000, 1010));
  }
  Snapshots snapshots(target, {}, kAtOnce);
  bool stop = false;
  std::thread other([&stop] {
    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) std::this_thread::yield();
  });
  snapshots.update(1);
  CHECK(snapshots.count() == 0);
  __atomic_store_n(&stop, true, __ATOMIC_RELEASE);
  other.join();
}

TEST_CASE("snapshots: the copies hold no pipe open, and none is left when they go") {
  FakeTarget target;
  int ends[2];
  REQUIRE(pipe2(ends, 0) == 0);
  {
    Snapshots snapshots(target, {}, kAtOnce);
    snapshots.update(1), snapshots.update(2), snapshots.update(3);
    CHECK(snapshots.count() == 2);
    close(ends[1]);
    char byte = 0;
    CHECK(read(ends[0], &byte, 1) == 0);  // the end of the pipe, as no copy could write to it
  }
  close(ends[0]);
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);  // no child
}

TEST_CASE("snapshots: a trace cut short is none") {
  FakeTarget target;
  const std::string bytes = trace_run(target, {}, 10, 20).bytes();
  REQUIRE(Trace::from_bytes(target, bytes));
  CHECK(Trace::from_bytes(target, bytes)->bytes() == bytes);
  for (const size_t size : {size_t{0}, size_t{7}, size_t{40}, bytes.size() / 2, bytes.size() - 1})
    CHECK_FALSE(Trace::from_bytes(target, bytes.substr(0, size)));
}
