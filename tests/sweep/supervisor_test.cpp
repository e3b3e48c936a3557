// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/supervisor.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "cosim/sweep/storage.hpp"
#include "cosim/sweep/worker.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

// The workers are this program, with the hidden test case below: what a vector does there, its index says in ASSAY_TEST_SCRIPT ("12=crash 30=hang").
using namespace assay;
using namespace assay::sweep;
using test::Folder;

namespace {

constexpr uint64_t kVectors = 640;

const Plan& plan() {
  static const Plan plan({{"a", "", "c", "", "", {}, 0.5, 1}}, {}, 1, kVectors, false, 1);
  return plan;
}

std::string line(uint64_t index, const char* verdict) { return "{\"i\":" + std::to_string(index) + ",\"verdict\":\"" + verdict + "\"}"; }

std::string script_of(uint64_t index) {
  const std::string all = std::string(" ") + (std::getenv("ASSAY_TEST_SCRIPT") == nullptr ? "" : std::getenv("ASSAY_TEST_SCRIPT")) + " ";
  const std::string key = " " + std::to_string(index) + "=";
  const size_t at = all.find(key);
  return at == std::string::npos ? "" : all.substr(at + key.size(), all.find(' ', at + 1) - at - key.size());
}

/// True once, for all processes.
bool first_time(const std::filesystem::path& folder, const std::string& what) {
  return !std::filesystem::exists(folder / what) && (std::ofstream(folder / what), true);
}

VectorResult run_vector(const std::filesystem::path& folder, uint64_t index) {
  const std::string what = script_of(index);
  if (what == "crash") std::raise(SIGSEGV);
  if (what == "abort") std::abort();
  if (what == "exit") _exit(9);
  if (what == "hang")
    for (;;) pause();
  if (what == "killed-once" && first_time(folder, "killed")) std::raise(SIGKILL);
  if (what == "killed") std::raise(SIGKILL);
  if (what == "slow") std::this_thread::sleep_for(std::chrono::milliseconds(20));
  if (what == "full") {
    const rlimit limit{64, 64};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  return {line(index, "pass"), true, 10};
}

struct Outcome {
  Ending ending;
  Live live;
  std::map<uint64_t, std::string> lines;
  size_t files = 0;
};

std::vector<Chunk> missing(const ChunkFiles& files) {
  std::vector<Chunk> todo;
  for (uint64_t c = 0; c < plan().chunks(0); ++c)
    if (!files.read({0, c}, plan(), nullptr)) todo.push_back({0, c});
  return todo;
}

Outcome supervise(
    const Folder& folder, const std::string& script, int workers = 2, std::function<bool()> interrupted = [] { return false; },
    std::function<void(const Live&)> tick = [](const Live&) {}) {
  setenv("ASSAY_TEST_SCRIPT", script.c_str(), 1);
  const ChunkFiles files(folder.path(), "run");
  Board board(missing(files), false, {});
  SuperviseOptions options;
  options.workers = workers;
  options.command = [&folder](size_t slot, int descriptor, std::optional<uint64_t> resume) {
    setenv("ASSAY_TEST_WORKER",
           (folder.path().string() + " " + std::to_string(slot) + " " + std::to_string(descriptor) + (resume ? " " + std::to_string(*resume) : "")).c_str(), 1);
    return std::vector<std::string>{"test_sweep", "[.worker]"};
  };
  options.patience = [](uint64_t) { return 0.5; };
  options.lost_line = [](uint64_t index, const Loss& loss) {
    return line(index, loss.kind == Loss::Kind::Hang ? "hang" : loss.kind == Loss::Kind::Exit ? "exit" : loss.number == SIGKILL ? "killed" : "crash");
  };
  options.tick = std::move(tick);
  options.interrupted = std::move(interrupted);
  options.log = folder.path() / "log";
  Supervisor supervisor(plan(), files, board, options);
  Outcome out{supervisor.run(), supervisor.live(), {}, 0};
  for (const Chunk chunk : files.present(false)) {
    const auto lines = files.read(chunk, plan(), nullptr);
    REQUIRE(lines.has_value());
    out.lines.insert(lines->begin(), lines->end());
    ++out.files;
  }
  return out;
}

}  // namespace

TEST_CASE("a worker of the tests below", "[.worker]") {
  const char* arguments = std::getenv("ASSAY_TEST_WORKER");
  REQUIRE(arguments != nullptr);  // it is started by the others alone
  std::istringstream words(arguments);
  std::string folder;
  size_t slot = 0;
  int descriptor = 0;
  uint64_t ticket = 0;
  words >> folder >> slot >> descriptor;
  const std::optional<uint64_t> resume = words >> ticket ? std::optional(ticket) : std::nullopt;
  const ChunkFiles files(folder, "run");
  Board board(descriptor);
  try {
    work(plan(), files, board, slot, resume, [&folder](uint64_t index, const PlannedVector&) { return run_vector(folder, index); });
  } catch (const StorageError&) {
    _exit(kWorkerStorage);
  }
  _exit(0);
}

TEST_CASE("supervisor: every planned vector has one result, whoever ran it") {
  const Folder folder;
  const Outcome out = supervise(folder, "", 3);
  CHECK(out.ending == Ending::Done);
  CHECK(out.lines.size() == kVectors);
  CHECK(out.live.finished == kVectors);
  CHECK(out.live.cycles == 10 * kVectors);
  CHECK(out.live.failed == 0);
}

TEST_CASE("supervisor: a vector that crashes, hangs or ends its process costs its own result only") {
  const Folder folder;
  const Outcome out = supervise(folder, "3=crash 4=crash 77=hang 200=abort 300=exit 639=crash");
  CHECK(out.ending == Ending::Done);
  CHECK(out.lines.size() == kVectors);
  const std::map<uint64_t, const char*> lost{{3, "crash"}, {4, "crash"}, {77, "hang"}, {200, "crash"}, {300, "exit"}, {639, "crash"}};
  for (const auto& [index, got] : out.lines) CHECK(got == line(index, lost.contains(index) ? lost.at(index) : "pass"));
  CHECK(out.live.failed == lost.size());
}

TEST_CASE("supervisor: a worker killed from outside has its vector run again; a vector that always gets it killed is to blame in the end") {
  const Folder folder;
  const Outcome out = supervise(folder, "50=killed-once 500=killed");
  CHECK(out.ending == Ending::Done);
  CHECK(out.lines.size() == kVectors);
  CHECK(out.lines.at(50) == line(50, "pass"));
  CHECK(out.lines.at(500) == line(500, "killed"));
}

TEST_CASE("supervisor: after an interruption the same command runs the rest, and nothing twice") {
  const Folder folder;
  std::string slow;
  for (uint64_t i = 0; i < kVectors; i += 4) slow += std::to_string(i) + "=slow ";
  uint64_t finished = 0;
  const Outcome first = supervise(
      folder, slow, 2, [&finished] { return finished >= 40; }, [&finished](const Live& live) { finished = live.finished; });
  CHECK(first.ending == Ending::Interrupted);
  CHECK(first.live.finished >= 40);
  CHECK(first.live.finished < kVectors);
  const Outcome second = supervise(folder, "");
  CHECK(second.ending == Ending::Done);
  CHECK(second.lines.size() == kVectors);
  CHECK(first.live.finished + second.live.finished == kVectors);
}

TEST_CASE("supervisor: a full disk ends the sweep, keeps what is finished, and the rest runs once there is space") {
  const Folder folder;
  const Outcome full = supervise(folder, "320=full", 1);
  CHECK(full.ending == Ending::StorageFull);
  CHECK(full.lines.size() == 320);
  const Outcome again = supervise(folder, "");
  CHECK(again.ending == Ending::Done);
  CHECK(again.lines.size() == kVectors);
}

TEST_CASE("supervisor: workers that end before they begin are given up") {
  const Folder folder;
  const ChunkFiles files(folder.path(), "run");
  Board board(missing(files), false, {});
  SuperviseOptions options;
  options.command = [](size_t, int, std::optional<uint64_t>) { return std::vector<std::string>{"test_sweep", "--no-such-option"}; };
  options.patience = [](uint64_t) { return 5.0; };
  options.lost_line = [](uint64_t, const Loss&) { return std::string(); };
  options.tick = [](const Live&) {};
  options.interrupted = [] { return false; };
  options.log = folder.path() / "log";
  CHECK(Supervisor(plan(), files, board, options).run() == Ending::CannotStart);
  CHECK(files.present(false).empty());
}
