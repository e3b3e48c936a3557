// SPDX-License-Identifier: Apache-2.0
#include "cosim/coverage/waivers.hpp"

#include <algorithm>
#include <cstdlib>

#include "cosim/common/yaml_node.hpp"

namespace assay::coverage {
namespace {

bool is_date(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const size_t i : {0u, 1u, 2u, 3u, 5u, 6u, 8u, 9u})
    if (text[i] < '0' || text[i] > '9') return false;
  const int month = std::atoi(text.substr(5, 2).c_str()), day = std::atoi(text.substr(8, 2).c_str());
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

std::string words(const YamlNode& node, const char* what) {
  if (!node.is_scalar() || node.text().empty()) node.expected(what);
  return node.text();
}

}  // namespace

std::vector<Waiver> load_waivers(const std::filesystem::path& file) {
  const YamlNode root = YamlNode::load(file, "waivers");
  root.keys({"schema", "waivers"});
  if (const YamlNode schema = root.at("schema"); schema.text() != "assay/waivers/1") schema.expected("assay/waivers/1");
  std::vector<Waiver> out;
  for (const YamlNode& node : root.at("waivers").items()) {
    node.keys({"bins", "reason", "owner", "expires"});
    Waiver waiver;
    waiver.bins = words(node.at("bins"), "the name of bins, POINT/LABELS, with * for any text");
    waiver.reason = words(node.at("reason"), "why these bins need not be hit");
    waiver.owner = words(node.at("owner"), "who answers for it");
    waiver.expires = words(node.at("expires"), "a day as YYYY-MM-DD");
    if (!is_date(waiver.expires)) node.at("expires").expected("a day as YYYY-MM-DD");
    waiver.place = node.at("bins").place();
    out.push_back(std::move(waiver));
  }
  return out;
}

bool matches(const std::string& pattern, const std::string& name) {
  size_t p = 0, n = 0, star = std::string::npos, from = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p, ++n;
    } else if (star != std::string::npos) {  // the last star takes one character more
      p = star + 1;
      n = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool section_before(const std::string& a, const std::string& b) {
  const char *x = a.c_str(), *y = b.c_str();
  while (*x != '\0' && *y != '\0') {
    char *xe = nullptr, *ye = nullptr;
    const long m = std::strtol(x, &xe, 10), n = std::strtol(y, &ye, 10);
    if (m != n) return m < n;
    if (xe == x || ye == y) return std::string(x) < std::string(y);
    x = *xe == '.' ? xe + 1 : xe;
    y = *ye == '.' ? ye + 1 : ye;
  }
  return *x == '\0' && *y != '\0';
}

Judged judge(const Results& results, const std::vector<Waiver>& waivers, const std::string& today) {
  Judged out;
  std::vector<uint8_t> used(waivers.size());
  for (const Waiver& waiver : waivers)
    if (waiver.expires < today) out.expired.push_back(&waiver);
  for (const auto& [name, point] : results.points()) {
    for (const auto& [label, cell] : point.bins) {
      if (cell.kind != BinKind::Normal) continue;
      ++out.bins;
      if (cell.hits > 0) {
        ++out.hit;
        continue;
      }
      Hole hole{name, label, point.section, cell.reach, nullptr};
      for (size_t w = 0; w < waivers.size(); ++w) {
        if (!matches(waivers[w].bins, hole.name())) continue;
        used[w] = 1;
        if (hole.waiver == nullptr && waivers[w].expires >= today) hole.waiver = &waivers[w];
      }
      out.waived += hole.waiver != nullptr;
      out.holes.push_back(std::move(hole));
    }
  }
  for (size_t w = 0; w < waivers.size(); ++w)
    if (used[w] == 0) out.stale.push_back(&waivers[w]);
  std::stable_sort(out.holes.begin(), out.holes.end(), [](const Hole& a, const Hole& b) {
    return section_before(a.section, b.section) || (!section_before(b.section, a.section) && a.point < b.point);
  });
  out.illegal = results.illegal_hits();
  return out;
}

}  // namespace assay::coverage
