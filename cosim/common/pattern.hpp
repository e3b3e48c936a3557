// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace assay {

/// An ECMAScript regular expression. std::regex is named in one source only: its templates take a compiler seconds wherever they are used.
class Pattern {
 public:
  /// Throws std::regex_error when the expression is none.
  explicit Pattern(const std::string& expression);
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  /// The match and its groups when the whole text is one; else nothing.
  std::vector<std::string> match(const std::string& text) const;
  /// The first match in the text and its groups; nothing when there is none.
  std::vector<std::string> search(const std::string& text) const;
  /// Every match in the text, one after the other.
  std::vector<std::vector<std::string>> all(const std::string& text) const;
  bool found_in(const std::string& text) const { return !search(text).empty(); }

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace assay
