// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cosim/npu/program.hpp"

namespace assay::npu {

struct LoadOptions {
  uint64_t seed = 1;                   ///< seeds `random:` operands and generated tests
  std::filesystem::path data_root;     ///< ${ASSAY_DATA}: the folder named by the environment, else ../shared/data beside the project
  std::filesystem::path project_root;  ///< where vectors/ stands
};

/// A vector file refers to data that is not there (only under ${ASSAY_DATA}): the test skips with this message.
struct DataMissing : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads `schema: assay/vector/1`, plans its gemms for `config` and computes what is expected with the functional model.
/// Throws InputError (`file:line: key: …`) for anything wrong, DataMissing as above.
Program load_vector(const std::filesystem::path& file, const HwConfig& config, const LoadOptions& options);

/// 16 hex digits over the vector file and every data file it names.
std::string vector_hash(const std::filesystem::path& file, const LoadOptions& options);

/// `none`, `light`, `heavy`, `burst`, `random` for all streams, or `stream=profile,…`. `random` draws from the seed. Throws InputError.
StallProfiles parse_stall(const std::string& text, uint64_t seed);

/// What a test needs of a hardware config.
struct Needs {
  bool integer = true, floating = true;  ///< runs on an integer tile, on a floating-point tile
  uint16_t formats = 0;                  ///< operand formats it names
  int rows = 0, cols = 0;                ///< of the smallest array that takes the data its commands bring
  bool rows_exactly = false;             ///< a command's data are those of all rows
  bool fit(const HwConfig& config) const {
    const bool sized = cols <= config.cols && (rows_exactly ? rows == config.rows : rows <= config.rows);
    return sized && (config.floating() ? floating : integer) && (formats & ~config.formats) == 0;
  }
};

/// Derived from the items of the vector's program: those that say nothing about numbers run everywhere.
Needs vector_needs(const std::filesystem::path& file);

struct TestInfo {
  std::string name, description;
  Needs needs;
  std::string folder;  ///< below vectors/, empty for a generated test
};

/// Named tests of `--test`: vector files under vectors/ and generated ones (which depend on the seed).
std::vector<TestInfo> list_tests(const LoadOptions& options);

/// The test of this name among the listed ones; a name that goes on with dials (docs/stimulus.md) is one, too. Throws InputError for wrong dials.
std::optional<TestInfo> find_test(const std::string& name, const std::vector<TestInfo>& tests);

/// Builds a named test. Throws InputError for an unknown name, listing the known ones.
Program make_test(const std::string& name, const HwConfig& config, const LoadOptions& options);

}  // namespace assay::npu
