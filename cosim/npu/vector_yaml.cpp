// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/vector_yaml.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "cosim/npu/npy.hpp"
#include "model/common/config.hpp"

namespace assay::npu {
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

VectorNode::VectorNode(YAML::Node node, std::string path, std::shared_ptr<const std::string> file, int line)
    : node_(std::move(node)), path_(std::move(path)), file_(std::move(file)), line_(line) {}

VectorNode VectorNode::load(const std::filesystem::path& file) {
  try {
    return parse(read_bytes(file), file.string());
  } catch (const DataError& error) {
    throw InputError(file.string() + ":1: vector: " + error.what());
  }
}

VectorNode VectorNode::parse(const std::string& text, const std::string& file) {
  try {
    const YAML::Node root = YAML::Load(text);
    return {root, "vector", std::make_shared<const std::string>(file), std::max(root.Mark().line, 0) + 1};
  } catch (const YAML::Exception& error) {
    throw InputError(file + ":" + std::to_string(error.mark.line + 1) + ": yaml: " + error.msg + ", expected well-formed YAML");
  }
}

VectorNode VectorNode::child(const YAML::Node& node, const std::string& path) const {
  return {node, path, file_, node.Mark().line < 0 ? line_ : node.Mark().line + 1};
}

void VectorNode::fail(const std::string& what) const { throw InputError(*file_ + ":" + std::to_string(line_) + ": " + path_ + ": " + what); }

void VectorNode::expected(const std::string& what) const { fail("is " + shown(node_) + ", expected " + what); }

void VectorNode::keys(std::initializer_list<std::string_view> allowed) const { keys(std::vector<std::string_view>(allowed)); }

void VectorNode::keys(const std::vector<std::string_view>& allowed) const {
  if (!node_.IsMap()) expected("a mapping with " + join(allowed));
  std::set<std::string> seen;
  for (const auto& entry : node_) {
    if (!entry.first.IsScalar()) child(entry.first, path_).fail("key is no word, expected " + join(allowed));
    const std::string key = entry.first.Scalar();
    const VectorNode where = child(entry.first, path_ == "vector" ? key : path_ + "." + key);
    if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) where.fail("unknown key, expected " + join(allowed));
    if (!seen.insert(key).second) where.fail("stands twice, expected once");
  }
}

std::optional<VectorNode> VectorNode::find(std::string_view key) const {
  if (!node_.IsMap()) return std::nullopt;
  for (const auto& entry : node_)
    if (entry.first.IsScalar() && entry.first.Scalar() == key)
      return VectorNode(entry.second, path_ == "vector" ? std::string(key) : path_ + "." + std::string(key), file_,
                        (entry.second.IsScalar() || entry.second.Mark().line < 0 ? entry.first : entry.second).Mark().line + 1);
  return std::nullopt;
}

bool VectorNode::has(std::string_view key) const { return find(key).has_value(); }

VectorNode VectorNode::at(std::string_view key) const {
  if (auto node = find(key)) return *node;
  fail("has no " + std::string(key) + ", expected one");
}

std::vector<VectorNode> VectorNode::items() const {
  if (!node_.IsSequence()) expected("a list");
  std::vector<VectorNode> out;
  out.reserve(node_.size());
  for (const auto& node : node_) out.push_back(child(node, path_ + "[" + std::to_string(out.size()) + "]"));
  return out;
}

std::vector<VectorNode> VectorNode::children() const {
  std::vector<VectorNode> out;
  if (!node_.IsMap()) return out;
  for (const auto& entry : node_)
    if (entry.first.IsScalar()) out.push_back(at(entry.first.Scalar()));
  return out;
}

int64_t VectorNode::integer(int64_t lo, int64_t hi) const {
  const auto value = parse_integer(plain());
  if (!value || *value < lo || *value > hi) expected("an integer from " + std::to_string(lo) + " to " + std::to_string(hi));
  return *value;
}

double VectorNode::number(double lo, double hi) const {
  const std::string text = plain();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || !(value >= lo && value <= hi))
    expected("a number from " + number_text(lo) + " to " + number_text(hi));
  return value;
}

bool VectorNode::boolean() const {
  const std::string text = plain();
  if (text != "false" && text != "true") expected("false or true");
  return text == "true";
}

std::string VectorNode::plain() const { return node_.IsScalar() && node_.Tag() != "!" ? node_.Scalar() : ""; }

std::string VectorNode::text() const {
  if (!node_.IsScalar()) expected("a text");
  return node_.Scalar();
}

size_t VectorNode::one_of(std::initializer_list<std::string_view> names) const { return one_of(std::vector<std::string_view>(names)); }

size_t VectorNode::one_of(const std::vector<std::string_view>& names) const {
  const auto found = node_.IsScalar() ? std::find(names.begin(), names.end(), node_.Scalar()) : names.end();
  if (found == names.end()) expected(join(names));
  return static_cast<size_t>(found - names.begin());
}

int64_t VectorNode::integer_or(std::string_view key, int64_t fallback, int64_t lo, int64_t hi) const {
  const auto node = find(key);
  return node ? node->integer(lo, hi) : fallback;
}

bool VectorNode::boolean_or(std::string_view key, bool fallback) const {
  const auto node = find(key);
  return node ? node->boolean() : fallback;
}

}  // namespace assay::npu
