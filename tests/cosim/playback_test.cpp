// SPDX-License-Identifier: Apache-2.0
// A recording stands for the RTL: it must lead to the same result, and every single bit of it must count.
#include "cosim/npu/playback.hpp"

#include <filesystem>

#include "cosim/common/random.hpp"
#include "cosim/engine/element.hpp"
#include "cosim/engine/recording_target.hpp"
#include "tests/cosim/common.hpp"

using namespace assay;
using namespace assay::test;
namespace fs = std::filesystem;

namespace {

struct Scratch {
  Scratch() {
    std::string name = (fs::temp_directory_path() / "assay-playback-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path = name;
  }
  ~Scratch() { fs::remove_all(path); }
  fs::path path;
};

LockstepResult record(npu::NpuTarget& target, const npu::Program& program, uint64_t seed, const fs::path& file, const LockstepOptions& options = {}) {
  target.load(program, seed);
  RecordingTarget recording(target, file, "{}", {});
  LockstepResult result = run_lockstep(recording, options);
  recording.finish();
  return result;
}

LockstepResult play(const HwConfig& config, const npu::Program& program, uint64_t seed, const fs::path& file, LockstepOptions options = {}) {
  RecordingReader reader(file);
  npu::NpuTarget target(config, npu::play_back(reader));
  target.load(program, seed);
  options.state_faults_applied = true;
  if (options.max_cycles == 0 || options.max_cycles > reader.cycles()) options.max_cycles = reader.cycles();
  return run_lockstep(target, options);
}

/// The recording with one bit of one image other in one cycle.
struct Flip {
  std::string image;
  size_t byte = 0;
  int bit = 0;
  uint64_t cycle = 0;
};

void rewrite(const fs::path& from, const fs::path& to, const Flip& flip) {
  RecordingReader reader(from);
  std::vector<uint8_t> state(reader.state_bytes()), shown(reader.state_bytes());
  std::vector<RecordedImage> images;
  uint8_t* place = nullptr;
  for (const RecordingReader::Image& image : reader.layout()) {
    images.push_back({image.name, shown.data() + image.offset, image.bytes});
    if (image.name == flip.image) place = shown.data() + image.offset + flip.byte;
  }
  REQUIRE(place != nullptr);
  RecordingWriter writer(to, "{}", {}, images);
  std::vector<std::string> assertions;
  for (uint64_t cycle = 0; reader.next(state.data(), assertions); ++cycle) {
    shown = state;
    if (cycle == flip.cycle) *place ^= static_cast<uint8_t>(1u << flip.bit);
    writer.cycle();
  }
  writer.finish();
}

}  // namespace

TEST_CASE("playback: a recording leads to the result of the run itself, with faults, stalls, resets and --cycles") {
  const Scratch scratch;
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    npu::NpuTarget& target = target_for("int8_4x4");
    npu::Program program = seed % 3 == 0 ? npu::make_reset_test(target.config(), seed) : npu::make_random_program(target.config(), seed, 120);
    if (seed % 2 == 0) program.stall = npu::parse_stall("random", seed);
    LockstepOptions options;
    options.max_mismatches = 20;
    if (seed % 4 == 1) options.faults = {parse_fault("pe.psum[1][2]:" + std::to_string(seed) + "@" + std::to_string(100 + seed), target.fields())};
    if (seed % 4 == 2) options.faults = {parse_fault("tile.act_ready:0@" + std::to_string(50 + seed), target.fields())};
    if (seed % 5 == 0) options.max_cycles = 300;
    const LockstepResult live = record(target, program, seed, scratch.path / "run.rec", options);
    const LockstepResult played = play(target.config(), program, seed, scratch.path / "run.rec", options);
    INFO("seed " << seed << "\n" << describe(live) << "\n" << describe(played));
    CHECK(describe(live) == describe(played));
    CHECK(live.full_compares == played.full_compares);
    for (size_t c = 0; c < kFieldClasses; ++c) {
      CHECK(live.counts[c].planned == played.counts[c].planned);
      CHECK(live.counts[c].done == played.counts[c].done);
      CHECK(live.counts[c].skipped == played.counts[c].skipped);
    }
    if (seed % 4 == 1) CHECK(live.verdict == Verdict::Mismatch);
  }
}

TEST_CASE("playback: one bit flipped in the recording of any field is reported at its cycle, field and element") {
  const Scratch scratch;
  npu::NpuTarget& target = target_for("int8_4x4");
  const npu::Program program = npu::make_random_program(target.config(), 77, 150);
  const LockstepResult clean = record(target, program, 77, scratch.path / "run.rec");
  check_pass(clean);
  check_pass(play(target.config(), program, 77, scratch.path / "run.rec"));
  Random random(2027, 1);
  int named = 0;
  for (size_t f = 0; f < target.fields().size(); ++f) {
    const Field& field = target.fields()[f];
    const ElementPlace place{random.below(field.parts.size()), random.below(part_elements(field))};
    const BitPlace bit = bit_place(field, place.element, static_cast<int>(random.below(static_cast<uint64_t>(field.width))));
    const Flip flip{field.block + "." + field.name + "/" + std::to_string(place.part), bit.byte, bit.bit, 30 + random.below(clean.cycles - 60)};
    rewrite(scratch.path / "run.rec", scratch.path / "flipped.rec", flip);
    INFO(flip.image << " byte " << flip.byte << " bit " << flip.bit << " cycle " << flip.cycle);
    try {
      const LockstepResult result = play(target.config(), program, 77, scratch.path / "flipped.rec");
      INFO(describe(result));
      if (field.memory || !field.valid.empty()) {  // nobody may have looked at it in that cycle
        CHECK((result.verdict == Verdict::Pass || result.mismatches.at(0).field == field.name));
        continue;
      }
      REQUIRE(result.verdict == Verdict::Mismatch);
      CHECK(result.mismatches[0].cycle == flip.cycle);
      CHECK(result.mismatches[0].block + "." + result.mismatches[0].field == field.block + "." + field.name);
      CHECK(result.mismatches[0].index == index_of(field, place));
      ++named;
    } catch (const InputError&) {
      REQUIRE(field.cls == FieldClass::Pin);  // the driver answers a flipped handshake with other inputs; never before the compare
    }
  }
  CHECK(named > 60);
}

TEST_CASE("playback: recorded inputs that are not those of this driver are refused with pin and cycle") {
  const Scratch scratch;
  npu::NpuTarget& target = target_for("int8_4x4");
  const npu::Program program = npu::make_random_program(target.config(), 3, 60);
  record(target, program, 3, scratch.path / "run.rec");
  rewrite(scratch.path / "run.rec", scratch.path / "flipped.rec", {"in.act_data_i", 2, 5, 41});
  try {
    play(target.config(), program, 3, scratch.path / "flipped.rec");
    FAIL("not refused");
  } catch (const InputError& error) {
    CHECK(std::string(error.what()).find("flipped.rec:1: recording: cycle 41: act_data_i: what this revision gives the RTL differs") != std::string::npos);
  }
}
