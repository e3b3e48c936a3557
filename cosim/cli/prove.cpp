// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/prove.hpp"

#include <unistd.h>

#include <cstring>

#include "cosim/common/process.hpp"

namespace assay::cli {

int prove_main(const std::vector<std::string>& arguments) {
  const std::string folder = (project_root() / "scripts" / "prove").string();
  if (!std::filesystem::exists(folder)) throw BuildError("prove: " + folder + " is not there; ASSAY_ROOT names the project");
  std::vector<std::string> words = {"python3", folder};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  throw BuildError(std::string("prove: python3: ") + std::strerror(errno) + "; install the package python3");
}

}  // namespace assay::cli
