// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/temporary_folder.hpp"

#include <cstdlib>
#include <string>

#include "model/common/config.hpp"

namespace assay::cli {
namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "assay-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw InputError(name + ":1: folder: cannot be made, expected a writable temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace assay::cli
