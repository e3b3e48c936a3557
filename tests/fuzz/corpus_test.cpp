// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/catch.hpp"
#include "tests/fuzz/targets.hpp"

using namespace assay;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("fuzz: every parser of files takes its good seeds, refuses the bad ones, and breaks on none of them") {
  for (const fuzz::Target& target : fuzz::targets()) {
    int taken = 0, refused = 0;
    for (const auto& entry : fs::directory_iterator(std::string(ASSAY_PROJECT_DIR) + "/tests/fuzz/corpus/" + target.name)) {
      INFO(entry.path());
      const bool good = entry.path().filename().string().starts_with("good");
      CHECK(target.accepts(bytes_of(entry.path())) == good);
      (good ? taken : refused) += 1;
    }
    INFO(target.name);
    CHECK(taken >= 1);
    CHECK(refused >= 1);
  }
}

TEST_CASE("fuzz: a good file that ends anywhere is taken or refused") {
  for (const fuzz::Target& target : fuzz::targets()) {
    for (const auto& entry : fs::directory_iterator(std::string(ASSAY_PROJECT_DIR) + "/tests/fuzz/corpus/" + target.name)) {
      const std::string whole = bytes_of(entry.path());
      const size_t step = whole.size() / 64 + 1;
      int different = 0;
      for (size_t size = 0; size < whole.size(); size += step) different += !target.accepts(std::string_view(whole).substr(0, size));
      INFO(entry.path());
      CHECK(different >= 1);
    }
  }
}
