// SPDX-License-Identifier: Apache-2.0
// Writes the vectors of the block benches under tb/ from the golden model. `make_block_vectors DIR` writes, `make_block_vectors --check DIR` compares.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "vectors/blocks/block_vectors.hpp"

using namespace assay::blocks;

namespace {

std::string read_file(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

int main(int argc, char** argv) {
  const bool check = argc == 3 && std::strcmp(argv[1], "--check") == 0;
  if (argc != (check ? 3 : 2)) {
    std::fprintf(stderr, "make_block_vectors [--check] DIR\n");
    return 2;
  }
  const DatapathVectors datapath = datapath_vectors(), fp_datapath = fp_datapath_vectors();
  const std::map<std::string, std::string> files = {{"pe", pe_vectors()},
                                                    {"array", datapath.array},
                                                    {"accumulators", datapath.accumulators},
                                                    {"requantise", requantise_vectors()},
                                                    {"activation", activation_vectors()},
                                                    {"fp_pe", fp_pe_vectors()},
                                                    {"fp_array", fp_datapath.array},
                                                    {"fp_accumulators", fp_datapath.accumulators},
                                                    {"cast", cast_vectors()},
                                                    {"fp_activation", fp_activation_vectors()}};
  for (const auto& [name, text] : files) {
    const std::string file = std::string(argv[check ? 2 : 1]) + "/" + name + ".txt";
    if (!check) {
      std::ofstream(file, std::ios::binary) << text;
    } else if (read_file(file) != text) {
      std::fprintf(stderr, "%s differs from what the model gives\n", file.c_str());
      return 1;
    }
  }
  return 0;
}
