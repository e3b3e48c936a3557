// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/rtl_map.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "model/common/config.hpp"
#include "model/tile/tile.hpp"
#include "tests/catch.hpp"

using namespace assay;
namespace fs = std::filesystem;

namespace {

std::string line_of_file(const fs::path& file, int number) {
  std::ifstream in(file);
  std::string line;
  for (int i = 0; i < number; ++i) std::getline(in, line);
  return line;
}

}  // namespace

TEST_CASE("rtl map: every field of an integer and a floating-point tile is found in the sources, in its own tile's modules", "[cosim]") {
  const fs::path root = ASSAY_PROJECT_DIR;
  for (const char* name : {"int8_8x16", "fp_4x4"}) {
    const HwConfig config = load_config(root / "rtl/configs" / (std::string(name) + ".yaml"));
    std::set<std::string> files;
    const Tile tile(config);
    for (const Field& field : tile.fields()) {
      const std::string full = field.block + "." + field.name;
      INFO(name << " " << full);
      const auto place = npu::rtl_place(root, full, std::vector<int64_t>(field.shape.size(), 1), config.floating());
      REQUIRE(place);
      const std::string leaf = place->signal.substr(place->signal.rfind('.') + 1);
      const std::string line = line_of_file(root / place->file, place->line);
      CHECK(line.find(leaf.substr(0, leaf.find('['))) != std::string::npos);
      CHECK(line.find_first_not_of(' ') != std::string::npos);
      files.insert(place->file);
    }
    CHECK(files.contains("rtl/pe/npu_fp_pe_sums.sv") == config.floating());
    CHECK(files.contains("rtl/pe/npu_pe_row.sv") == !config.floating());
  }
}

TEST_CASE("rtl map: the place of a psum is the line that computes it, a field nobody knows has none", "[cosim]") {
  const fs::path root = ASSAY_PROJECT_DIR;
  const auto place = npu::rtl_place(root, "pe.psum", {2, 3}, false);
  REQUIRE(place);
  CHECK(place->file == "rtl/pe/npu_pe_row.sv");
  CHECK(place->signal == "gen_datapath.u_array.gen_row[2].u_row.psum_q");
  const auto floating = npu::rtl_place(root, "pe.psum", {2, 3}, true);
  REQUIRE(floating);
  CHECK(floating->signal == "gen_fp_datapath.u_array.u_sums.psum_q");
  CHECK(line_of_file(root / place->file, place->line).find("psum_q <= (Cols*32)'(") != std::string::npos);
  CHECK_FALSE(npu::rtl_place(root, "pe.nothing", {0, 0}, false));
  CHECK_FALSE(npu::rtl_place("/nowhere", "pe.psum", {2, 3}, false));
}
