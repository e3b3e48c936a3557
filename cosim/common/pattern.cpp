// SPDX-License-Identifier: Apache-2.0
#include "cosim/common/pattern.hpp"

#include <regex>

namespace assay {
namespace {

std::vector<std::string> groups(const std::smatch& match) {
  std::vector<std::string> out;
  for (const auto& group : match) out.push_back(group.str());
  return out;
}

}  // namespace

struct Pattern::Compiled {
  std::regex regex;
};

Pattern::Pattern(const std::string& expression) : compiled_(std::make_unique<Compiled>(Compiled{std::regex(expression)})) {}
Pattern::~Pattern() = default;

std::vector<std::string> Pattern::match(const std::string& text) const {
  std::smatch found;
  return std::regex_match(text, found, compiled_->regex) ? groups(found) : std::vector<std::string>{};
}

std::vector<std::string> Pattern::search(const std::string& text) const {
  std::smatch found;
  return std::regex_search(text, found, compiled_->regex) ? groups(found) : std::vector<std::string>{};
}

std::vector<std::vector<std::string>> Pattern::all(const std::string& text) const {
  std::vector<std::vector<std::string>> out;
  for (std::sregex_iterator at(text.begin(), text.end(), compiled_->regex), end; at != end; ++at) out.push_back(groups(*at));
  return out;
}

}  // namespace assay
