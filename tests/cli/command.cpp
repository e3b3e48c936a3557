// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/command.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "cosim/waves/wave_file.hpp"

namespace assay::test {
namespace fs = std::filesystem;

const char* const kProduct = R"(schema: assay/vector/1
name: product
program:
  - gemm:
      name: p
      a: {random: {class: uniform, shape: [12, 9]}}
      b: {random: {class: uniform, shape: [9, 6]}}
      raw: true
)";

const std::string kWaveFiles = waves::has_fst() ? "waves.fst waves.gtkw" : "waves.gtkw waves.vcd";

const char* const kEndless = R"(schema: assay/vector/1
name: endless
program:
  - gemm: {name: p, a: {random: {class: uniform, shape: [4, 4]}}, b: {random: {class: uniform, shape: [4, 4]}}, raw: true}
  - idle: 100000000000
)";

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "assay-cli-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void Folder::write(const std::string& name, const std::string& text) const { std::ofstream(path_ / name, std::ios::binary) << text; }

std::string Folder::read(const std::string& name) const {
  std::ifstream in(path_ / name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string Folder::list(const std::string& folder) const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path_ / folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

Answer Folder::assay(const std::string& arguments, const std::string& input, const std::string& before) const {
  return shell(before + " '" + ASSAY_BINARY + "' " + arguments, input);
}

Answer Folder::shell(const std::string& command, const std::string& input) const {
  const Folder streams;
  streams.write("in", input);
  const std::string at = streams.path().string();
  const std::string line = "cd '" + path_.string() + "' && " + command + " < '" + at + "/in' > '" + at + "/out' 2> '" + at + "/err'";
  std::FILE* shell = popen(line.c_str(), "r");
  if (shell == nullptr) throw std::runtime_error("popen failed");
  const int status = pclose(shell);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status), streams.read("out"), streams.read("err")};
}

Json without_host(Json record) {
  record.erase("host");
  return record;
}

}  // namespace assay::test
