// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <stdexcept>
#include <vector>

#include "cosim/waves/wave_file.hpp"

namespace assay::waves {
namespace {

/// IEEE 1364 value change dump: text that any viewer reads.
class VcdFile final : public WaveFile {
 public:
  explicit VcdFile(const std::filesystem::path& path) : name_(path.string()), file_(std::fopen(name_.c_str(), "wb")) {
    if (file_ == nullptr) fail();
    text("$timescale 1ns $end\n");
  }
  ~VcdFile() override {
    if (file_ != nullptr) std::fclose(file_);
  }

  void open_scope(const std::string& name) override { text("$scope module " + name + " $end\n"); }
  void close_scope() override { text("$upscope $end\n"); }
  Signal add(const std::string& name, int bits) override {
    text("$var wire " + std::to_string(bits) + " " + code(static_cast<Signal>(bits_.size())) + " " + name + " $end\n");
    bits_.push_back(bits);
    return static_cast<Signal>(bits_.size() - 1);
  }
  Signal add_real(const std::string& name) override {
    text("$var real 64 " + code(static_cast<Signal>(bits_.size())) + " " + name + " $end\n");
    bits_.push_back(0);
    return static_cast<Signal>(bits_.size() - 1);
  }
  void at(uint64_t time) override {
    if (!declared_) text("$enddefinitions $end\n");
    declared_ = true;
    text("#" + std::to_string(time) + "\n");
  }
  void put(Signal signal, const std::string& digits) override {
    text(bits_[signal] == 1 ? digits + code(signal) + "\n" : "b" + digits + " " + code(signal) + "\n");
  }
  void put_real(Signal signal, double value) override {
    char number[40];
    std::snprintf(number, sizeof number, "r%.17g ", value);
    text(number + code(signal) + "\n");
  }
  void finish(uint64_t time) override {
    at(time);
    const bool written = std::fclose(file_) == 0;
    file_ = nullptr;
    if (!written) fail();
  }

 private:
  /// Printable characters, shortest first.
  static std::string code(Signal signal) {
    std::string code;
    for (Signal left = signal + 1; left != 0; left /= 94) code += static_cast<char>('!' + --left % 94);
    return code;
  }
  void text(const std::string& bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail();
  }
  [[noreturn]] void fail() const { throw std::runtime_error(name_ + ": cannot be written"); }

  std::string name_;
  std::FILE* file_;
  std::vector<int> bits_;
  bool declared_ = false;
};

}  // namespace

std::unique_ptr<WaveFile> open_vcd(const std::filesystem::path& file) { return std::make_unique<VcdFile>(file); }

}  // namespace assay::waves
