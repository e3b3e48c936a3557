// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// A node of a YAML file that knows where it stands, so that whatever is wrong with it can be said as
/// `file:line: key: what is wrong, what was expected`.
class YamlNode {
 public:
  /// Parses the file. Throws InputError when it cannot be read or is no YAML.
  /// `root` is what messages call the document itself.
  static YamlNode load(const std::filesystem::path& file, const std::string& root = "vector");
  static YamlNode parse(const std::string& text, const std::string& file, const std::string& root = "vector");

  [[noreturn]] void fail(const std::string& what) const;
  /// For a value that is there: `is <value>, expected …`.
  [[noreturn]] void expected(const std::string& what) const;

  /// Checks that this is a mapping with no key twice and no key outside the list.
  void keys(std::initializer_list<std::string_view> allowed) const;
  void keys(const std::vector<std::string_view>& allowed) const;
  bool has(std::string_view key) const;
  YamlNode at(std::string_view key) const;  ///< fails when missing
  std::optional<YamlNode> find(std::string_view key) const;

  bool is_scalar() const { return node_.IsScalar(); }
  bool is_list() const { return node_.IsSequence(); }
  bool is_map() const { return node_.IsMap(); }
  size_t size() const { return node_.size(); }
  std::vector<YamlNode> items() const;     ///< fails when this is no list
  std::vector<YamlNode> children() const;  ///< the values of a mapping

  int64_t integer(int64_t lo, int64_t hi) const;
  double number(double lo, double hi) const;
  bool boolean() const;
  std::string text() const;
  /// Index into `names`.
  size_t one_of(std::initializer_list<std::string_view> names) const;
  size_t one_of(const std::vector<std::string_view>& names) const;
  /// The scalar's text, empty for quoted ones: "5" is a text, not a number.
  std::string plain() const;

  int64_t integer_or(std::string_view key, int64_t fallback, int64_t lo, int64_t hi) const;
  bool boolean_or(std::string_view key, bool fallback) const;

  const std::string& path() const { return path_; }
  /// `file:line: key`, what messages begin with.
  std::string place() const;

 private:
  struct Source {
    std::string file, root;
  };

  YamlNode(YAML::Node node, std::string path, std::shared_ptr<const Source> source, int line);
  std::string path_of(std::string_view key) const;
  YamlNode child(const YAML::Node& node, const std::string& path) const;

  YAML::Node node_;
  std::string path_;
  std::shared_ptr<const Source> source_;
  int line_;
};

/// Integer text, decimal or 0x…, whole string; nothing when it is none.
std::optional<int64_t> parse_integer(std::string_view text);

}  // namespace assay
