// SPDX-License-Identifier: Apache-2.0
// The only file that knows fstapi, GTKWave's writer, which Verilator installs among its sources (its newest releases no longer do).
#include "cosim/waves/wave_file.hpp"

#ifdef ASSAY_FST
#include <fstapi.h>

#include <stdexcept>
#endif

namespace assay::waves {

#ifdef ASSAY_FST
namespace {

class FstFile final : public WaveFile {
 public:
  explicit FstFile(const std::filesystem::path& path) : name_(path.string()), writer_(fstWriterCreate(name_.c_str(), 1)) {
    if (writer_ == nullptr) fail();
    fstWriterSetPackType(writer_, FST_WR_PT_LZ4);
    fstWriterSetTimescale(writer_, -9);
    fstWriterSetVersion(writer_, "assay");
    fstWriterSetDate(writer_, "");  // the same run gives the same bytes
  }
  ~FstFile() override {
    if (writer_ != nullptr) fstWriterClose(writer_);
  }

  void open_scope(const std::string& name) override { fstWriterSetScope(writer_, FST_ST_VCD_MODULE, name.c_str(), nullptr); }
  void close_scope() override { fstWriterSetUpscope(writer_); }
  Signal add(const std::string& name, int bits) override {
    return fstWriterCreateVar(writer_, FST_VT_VCD_WIRE, FST_VD_IMPLICIT, static_cast<uint32_t>(bits), name.c_str(), 0);
  }
  Signal add_real(const std::string& name) override { return fstWriterCreateVar(writer_, FST_VT_VCD_REAL, FST_VD_IMPLICIT, 8, name.c_str(), 0); }
  void at(uint64_t time) override { fstWriterEmitTimeChange(writer_, time); }
  void put(Signal signal, const std::string& digits) override { fstWriterEmitValueChange(writer_, signal, digits.c_str()); }
  void put_real(Signal signal, double value) override { fstWriterEmitValueChange(writer_, signal, &value); }
  void finish(uint64_t time) override {
    fstWriterEmitTimeChange(writer_, time);
    const bool failed = fstWriterGetFseekFailed(writer_) != 0;
    fstWriterClose(writer_);
    writer_ = nullptr;
    if (failed) fail();
  }

 private:
  [[noreturn]] void fail() const { throw std::runtime_error(name_ + ": cannot be written"); }

  std::string name_;
  void* writer_;
};

}  // namespace

bool has_fst() { return true; }
std::unique_ptr<WaveFile> open_fst(const std::filesystem::path& file) { return std::make_unique<FstFile>(file); }
#else
bool has_fst() { return false; }
std::unique_ptr<WaveFile> open_fst(const std::filesystem::path&) { return nullptr; }
#endif

}  // namespace assay::waves
