// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/suite.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace assay::sweep {
namespace fs = std::filesystem;
namespace {

constexpr double kDefaultTimeout = 60;  // seconds; the longest shipped vector takes a tenth of it on the largest config
constexpr int64_t kMost = int64_t{1} << 53;

/// All 64 bits, decimal or 0x hex: what YamlNode::integer cannot hold.
uint64_t seed_of(const YamlNode& node) {
  std::string text = node.plain();
  const bool hex = text.starts_with("0x");
  if (hex) text.erase(0, 2);
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) node.expected("a seed, decimal or 0x hex, of up to 64 bits");
  return value;
}

std::vector<std::string> words(const YamlNode& node, const char* what) {
  std::vector<std::string> out;
  const auto add = [&out, what](const YamlNode& item) {
    if (!item.is_scalar() || item.text().empty()) item.expected(what);
    out.push_back(item.text());
  };
  if (!node.is_list()) {
    add(node);
  } else {
    for (const YamlNode& item : node.items()) add(item);
  }
  if (out.empty()) node.expected(std::string(what) + ", or a list of them");
  return out;
}

void read_seeds(const YamlNode& node, SuiteEntry& entry) {
  if (node.is_map()) {
    node.keys({"from", "to"});
    const uint64_t from = seed_of(node.at("from")), to = seed_of(node.at("to"));
    if (to < from) node.at("to").expected("a seed not below `from`");
    entry.listed.emplace_back(from, to);
  } else if (node.is_list()) {
    for (const YamlNode& item : node.items()) entry.listed.emplace_back(seed_of(item), seed_of(item));
    if (entry.listed.empty()) node.expected("at least one seed");
  } else {
    entry.drawn = static_cast<uint64_t>(node.integer(1, kMost));
  }
}

SuiteEntry read_entry(const YamlNode& node, const fs::path& folder, double timeout) {
  node.keys({"test", "folder", "file", "corpus", "configs", "seeds", "stall", "stage", "tags", "timeout"});
  const std::pair<const char*, SuiteEntry::Kind> kinds[] = {
      {"test", SuiteEntry::Kind::Test}, {"folder", SuiteEntry::Kind::Folder}, {"file", SuiteEntry::Kind::File}};
  std::optional<SuiteEntry> made;
  for (const auto& [key, kind] : kinds) {
    const auto found = node.find(key);
    if (!found) continue;
    if (made) found->fail("stands beside " + made->where.path() + ", expected one of test, folder, file or corpus");
    made = SuiteEntry{kind, words(*found, "a name"), {}, {}, {}, 0, 0, {}, {}, timeout, *found, folder};
  }
  if (const auto corpus = node.find("corpus")) {
    if (made) corpus->fail("stands beside " + made->where.path() + ", expected one of test, folder, file or corpus");
    made = SuiteEntry{SuiteEntry::Kind::Corpus, {"corpus"}, {}, {}, {}, 0, static_cast<uint64_t>(corpus->integer(1, kMost)), {}, {}, timeout, *corpus, folder};
    if (const auto seeds = node.find("seeds")) seeds->fail("stands beside " + corpus->path() + ", which brings its own, expected none");
  }
  if (!made) node.fail("has no test, folder, file or corpus, expected one of them");
  SuiteEntry& entry = *made;
  if (const auto configs = node.find("configs")) {
    entry.configs = words(*configs, "all, or names of configs");
    if (entry.configs == std::vector<std::string>{"all"}) entry.configs.clear();
  }
  if (const auto stall = node.find("stall")) {
    entry.stalls = words(*stall, "a stall profile");
  } else {
    entry.stalls = {""};
  }
  if (const auto seeds = node.find("seeds")) {
    read_seeds(*seeds, entry);
  } else if (entry.kind != SuiteEntry::Kind::Corpus) {
    entry.listed.emplace_back(1, 1);
  }
  if (const auto stage = node.find("stage")) entry.stage = stage->text();
  if (const auto tags = node.find("tags")) entry.tags = words(*tags, "a tag");
  if (const auto seconds = node.find("timeout")) entry.timeout = seconds->number(0.001, 1e6);
  return made.value();
}

Gates read_gates(const YamlNode& root) {
  Gates gates{{"mismatches", 0}, {"errors", 0}, {"inconclusive", 0}};
  const auto node = root.find("gates");
  if (!node) return gates;
  const std::vector<std::string_view> known{"mismatches", "errors", "inconclusive", "skipped", "vectors", "cycles", "comparisons", "coverage"};
  node->keys(known);
  for (const std::string_view key : known)
    if (const auto gate = node->find(key)) gates[std::string(key)] = static_cast<uint64_t>(gate->integer(0, key == "coverage" ? 100 : kMost));
  return gates;
}

YamlNode open_suite(const fs::path& file) {
  YamlNode root = YamlNode::load(file, "suite");
  root.keys({"schema", "name", "description", "seed", "timeout", "first", "gates", "tests"});
  if (const YamlNode schema = root.at("schema"); schema.text() != "assay/suite/1") schema.expected("assay/suite/1");
  return root;
}

std::vector<SuiteEntry> read_tests(const YamlNode& root, const fs::path& file) {
  const auto seconds = root.find("timeout");
  const double timeout = seconds ? seconds->number(0.001, 1e6) : kDefaultTimeout;
  std::vector<SuiteEntry> out;
  for (const YamlNode& item : root.at("tests").items()) out.push_back(read_entry(item, file.parent_path(), timeout));
  return out;
}

}  // namespace

bool is_least(const std::string& gate) { return gate == "vectors" || gate == "cycles" || gate == "comparisons" || gate == "coverage"; }

Suite load_suite(const fs::path& file) {
  const YamlNode root = open_suite(file);
  Suite suite;
  const auto name = root.find("name");
  suite.name = name ? name->text() : file.stem().string();
  if (const auto text = root.find("description")) suite.description = text->text();
  if (const auto seed = root.find("seed")) suite.seed = seed_of(*seed);
  suite.gates = read_gates(root);
  if (const auto first = root.find("first")) {
    for (const std::string& other : words(*first, "a suite file")) {
      const fs::path path = file.parent_path() / other;
      if (!fs::is_regular_file(path)) first->fail("'" + other + "' cannot be read, expected a suite file beside this one");
      const YamlNode inner = open_suite(path);
      if (const auto nested = inner.find("first")) nested->fail("stands in a suite that is itself run first, expected only tests");
      for (SuiteEntry& entry : read_tests(inner, path)) {
        if (entry.drawn > 0) entry.where.fail("draws its seeds, expected listed ones in a suite that runs first");
        suite.first.push_back(std::move(entry));
      }
    }
  }
  suite.tests = read_tests(root, file);
  return suite;
}

}  // namespace assay::sweep
