// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace assay::test {

/// A value change dump read back: every signal by its path, its width, and its value at any time.
class Dump {
 public:
  explicit Dump(const std::string& vcd) {
    std::istringstream in(vcd);
    std::vector<std::string> scopes;
    std::string word, name, code;
    uint64_t time = 0;
    while (in >> word) {
      if (word == "$scope") {
        in >> word >> name;
        scopes.push_back(name);
      } else if (word == "$upscope") {
        scopes.pop_back();
      } else if (word == "$var") {
        int bits = 0;
        in >> word >> bits >> code >> name;
        std::string path;
        for (const std::string& scope : scopes) path += scope + ".";
        if (!by_path_.emplace(path + name, signals_.size()).second) throw std::runtime_error(path + name + " is declared twice");
        by_code_[code].push_back(signals_.size());
        signals_.push_back({word == "real" ? 0 : bits, {}});
      } else if (word[0] == '#') {
        time = std::stoull(word.substr(1));
        times_.push_back(time);
      } else if (word[0] == 'b' || word[0] == 'r') {
        in >> code;
        change(code, time, word.substr(1));
      } else if (!times_.empty() && (word[0] == '0' || word[0] == '1' || word[0] == 'x')) {
        change(word.substr(1), time, word.substr(0, 1));
      }
    }
  }

  bool has(const std::string& path) const { return by_path_.count(path) != 0; }
  size_t size() const { return signals_.size(); }
  int bits(const std::string& path) const { return signal(path).bits; }  ///< 0: a real number
  uint64_t start() const { return times_.front(); }
  uint64_t end() const { return times_.back(); }

  /// As written, digits filled up to the width; empty before the first value.
  std::string value(const std::string& path, uint64_t time) const {
    const Signal& s = signal(path);
    const auto after = s.changes.upper_bound(time);
    if (after == s.changes.begin()) return "";
    std::string digits = std::prev(after)->second;
    if (s.bits == 0) return digits;
    const char fill = digits[0] == 'x' ? 'x' : '0';
    return std::string(static_cast<size_t>(s.bits) - digits.size(), fill) + digits;
  }
  /// The same as hex digits; x where one of four bits is.
  std::string hex(const std::string& path, uint64_t time) const {
    std::string digits = value(path, time), hex;
    digits.insert(0, (4 - digits.size() % 4) % 4, '0');
    for (size_t i = 0; i < digits.size(); i += 4) {
      const std::string four = digits.substr(i, 4);
      hex += four.find('x') != std::string::npos ? 'x' : "0123456789abcdef"[std::stoi(four, nullptr, 2)];
    }
    return hex;
  }
  size_t changes(const std::string& path) const { return signal(path).changes.size(); }

 private:
  struct Signal {
    int bits;
    std::map<uint64_t, std::string> changes;
  };
  const Signal& signal(const std::string& path) const {
    const auto it = by_path_.find(path);
    if (it == by_path_.end()) throw std::runtime_error(path + " is not in the dump");
    return signals_[it->second];
  }
  void change(const std::string& code, uint64_t time, const std::string& value) {
    for (size_t s : by_code_.at(code)) signals_[s].changes[time] = value;
  }

  std::map<std::string, size_t> by_path_;
  std::map<std::string, std::vector<size_t>> by_code_;
  std::vector<Signal> signals_;
  std::vector<uint64_t> times_;
};

/// GTKWave's own reader is there.
inline bool has_fst2vcd() { return std::system("command -v fst2vcd >/dev/null 2>&1") == 0; }

}  // namespace assay::test
