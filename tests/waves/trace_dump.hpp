// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "cosim/waves/signal_names.hpp"
#include "cosim/waves/wave_writer.hpp"
#include "tests/catch.hpp"
#include "tests/waves/dump.hpp"

namespace assay::test {

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "assay-waves-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = name;
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline void write(const Trace& trace, waves::WaveFile& file) {
  waves::Selection selection(trace.fields());
  selection.look(trace);
  waves::WaveWriter writer(trace, selection, file);
  writer.write(trace);
  writer.finish();
}

/// A trace's waves as VCD, read back.
inline Dump vcd_of(const Trace& trace) {
  const ScratchFolder folder;
  write(trace, *waves::open_vcd(folder.path() / "w.vcd"));
  return Dump(contents(folder.path() / "w.vcd"));
}

/// Every signal of the dump against the trace, in every cycle.
inline void check_against(const Trace& trace, const Dump& dump) {
  constexpr uint64_t kCycle = waves::kCycleTime;
  CHECK(dump.start() == kCycle * trace.first());
  CHECK(dump.end() == kCycle * (trace.last() + 1));
  size_t wrong = 0;
  std::string first_wrong;
  const auto expect = [&](const std::string& path, uint64_t cycle, const std::string& is, const std::string& want) {
    if (is != want && wrong++ == 0) first_wrong = path + " in cycle " + std::to_string(cycle) + " is " + is + ", expected " + want;
  };
  for (uint64_t cycle = trace.first(); cycle <= trace.last(); ++cycle) {
    const uint64_t time = cycle * kCycle;
    REQUIRE(std::stoull(dump.hex("assay.cycle", time), nullptr, 16) == cycle);
    std::map<std::string, bool> blocks;
    for (size_t f = 0; f < trace.fields().size(); ++f) {
      const Field& field = trace.fields()[f];
      bool differs = false;
      for (size_t p = 0; p < field.parts.size(); ++p) {
        for (uint64_t e = 0; e < part_elements(field); ++e) {
          const ElementPlace place{p, e};
          differs = differs || trace.differs(cycle, f, place);
          const bool defined = trace.defined(cycle, f, place);
          for (const Side side : {Side::Rtl, Side::Model}) {
            const std::string path = waves::element_path(field, index_of(field, place), side);
            if ((field.memory || field.split == Split::Column) && !dump.has(path)) {
              expect(path, cycle, trace.differs(cycle, f, place) ? "missing" : "equal", "equal");
              continue;
            }
            const std::string want = defined ? trace.hex(side, cycle, f, place) : std::string(static_cast<size_t>(field.width + 3) / 4, 'x');
            expect(path, cycle, dump.hex(path, time + kCycle - 1), want);
          }
        }
      }
      expect(waves::field_differs_path(field), cycle, dump.value(waves::field_differs_path(field), time), differs ? "1" : "0");
      blocks[field.block] = blocks[field.block] || differs;
    }
    for (const auto& [block, differs] : blocks) expect(block, cycle, dump.value(waves::block_differs_path(block), time), differs ? "1" : "0");
  }
  INFO(first_wrong);
  CHECK(wrong == 0);
}

}  // namespace assay::test
