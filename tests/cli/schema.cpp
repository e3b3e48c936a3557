// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <iterator>

#include "cosim/cli/schema_check.hpp"
#include "tests/cli/command.hpp"

namespace assay::test {

std::string schema_errors(const Json& document, const std::string& name, const std::string& pointer) {
  const auto text = [](const std::string& file) {
    std::ifstream in(std::string(ASSAY_PROJECT_DIR) + "/docs/schemas/" + file);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  return cli::schema_findings(document, name + ".schema.json", pointer, text);
}

}  // namespace assay::test
