// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/token.hpp"

#include "cosim/cli/text.hpp"
#include "cosim/npu/dut_builder.hpp"
#include "cosim/npu/program_hash.hpp"

namespace assay::cli {
namespace {

std::string encoded(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == ':' || c == ';' || c == '%' || c == ' ') {
      constexpr const char* kDigits = "0123456789ABCDEF";
      out += {'%', kDigits[static_cast<unsigned char>(c) >> 4], kDigits[c & 15]};
    } else {
      out += c;
    }
  }
  return out;
}

std::string options_text(const RunOptions& options, const LockstepOptions& lockstep) {
  std::string text;
  const auto add = [&text](const std::string& item) { text += (text.empty() ? "" : ";") + item; };
  if (!options.stall.empty()) add("stall=" + encoded(options.stall));
  if (lockstep.max_cycles != 0) add("cycles=" + std::to_string(lockstep.max_cycles));
  add("max-mismatches=" + std::to_string(lockstep.max_mismatches));
  for (const std::string& fault : options.faults) add("fault=" + encoded(fault));
  if (options.no_rtl) add("no-rtl");
  if (options.resync) add("resync");
  return text;
}

}  // namespace

std::string replay_token(const RunOptions& options, const RunInput& input) {
  if (input.identity) return input.identity->token;
  const std::string hash = input.vector_hash.empty() ? npu::program_hash(input.program) : input.vector_hash;
  const std::string test = input.by_file ? "vector=" + hash : "test=" + encoded(input.test) + "@" + hash;
  return "v1:npu:" + encoded(input.config.name) + ":" + config_hash(input.config) + ":" + test + ":" + seed_text(input.seed) + ":" +
         options_text(options, input.lockstep) + ":" + npu::rtl_source_hash();
}

std::string option_line(const RunOptions& options, const RunInput& input) {
  std::string line = " --seed " + seed_text(input.seed);
  if (!options.stall.empty()) line += " --stall " + shell_quoted(options.stall);
  if (input.lockstep.max_cycles != 0) line += " --cycles " + std::to_string(input.lockstep.max_cycles);
  const std::string listed = std::to_string(input.lockstep.max_mismatches);
  if (listed != RunOptions{}.max_mismatches) line += " --max-mismatches " + listed;
  for (const std::string& fault : options.faults) line += " --fault " + shell_quoted(fault);
  if (options.no_rtl) line += " --no-rtl";
  if (options.resync) line += " --resync";
  return line;
}

std::string reproduce_line(const RunOptions& options, const RunInput& input) {
  if (input.identity) return input.identity->reproduce;
  const std::string what = input.by_file ? shell_quoted(canonical_path(input.vector_file)) : "--test " + shell_quoted(input.test);
  return "build/bin/assay run " + what + " --config " + shell_quoted(input.config_argument) + option_line(options, input);
}

}  // namespace assay::cli
