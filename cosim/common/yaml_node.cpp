// SPDX-License-Identifier: Apache-2.0
#include "cosim/common/yaml_node.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "model/common/config.hpp"

namespace assay {
namespace {

std::string join(const std::vector<std::string_view>& names) {
  std::string out;
  for (size_t i = 0; i < names.size(); ++i) out += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + std::string(names[i]);
  return out;
}

std::string shown(const YAML::Node& node) {
  constexpr size_t most = 60;
  if (node.IsScalar()) return "'" + (node.Scalar().size() <= most ? node.Scalar() : node.Scalar().substr(0, most) + "...") + "'";
  return node.IsSequence() ? "a list" : node.IsMap() ? "a mapping" : "empty";
}

std::string number_text(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::optional<int64_t> parse_integer(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
  const bool hex = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  if (hex) text.remove_prefix(2);
  if (text.empty() || text[0] == '-') return std::nullopt;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return negative ? -value : value;
}

YamlNode::YamlNode(YAML::Node node, std::string path, std::shared_ptr<const Source> source, int line)
    : node_(std::move(node)), path_(std::move(path)), source_(std::move(source)), line_(line) {}

YamlNode YamlNode::load(const std::filesystem::path& file, const std::string& root) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) throw InputError(file.string() + ":1: " + root + ": cannot read '" + file.string() + "', expected a file");
  return parse({std::istreambuf_iterator<char>(in), {}}, file.string(), root);
}

YamlNode YamlNode::parse(const std::string& text, const std::string& file, const std::string& root) {
  try {
    const YAML::Node node = YAML::Load(text);
    return {node, root, std::make_shared<const Source>(Source{file, root}), std::max(node.Mark().line, 0) + 1};
  } catch (const YAML::Exception& error) {
    throw InputError(file + ":" + std::to_string(error.mark.line + 1) + ": yaml: " + error.msg + ", expected well-formed YAML");
  }
}

std::string YamlNode::path_of(std::string_view key) const { return path_ == source_->root ? std::string(key) : path_ + "." + std::string(key); }

YamlNode YamlNode::child(const YAML::Node& node, const std::string& path) const {
  return {node, path, source_, node.Mark().line < 0 ? line_ : node.Mark().line + 1};
}

std::string YamlNode::place() const { return source_->file + ":" + std::to_string(line_) + ": " + path_; }

void YamlNode::fail(const std::string& what) const { throw InputError(place() + ": " + what); }

void YamlNode::expected(const std::string& what) const { fail("is " + shown(node_) + ", expected " + what); }

void YamlNode::keys(std::initializer_list<std::string_view> allowed) const { keys(std::vector<std::string_view>(allowed)); }

void YamlNode::keys(const std::vector<std::string_view>& allowed) const {
  if (!node_.IsMap()) expected("a mapping with " + join(allowed));
  std::set<std::string> seen;
  for (const auto& entry : node_) {
    if (!entry.first.IsScalar()) child(entry.first, path_).fail("key is no word, expected " + join(allowed));
    const std::string key = entry.first.Scalar();
    const YamlNode where = child(entry.first, path_of(key));
    if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) where.fail("unknown key, expected " + join(allowed));
    if (!seen.insert(key).second) where.fail("stands twice, expected once");
  }
}

std::optional<YamlNode> YamlNode::find(std::string_view key) const {
  if (!node_.IsMap()) return std::nullopt;
  for (const auto& entry : node_)
    if (entry.first.IsScalar() && entry.first.Scalar() == key)
      return YamlNode(entry.second, path_of(key), source_,
                      (entry.second.IsScalar() || entry.second.Mark().line < 0 ? entry.first : entry.second).Mark().line + 1);
  return std::nullopt;
}

bool YamlNode::has(std::string_view key) const { return find(key).has_value(); }

YamlNode YamlNode::at(std::string_view key) const {
  if (auto node = find(key)) return *node;
  fail("has no " + std::string(key) + ", expected one");
}

std::vector<YamlNode> YamlNode::items() const {
  if (!node_.IsSequence()) expected("a list");
  std::vector<YamlNode> out;
  out.reserve(node_.size());
  for (const auto& node : node_) out.push_back(child(node, path_ + "[" + std::to_string(out.size()) + "]"));
  return out;
}

std::vector<YamlNode> YamlNode::children() const {
  std::vector<YamlNode> out;
  if (!node_.IsMap()) return out;
  for (const auto& entry : node_)
    if (entry.first.IsScalar()) out.push_back(at(entry.first.Scalar()));
  return out;
}

int64_t YamlNode::integer(int64_t lo, int64_t hi) const {
  const auto value = parse_integer(plain());
  if (!value || *value < lo || *value > hi) expected("an integer from " + std::to_string(lo) + " to " + std::to_string(hi));
  return *value;
}

double YamlNode::number(double lo, double hi) const {
  const std::string text = plain();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || !(value >= lo && value <= hi))
    expected("a number from " + number_text(lo) + " to " + number_text(hi));
  return value;
}

bool YamlNode::boolean() const {
  const std::string text = plain();
  if (text != "false" && text != "true") expected("false or true");
  return text == "true";
}

std::string YamlNode::plain() const { return node_.IsScalar() && node_.Tag() != "!" ? node_.Scalar() : ""; }

std::string YamlNode::text() const {
  if (!node_.IsScalar()) expected("a text");
  return node_.Scalar();
}

size_t YamlNode::one_of(std::initializer_list<std::string_view> names) const { return one_of(std::vector<std::string_view>(names)); }

size_t YamlNode::one_of(const std::vector<std::string_view>& names) const {
  const auto found = node_.IsScalar() ? std::find(names.begin(), names.end(), node_.Scalar()) : names.end();
  if (found == names.end()) expected(join(names));
  return static_cast<size_t>(found - names.begin());
}

int64_t YamlNode::integer_or(std::string_view key, int64_t fallback, int64_t lo, int64_t hi) const {
  const auto node = find(key);
  return node ? node->integer(lo, hi) : fallback;
}

bool YamlNode::boolean_or(std::string_view key, bool fallback) const {
  const auto node = find(key);
  return node ? node->boolean() : fallback;
}

}  // namespace assay
