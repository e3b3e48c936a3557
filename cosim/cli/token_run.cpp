// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "cosim/cli/text.hpp"
#include "cosim/cli/token.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/dut_builder.hpp"
#include "cosim/npu/program_hash.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

constexpr const char* kForm = "v1:TARGET:CONFIG:CONFIG_HASH:TEST:SEED:OPTIONS:SOURCE_HASH";

[[noreturn]] void fail(const std::string& part, const std::string& what) { throw InputError("command line:1: TOKEN: " + part + ": " + what); }

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string unencoded(const std::string& text, const std::string& part) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const std::string digits = text.substr(i + 1, 2);
    if (digits.size() != 2 || digits.find_first_not_of("0123456789ABCDEF") != std::string::npos) fail(part, "is '" + text + "', expected % before two digits");
    out += static_cast<char>(std::stoi(digits, nullptr, 16));
    i += 2;
  }
  return out;
}

std::string hash_part(const std::string& text, const std::string& part) {
  if (text.size() != 16 || text.find_first_not_of("0123456789abcdef") != std::string::npos) fail(part, "is '" + text + "', expected 16 hex digits");
  return text;
}

void parse_options(const std::string& text, RunOptions& options) {
  if (text.empty()) return;
  for (const std::string& item : split(text, ';')) {
    const size_t equals = item.find('=');
    const std::string key = item.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : unencoded(item.substr(equals + 1), "run options");
    if (key == "stall") {
      options.stall = value;
    } else if (key == "cycles") {
      options.cycles = value;
    } else if (key == "max-mismatches") {
      options.max_mismatches = value;
    } else if (key == "fault") {
      options.faults.push_back(value);
    } else if (item == "no-rtl") {
      options.no_rtl = true;
    } else if (item == "resync") {
      options.resync = true;
    } else {
      fail("run options", "'" + item + "' is unknown, expected stall, cycles, max-mismatches, fault, no-rtl or resync");
    }
  }
}

/// The vector file below vectors/ with this hash, or nothing.
fs::path vector_with_hash(const std::string& hash, const npu::LoadOptions& load) {
  const fs::path root = project_root() / "vectors";
  if (!fs::is_directory(root)) return {};
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".yaml") continue;
    try {
      if (npu::vector_hash(entry.path(), load) == hash) return entry.path();
    } catch (const std::exception&) {  // unreadable, or its data are absent: not the one that was run
    }
  }
  return {};
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

}  // namespace

bool is_token(const std::string& text) { return text.starts_with("v1:") && !fs::exists(text); }

Token parse_token(const std::string& text) {
  const auto parts = split(text, ':');
  if (parts.size() != 8) fail("token", "has " + std::to_string(parts.size()) + " parts, expected 8: " + kForm);
  if (parts[1] != "npu") fail("target", "is '" + parts[1] + "', expected npu: no other target is built in");
  Token token;
  token.config = unencoded(parts[2], "config");
  token.config_hash = hash_part(parts[3], "config hash");
  if (parts[4].starts_with("vector=")) {
    token.test_hash = hash_part(parts[4].substr(7), "vector hash");
  } else if (const size_t at = parts[4].rfind('@'); parts[4].starts_with("test=") && at != std::string::npos) {
    token.test = unencoded(parts[4].substr(5, at - 5), "test");
    token.test_hash = hash_part(parts[4].substr(at + 1), "test hash");
  } else {
    fail("test", "is '" + parts[4] + "', expected test=NAME@HASH or vector=HASH");
  }
  token.options.seed = parts[5];
  parse_count("TOKEN: seed", parts[5], 0);
  parse_options(parts[6], token.options);
  token.source_hash = hash_part(parts[7], "source hash");
  return token;
}

TokenRun prepare_token_run(const std::string& text) {
  const Token token = parse_token(text);
  TokenRun run{token.options, {}, {}};
  run.options.config = token.config;
  run.options.test = token.test;
  npu::LoadOptions load;
  load.seed = parse_count("TOKEN: seed", token.options.seed, 0);
  load.project_root = project_root();
  std::vector<std::string> different;
  const auto names = config_names();
  const bool has_config = std::find(names.begin(), names.end(), token.config) != names.end();
  if (!has_config) {
    different.push_back("config name: the tree has no config '" + token.config + "', only " + joined(names));
  } else if (const std::string hash = config_hash(load_config(config_file(token.config))); hash != token.config_hash) {
    different.push_back("config hash: " + token.config + " is " + hash + " here, the token says " + token.config_hash);
  }
  if (token.test.empty()) {
    run.options.vector = vector_with_hash(token.test_hash, load).string();
    if (run.options.vector.empty()) different.push_back("vector hash: no vector below vectors/ has the hash " + token.test_hash);
  }
  if (different.empty()) {
    run.input = prepare_run(run.options);
    const std::string hash = run.input.vector_hash.empty() ? npu::program_hash(run.input.program) : run.input.vector_hash;
    if (hash != token.test_hash) different.push_back("test hash: " + token.test + " is " + hash + " here, the token says " + token.test_hash);
  }
  if (!different.empty()) {
    throw InputError("command line:1: TOKEN: does not fit this tree, expected what it names:" + joined_lines(different) +
                     "\n  `assay replay DIR` of the failure's directory needs none of it");
  }
  if (const std::string hash = npu::rtl_source_hash(); hash != token.source_hash) {
    run.notes.push_back("source hash: the RTL is " + hash + " here, the token says " + token.source_hash + ": its verdict may be another one");
  }
  return run;
}

}  // namespace assay::cli
