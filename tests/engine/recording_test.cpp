// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/recording.hpp"

#include <sstream>

#include "cosim/common/random.hpp"
#include "cosim/engine/lockstep.hpp"
#include "cosim/engine/recording_target.hpp"
#include "model/common/config.hpp"
#include "tests/catch.hpp"
#include "tests/engine/fake_target.hpp"

using namespace assay;
using assay::test::FakeTarget;
namespace fs = std::filesystem;

namespace {

/// A folder that goes away with the test case.
struct Scratch {
  Scratch() {
    std::string name = (fs::temp_directory_path() / "assay-recording-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path = name;
  }
  ~Scratch() { fs::remove_all(path); }
  fs::path path;
};

std::string bytes_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

void write(const fs::path& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

/// Images of many sizes that change by chance, and all that was written of them.
class Source {
 public:
  explicit Source(uint64_t seed, const std::vector<size_t>& sizes = {1, 2, 4, 7, 8, 9, 16, 20, 24, 64, 100, 4096}) : random_(seed, 1) {
    for (const size_t bytes : sizes) images_.emplace_back(bytes);
  }

  std::vector<RecordedImage> images() const {
    std::vector<RecordedImage> out;
    for (size_t i = 0; i < images_.size(); ++i) out.push_back({"image/" + std::to_string(i), images_[i].data(), images_[i].size()});
    return out;
  }

  void change() {
    for (auto& image : images_) {
      if (random_.chance(0.3)) continue;
      for (uint64_t left = random_.below(random_.chance(0.1) ? image.size() + 1 : 6); left > 0; --left) {
        image[random_.below(image.size())] = static_cast<uint8_t>(random_.next());
      }
    }
    history.push_back(images_);
  }

  std::vector<std::vector<std::vector<uint8_t>>> history;

 private:
  Random random_;
  std::vector<std::vector<uint8_t>> images_;
};

void check_state(const RecordingReader& reader, const std::vector<uint8_t>& state, const std::vector<std::vector<uint8_t>>& wanted) {
  REQUIRE(reader.layout().size() == wanted.size());
  bool same = true;
  for (size_t i = 0; i < wanted.size(); ++i) {
    const auto at = state.begin() + static_cast<ptrdiff_t>(reader.layout()[i].offset);
    same &= std::equal(wanted[i].begin(), wanted[i].end(), at);
  }
  REQUIRE(same);
}

/// A small recording with everything in it.
std::string small_recording(const fs::path& folder) {
  Source source(5, {1, 7, 16, 40});
  RecordingWriter writer(folder / "small.rec", R"({"schema": "assay/recording/1"})", {{"a.txt", "some bytes"}, {"b", ""}}, source.images());
  for (int c = 0; c < 3; ++c) {
    source.change();
    writer.cycle();
  }
  writer.assertion("fifo never overflows");
  writer.finish();
  return bytes_of(folder / "small.rec");
}

/// Everything that a recording says, in one text.
std::string content_of(const fs::path& file) {
  RecordingReader reader(file);
  std::string text = reader.header();
  for (const auto& [name, bytes] : reader.files()) text += ";" + name + "=" + bytes;
  for (const auto& image : reader.layout()) text += ";" + image.name + ":" + std::to_string(image.bytes);
  std::vector<uint8_t> state(reader.state_bytes());
  std::vector<std::string> assertions;
  while (reader.next(state.data(), assertions)) text.append(reinterpret_cast<const char*>(state.data()), state.size());
  for (const std::string& name : assertions) text += ";" + name;
  return text;
}

std::string error_of(const fs::path& file) {
  try {
    const RecordingReader reader(file);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("recording: what was written cycle by cycle is read back, twice, over many frames") {
  const Scratch scratch;
  Source source(1);
  const fs::path file = scratch.path / "run.rec";
  const std::string big(3 << 20, 'x');
  {
    RecordingWriter writer(file, R"({"head": 1})", {{"data/big.npy", big}, {"empty", ""}}, source.images());
    for (int c = 0; c < 20000; ++c) {
      source.change();
      writer.cycle();
      if (c % 1000 == 7) writer.assertion("broken in " + std::to_string(c));
    }
    writer.finish();
  }
  CHECK(fs::file_size(file) > 2 << 20);
  RecordingReader reader(file);
  CHECK(reader.header() == R"({"head": 1})");
  CHECK(reader.files() == NamedBytes{{"data/big.npy", big}, {"empty", ""}});
  CHECK(reader.cycles() == 20000);
  for (int pass = 0; pass < 2; ++pass) {
    std::vector<uint8_t> state(reader.state_bytes());
    std::vector<std::string> assertions;
    size_t broken = 0;
    for (size_t c = 0; c < 20000; ++c) {
      assertions.clear();
      REQUIRE(reader.next(state.data(), assertions));
      check_state(reader, state, source.history[c]);
      REQUIRE(assertions.size() == (c % 1000 == 8 ? 1 : 0));
      if (!assertions.empty()) REQUIRE(assertions[0] == "broken in " + std::to_string(c - 1));
      broken += assertions.size();
    }
    CHECK(broken == 20);
    CHECK_FALSE(reader.next(state.data(), assertions));
    CHECK_FALSE(reader.next(state.data(), assertions));
    reader.rewind();
  }
}

TEST_CASE("recording: cut off anywhere, it is an error that says so") {
  const Scratch scratch;
  const std::string whole = small_recording(scratch.path);
  CHECK(error_of(scratch.path / "small.rec") == "");
  for (size_t length = 0; length < whole.size(); ++length) {
    INFO("cut to " << length << " of " << whole.size());
    write(scratch.path / "cut.rec", whole.substr(0, length));
    REQUIRE(error_of(scratch.path / "cut.rec").find((scratch.path / "cut.rec").string() + ":1: recording: is ") == 0);
  }
  Source source(2);
  const fs::path file = scratch.path / "long.rec";
  RecordingWriter writer(file, "{}", {}, source.images());
  for (int c = 0; c < 12000; ++c) {
    source.change();
    writer.cycle();
  }
  writer.finish();
  const std::string frames = bytes_of(file);
  const std::string magic = frames.substr(0, 4);
  const size_t last = frames.rfind(magic);
  REQUIRE(last > 1000);
  write(file, frames.substr(0, last));  // whole frames, but not the last one
  CHECK(error_of(file).find("long.rec:1: recording: is cut off after ") != std::string::npos);
}

TEST_CASE("recording: a byte changed anywhere is an error, unless it means the same") {
  const Scratch scratch;
  const std::string whole = small_recording(scratch.path), content = content_of(scratch.path / "small.rec");
  size_t errors = 0, same = 0;
  for (size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(static_cast<uint8_t>(damaged[at]) ^ (1u << bit));
      write(scratch.path / "damaged.rec", damaged);
      INFO("byte " << at << " bit " << bit);
      const std::string error = error_of(scratch.path / "damaged.rec");
      if (error.empty()) {  // a bit that the compression format does not use
        REQUIRE(content_of(scratch.path / "damaged.rec") == content);
        ++same;
        continue;
      }
      REQUIRE(error.find(":1: recording: ") != std::string::npos);
      ++errors;
    }
  }
  CHECK(errors > whole.size() * 7);
  CHECK(same < whole.size() / 10);
  write(scratch.path / "damaged.rec", whole + "more");
  CHECK(error_of(scratch.path / "damaged.rec").find("is cut off or damaged at byte " + std::to_string(whole.size())) != std::string::npos);
  write(scratch.path / "damaged.rec", "schema: assay/vector/1\n");
  CHECK(error_of(scratch.path / "damaged.rec").find("is no zstd file") != std::string::npos);
  CHECK(error_of(scratch.path).find("cannot be read") != std::string::npos);
  CHECK(error_of(scratch.path / "none.rec").find("cannot be read") != std::string::npos);
}

TEST_CASE("recording: a writer that was not finished leaves nothing, one that cannot write says so") {
  const Scratch scratch;
  Source source(3);
  {
    RecordingWriter writer(scratch.path / "half.rec", "{}", {}, source.images());
    writer.cycle();
  }
  CHECK(fs::is_empty(scratch.path));
  CHECK_THROWS_AS(RecordingWriter(scratch.path / "no/where.rec", "{}", {}, source.images()), InputError);
}

TEST_CASE("recording: a recorded target runs as it does alone, and its states are those that were compared") {
  const Scratch scratch;
  FakeTarget alone, recorded;
  recorded.on_drive = [&](uint64_t cycle) {
    if (cycle == 9) recorded.assertions = {"core.rule"};
  };
  alone.on_drive = [&](uint64_t cycle) {
    if (cycle == 9) alone.assertions = {"core.rule"};
  };
  LockstepOptions options;
  options.max_mismatches = 1;
  RecordingTarget recording(recorded, scratch.path / "fake.rec", "{}", {});
  const LockstepResult a = run_lockstep(alone, options), b = run_lockstep(recording, options);
  recording.finish();
  CHECK(a.cycles == b.cycles);
  CHECK(a.mismatches.size() == b.mismatches.size());
  CHECK(b.mismatches.at(0).kind == "assertion");
  RecordingReader reader(scratch.path / "fake.rec");
  CHECK(reader.cycles() == b.cycles + 1);  // what the last edge led to is there too
  std::vector<uint8_t> state(reader.state_bytes());
  std::vector<std::string> assertions;
  uint32_t counter = 0;
  for (uint32_t c = 0; reader.next(state.data(), assertions); ++c) {
    for (const auto& image : reader.layout()) {
      if (image.name == "top.counter/0") std::memcpy(&counter, state.data() + image.offset, 4);
    }
    REQUIRE(counter == c);
  }
  CHECK(assertions == std::vector<std::string>{"core.rule"});
}
