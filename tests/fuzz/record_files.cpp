// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/report.hpp"
#include "cosim/cli/run_directory.hpp"
#include "tests/fuzz/targets.hpp"

namespace assay::fuzz {

bool record(std::string_view bytes) {
  const MemoryFile file(bytes);
  try {
    const cli::StoredRecord stored = cli::load_record(file.path());
    cli::render_report(stored.record, {});
    return true;
  } catch (const InputError&) {
    return false;
  }
}

}  // namespace assay::fuzz
