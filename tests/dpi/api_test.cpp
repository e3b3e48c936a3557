// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstring>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cosim/common/process.hpp"
#include "cosim/dpi/assay_dpi.h"
#include "cosim/dpi/observation.hpp"
#include "cosim/dpi/observation_source.hpp"
#include "model/tile/tile.hpp"
#include "tests/catch.hpp"

using namespace assay;

namespace {

constexpr const char* kSmall =
    "name=small rows=4 cols=4 acc_banks=2 acc_depth=4 command_fifo_depth=2 weight_fifo_depth=4 activation_fifo_depth=2 queue_depth=2 "
    "output_fifo_depth=8 response_fifo_depth=2 formats=3 pe_latency=1";

/// A handle that is closed at the end of the test.
struct Opened {
  void* handle = nullptr;
  Opened() { REQUIRE(assay_dpi_open(ASSAY_DPI_API_VERSION, &handle) == ASSAY_DPI_OK); }
  explicit Opened(const char* parameters) : Opened() { REQUIRE(assay_dpi_configure(handle, parameters) == ASSAY_DPI_OK); }
  ~Opened() { assay_dpi_close(handle); }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  std::string error() const { return assay_dpi_last_error(handle); }
};

using Value = std::array<uint32_t, 128>;

/// A handle whose checker has begun on kSmall.
struct Begun : Opened {
  HwConfig config = dpi::config_of_parameters(kSmall);
  dpi::Observation observation = dpi::observation_of(config, Tile(config).fields());
  Begun() : Opened(kSmall) {
    for (const dpi::RtlParameter& p : dpi::rtl_parameters(config)) REQUIRE(assay_dpi_checker_parameter(handle, p.key, p.value) == ASSAY_DPI_OK);
    REQUIRE(assay_dpi_checker_begin(handle, dpi::observation_hash(config, Tile(config).fields()).c_str()) == ASSAY_DPI_OK);
  }
};

/// The struct that a tile equal to the model hands over, with these input pins.
std::vector<uint32_t> observed(const dpi::Observation& o, const Tile& model) {
  std::vector<uint32_t> words(o.bytes / 4);
  auto* bytes = reinterpret_cast<uint8_t*>(words.data());
  for (const dpi::ObservedPart& part : o.parts) {
    const FieldPart& image = model.fields()[part.field].parts[part.part];
    const auto* from = static_cast<const uint8_t*>(image.data) + (image.slide == nullptr ? 0 : *image.slide);
    std::memcpy(bytes + o.members[part.member].offset, from, o.members[part.member].bytes);
  }
  bytes[o.members[o.inputs[0]].offset] = 1;  // out of reset
  return words;
}

}  // namespace

TEST_CASE("a caller of another version of the interface gets a status and no handle") {
  CHECK(assay_dpi_api_version() == ASSAY_DPI_API_VERSION);
  int something = 0;
  void* handle = &something;
  CHECK(assay_dpi_open(ASSAY_DPI_API_VERSION + 1, &handle) == ASSAY_DPI_WRONG_VERSION);
  CHECK(handle == nullptr);
  CHECK(std::string(assay_dpi_status_name(ASSAY_DPI_WRONG_VERSION)).find("another version") != std::string::npos);
}

TEST_CASE("every function answers a null handle with a status") {
  const std::vector<uint32_t> words(4096);
  Value value{};
  int pins = 0;
  CHECK(assay_dpi_open(ASSAY_DPI_API_VERSION, nullptr) == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_close(nullptr) == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_configure(nullptr, kSmall) == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_configure_file(nullptr, "x") == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_model_restart(nullptr) == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_model_drive(nullptr, 0, words.data(), words.data(), words.data(), 0) == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_model_step(nullptr) == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_model_read(nullptr, "tile.busy", value.data()) == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_model_width(nullptr, "tile.busy") == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_model_compare(nullptr, "tile.busy", value.data(), 0) == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_checker_parameter(nullptr, "rows", 4) == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_checker_begin(nullptr, "") == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_checker_cycle(nullptr, 0, words.data()) == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_checker_memory(nullptr, 0, words.data()) == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_checker_resume(nullptr) == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_checker_finish(nullptr) == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_bench_open(nullptr, "x") == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_bench_fill(nullptr, "x") == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_bench_deposit(nullptr) == ASSAY_DPI_NULL_HANDLE);
  CHECK(assay_dpi_bench_drive(nullptr, 0, words.data(), 0, &pins, value.data(), value.data(), value.data()) == ASSAY_DPI_NULL_HANDLE);
  CHECK(std::string(assay_dpi_last_error(nullptr)) == "the handle is null");
  CHECK(std::string(assay_dpi_report(nullptr)) == "the handle is null");
}

TEST_CASE("a missing config and an illegal one are bad input with their place") {
  const Opened file, unknown, range;
  CHECK(assay_dpi_configure_file(file.handle, "/nowhere/config.yaml") == ASSAY_DPI_BAD_INPUT);
  CHECK(file.error() == "/nowhere/config.yaml:1: file: cannot be read, expected a hardware config");
  CHECK(assay_dpi_model_step(file.handle) == ASSAY_DPI_ORDER);
  CHECK(assay_dpi_configure(unknown.handle, "rows=4 colums=4") == ASSAY_DPI_BAD_INPUT);
  CHECK(unknown.error().find("colums: is unknown") != std::string::npos);
  CHECK(assay_dpi_configure(range.handle, "rows=4 cols=4000") == ASSAY_DPI_BAD_INPUT);
  CHECK(range.error().find("cols: 4000 is not legal") != std::string::npos);
  CHECK(assay_dpi_configure(range.handle, nullptr) == ASSAY_DPI_BAD_INPUT);
}

TEST_CASE("a second config or checker on one handle is refused, a second handle is independent") {
  const Opened first(kSmall), second(kSmall);
  CHECK(assay_dpi_configure(first.handle, kSmall) == ASSAY_DPI_ALREADY);
  CHECK(first.error().find("another instance needs another handle") != std::string::npos);
  CHECK(second.error().empty());
  const Begun begun;
  CHECK(assay_dpi_checker_begin(begun.handle, "") == ASSAY_DPI_ALREADY);
}

TEST_CASE("the model is stepped by hand, elements are read and compared by name") {
  const Opened a(kSmall), b(kSmall);
  const std::array<uint32_t, 4> command{0x0000'0008, 0, 0, 0};  // any command: it goes into the FIFO as it is
  std::array<uint32_t, 64> beat{};
  Value value{};
  CHECK(assay_dpi_model_read(a.handle, "tile.command_fifo_count", value.data()) == ASSAY_DPI_OK);
  CHECK(value[0] == 0);
  CHECK(assay_dpi_model_drive(a.handle, ASSAY_DPI_RST_N | ASSAY_DPI_CMD_VALID, command.data(), beat.data(), beat.data(), 0) == ASSAY_DPI_OK);
  CHECK(assay_dpi_model_step(a.handle) == ASSAY_DPI_OK);
  CHECK(assay_dpi_model_read(a.handle, "tile.command_fifo_count", value.data()) == ASSAY_DPI_OK);
  CHECK(value[0] == 1);
  CHECK(assay_dpi_model_width(a.handle, "tile.command_fifo_mem[0]") == 128);
  CHECK(assay_dpi_model_read(a.handle, "tile.command_fifo_mem[0]", value.data()) == ASSAY_DPI_OK);
  CHECK(value[0] == command[0]);
  CHECK(assay_dpi_model_compare(a.handle, "tile.command_fifo_mem[0]", value.data(), 0) == ASSAY_DPI_OK);
  value[0] ^= 16;
  CHECK(assay_dpi_model_compare(a.handle, "tile.command_fifo_mem[0]", value.data(), 0) == ASSAY_DPI_DIFFERS);
  CHECK(a.error().find("tile.command_fifo_mem[0]: is 00000000000000000000000000000018, the model has 00000000000000000000000000000008") == 0);
  CHECK(assay_dpi_model_compare(a.handle, "tile.command_fifo_mem[0]", value.data(), 1) == ASSAY_DPI_UNKNOWN_BITS);
  CHECK(assay_dpi_model_read(b.handle, "tile.command_fifo_count", value.data()) == ASSAY_DPI_OK);
  CHECK(value[0] == 0);
  for (const char* wrong : {"tile.no_such", "nonsense", "pe.psum[1]", "pe.psum[1][9]", "pe.psum[1][", "tile.busy[0]"}) {
    INFO(wrong);
    CHECK(assay_dpi_model_read(a.handle, wrong, value.data()) == ASSAY_DPI_BAD_INPUT);
    CHECK(a.error().find(wrong) != std::string::npos);
  }
  CHECK(assay_dpi_model_restart(a.handle) == ASSAY_DPI_OK);
  CHECK(assay_dpi_model_read(a.handle, "tile.command_fifo_count", value.data()) == ASSAY_DPI_OK);
  CHECK(value[0] == 0);
}

TEST_CASE("X in an input group that counts is a status of its own and drives nothing") {
  const Opened a(kSmall);
  const std::array<uint32_t, 64> beat{};
  CHECK(assay_dpi_model_drive(a.handle, ASSAY_DPI_RST_N, beat.data(), beat.data(), beat.data(), ASSAY_DPI_X_HANDSHAKE) == ASSAY_DPI_UNKNOWN_BITS);
  CHECK(assay_dpi_model_drive(a.handle, ASSAY_DPI_RST_N, beat.data(), beat.data(), beat.data(), ASSAY_DPI_X_WEIGHT) == ASSAY_DPI_OK);
  CHECK(assay_dpi_model_drive(a.handle, ASSAY_DPI_RST_N | ASSAY_DPI_WEIGHT_VALID, beat.data(), beat.data(), beat.data(), ASSAY_DPI_X_WEIGHT) ==
        ASSAY_DPI_UNKNOWN_BITS);
  CHECK(a.error() == "X or Z in weight data: nothing was driven");
}

TEST_CASE("a checker begins with the RTL's own parameters and the hash of its field table, or not at all") {
  const HwConfig config = dpi::config_of_parameters(kSmall);
  const std::string hash = dpi::observation_hash(config, Tile(config).fields());
  const Opened missing(kSmall), other(kSmall), table(kSmall), early;
  CHECK(assay_dpi_checker_parameter(early.handle, "rows", 4) == ASSAY_DPI_ORDER);
  CHECK(assay_dpi_checker_begin(missing.handle, hash.c_str()) == ASSAY_DPI_WRONG_HARDWARE);
  CHECK(missing.error() == "the RTL did not report its parameter rows");
  for (const dpi::RtlParameter& p : dpi::rtl_parameters(config)) {
    CHECK(assay_dpi_checker_parameter(other.handle, p.key, p.value + (std::string(p.key) == "queue_depth")) == ASSAY_DPI_OK);
    CHECK(assay_dpi_checker_parameter(table.handle, p.key, p.value) == ASSAY_DPI_OK);
  }
  CHECK(assay_dpi_checker_begin(other.handle, hash.c_str()) == ASSAY_DPI_WRONG_HARDWARE);
  CHECK(other.error() == "queue_depth: the RTL was elaborated with 3, the config says 2");
  CHECK(assay_dpi_checker_begin(table.handle, "0123456789abcdef") == ASSAY_DPI_WRONG_HARDWARE);
  CHECK(table.error() == "the checker was made from another field table: its hash is '0123456789abcdef', expected " + hash);
}

TEST_CASE("a cycle with X is reported and not compared") {
  const Begun run;
  const auto words = observed(run.observation, Tile(run.config));
  CHECK(assay_dpi_checker_cycle(run.handle, ASSAY_DPI_X_COMMAND | ASSAY_DPI_X_STATE, words.data()) == ASSAY_DPI_UNKNOWN_BITS);
  CHECK(run.error() == "X or Z in command data; observed state: the cycle was not compared");
  CHECK(assay_dpi_checker_finish(run.handle) == 4);
  CHECK(std::string(assay_dpi_report(run.handle)).find("no cycle was compared") != std::string::npos);
}

TEST_CASE("an error inside the library becomes a status and a text, no exception leaves it") {
  const Begun run;
  const auto words = observed(run.observation, Tile(run.config));
  REQUIRE(assay_dpi_checker_cycle(run.handle, 0, words.data()) == ASSAY_DPI_MEMORIES);
  CHECK(assay_dpi_checker_cycle(run.handle, 0, words.data()) == ASSAY_DPI_MODEL_ERROR);  // a cycle while one waits for memories
  CHECK(run.error().find("waits_") != std::string::npos);
}

TEST_CASE("a tile like the model passes, and one with another bit is told with cycle and element") {
  for (const bool spoilt : {false, true}) {
    const Begun run;
    Tile model(run.config);
    auto words = observed(run.observation, model);
    CHECK(assay_dpi_checker_resume(run.handle) == ASSAY_DPI_ORDER);
    REQUIRE(assay_dpi_checker_cycle(run.handle, 0, words.data()) == ASSAY_DPI_MEMORIES);
    const std::vector<uint32_t> memory(run.observation.memory_bytes() / 4);
    for (size_t i = 0; i < run.observation.memories.size(); ++i)
      CHECK(assay_dpi_checker_memory(run.handle, static_cast<int>(i), memory.data()) == ASSAY_DPI_OK);
    CHECK(assay_dpi_checker_memory(run.handle, 99, memory.data()) == ASSAY_DPI_BAD_INPUT);
    CHECK(assay_dpi_checker_resume(run.handle) == ASSAY_DPI_OK);
    const std::array<uint32_t, 64> beat{};
    TileInputs in;
    in.cmd_data = beat.data();
    in.weight_data = in.act_data = reinterpret_cast<const uint8_t*>(beat.data());
    for (int cycle = 1; cycle < 20; ++cycle) {
      model.step(in);
      words = observed(run.observation, model);
      if (spoilt && cycle == 7) {
        for (const dpi::ObservedPart& part : run.observation.parts) {
          const Field& field = model.fields()[part.field];
          if (field.name == "psum" && part.part == 2) reinterpret_cast<uint8_t*>(words.data())[run.observation.members[part.member].offset + 12] ^= 4;
        }
      }
      const int status = assay_dpi_checker_cycle(run.handle, 0, words.data());
      REQUIRE(status == (spoilt && cycle == 7 ? ASSAY_DPI_END : ASSAY_DPI_OK));
      if (status == ASSAY_DPI_END) break;
    }
    CHECK(assay_dpi_checker_finish(run.handle) == (spoilt ? 1 : 4));  // nothing was compared in memories: no pass
    const std::string report = assay_dpi_report(run.handle);
    INFO(report);
    CHECK((report.find("cycle 7: state pe.psum[2][3]: rtl 00000004, model 00000000, xor 00000004") != std::string::npos) == spoilt);
    CHECK(assay_dpi_checker_finish(run.handle) == ASSAY_DPI_ALREADY);
  }
}

TEST_CASE("the library exports the functions of its header and nothing else") {
  const ProcessResult nm = run_process({"nm", "-D", "--defined-only", ASSAY_DPI_LIBRARY});
  REQUIRE(nm.exit_code == 0);
  std::set<std::string> exported, declared;
  std::istringstream lines(nm.output);
  for (std::string address, type, name; lines >> address >> type >> name;) {
    if (type != "A") exported.insert(name.substr(0, name.find('@')));
  }
  const std::string header = read_file(std::string(ASSAY_PROJECT_DIR) + "/cosim/dpi/assay_dpi.h");
  for (size_t at = header.find("\n"); at != std::string::npos; at = header.find("\n", at + 1)) {
    const std::string line = header.substr(at + 1, header.find("\n", at + 1) - at - 1);
    const bool function = line.starts_with("int assay_") || line.starts_with("void assay_") || line.starts_with("const char* assay_");
    if (!function) continue;
    const size_t name = line.find("assay_");
    declared.insert(line.substr(name, line.find('(') - name));
  }
  CHECK(declared.size() > 20);
  CHECK(exported == declared);
}
