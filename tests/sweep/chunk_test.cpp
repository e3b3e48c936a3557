// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "cosim/sweep/chunk_file.hpp"
#include "cosim/sweep/storage.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using namespace assay;
using namespace assay::sweep;
using test::Folder;

namespace {

const Plan& plan() {
  static const Plan plan({{"a", "", "c", "", "", {}, 1, 1}}, {}, 1, 640, false, 1);
  return plan;
}

std::string line(uint64_t i) { return "{\"i\":" + std::to_string(i) + ",\"verdict\":\"pass\"}"; }

ChunkFiles::Lines lines_of(Chunk chunk) {
  ChunkFiles::Lines lines;
  for (const uint64_t i : plan().indices(chunk)) lines[i] = line(i);
  return lines;
}

}  // namespace

TEST_CASE("chunk: what was sealed is read back, and the part is gone") {
  const Folder folder;
  const ChunkFiles files(folder.path(), "run");
  std::ofstream(files.part({0, 3})) << line(30) << "\n";
  files.seal({0, 3}, lines_of({0, 3}));
  CHECK(files.read({0, 3}, plan(), nullptr) == lines_of({0, 3}));
  CHECK(!std::filesystem::exists(files.part({0, 3})));
  CHECK(files.present(false) == std::vector<Chunk>{{0, 3}});
  CHECK(!files.read({0, 4}, plan(), nullptr));
}

TEST_CASE("chunk: a file cut off anywhere or with any byte changed is not believed") {
  const Folder folder;
  const ChunkFiles files(folder.path(), "run");
  files.seal({0, 0}, lines_of({0, 0}));
  const auto file = files.sealed({0, 0});
  const std::string bytes = folder.read(file.filename().string());
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string problem;
    folder.write(file.filename().string(), bytes.substr(0, at));
    CHECK(!files.read({0, 0}, plan(), &problem));
    CHECK(problem.find(file.string()) == 0);
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    folder.write(file.filename().string(), changed);
    const auto read = files.read({0, 0}, plan(), nullptr);
    CHECK((!read || *read == lines_of({0, 0})));  // a bit of the frame's header may mean nothing
  }
}

TEST_CASE("chunk: a file of another run, another chunk or with a result too few is not believed") {
  const Folder folder;
  const ChunkFiles files(folder.path(), "run"), others(folder.path(), "other");
  others.seal({0, 0}, lines_of({0, 0}));
  CHECK(!files.read({0, 0}, plan(), nullptr));
  files.seal({0, 1}, lines_of({0, 1}));
  std::filesystem::copy_file(files.sealed({0, 1}), files.sealed({0, 2}));
  CHECK(!files.read({0, 2}, plan(), nullptr));
  auto few = lines_of({0, 5});
  few.erase(few.begin());
  files.seal({0, 5}, few);
  CHECK(!files.read({0, 5}, plan(), nullptr));
  few[1] = line(1);
  files.seal({0, 5}, few);
  CHECK(!files.read({0, 5}, plan(), nullptr));
}

TEST_CASE("chunk: of a part whole lines are kept and a torn one is cut off the file") {
  const Folder folder;
  const ChunkFiles files(folder.path(), "run");
  const std::string whole = line(0) + "\n" + line(1) + "\n";
  const std::string torn = line(2);
  for (size_t n = 0; n <= torn.size(); ++n) {
    std::ofstream(files.part({0, 0})) << whole << torn.substr(0, n);
    const auto kept = files.salvage({0, 0}, plan());
    CHECK(kept.size() == 2);
    CHECK(folder.read(files.part({0, 0}).filename().string()) == whole);
  }
}

TEST_CASE("storage: a lock is refused while another holds it and free afterwards") {
  const Folder folder;
  {
    const FolderLock first(folder.path() / "lock", "a sweep");
    CHECK_THROWS_AS(FolderLock(folder.path() / "lock", "a sweep"), StorageError);
  }
  CHECK_NOTHROW(FolderLock(folder.path() / "lock", "a sweep"));
}
