// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>
#include <zstd.h>

#include <cstring>

#include "cosim/engine/recording.hpp"
#include "model/common/assert.hpp"
#include "model/common/config.hpp"

namespace assay {
namespace fs = std::filesystem;
namespace {

constexpr size_t kFrameBytes = 1 << 20;
constexpr int kLevel = 3;

void put_number(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void put_bytes(std::string& out, std::string_view bytes) {
  put_number(out, bytes.size());
  out += bytes;
}

/// Up to 8 bytes as a number; missing ones are 0.
uint64_t load_word(const uint8_t* at, size_t bytes) {
  uint64_t word = 0;
  std::memcpy(&word, at, bytes < 8 ? bytes : 8);
  return word;
}

}  // namespace

struct RecordingWriter::Codec {
  Codec() : context(ZSTD_createCCtx()) {
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  }
  ~Codec() { ZSTD_freeCCtx(context); }
  Codec(const Codec&) = delete;
  Codec& operator=(const Codec&) = delete;
  ZSTD_CCtx* context;
  std::string frame;
};

RecordingWriter::RecordingWriter(fs::path file, const std::string& header, const NamedBytes& files, std::vector<RecordedImage> images)
    : file_(std::move(file)),
      temporary_(file_.string() + ".tmp" + std::to_string(getpid())),
      out_(temporary_, std::ios::binary),
      codec_(std::make_unique<Codec>()),
      images_(std::move(images)) {
  if (!out_) fail();
  ASSAY_ASSERT(header.find('\n') == std::string::npos);
  content_ = header + "\n";
  for (const auto& [name, bytes] : files) {
    content_ += 'F';
    put_bytes(content_, name);
    put_bytes(content_, bytes);
    flush(false);
  }
  content_ += 'L';
  put_number(content_, images_.size());
  size_t size = 0;
  for (const RecordedImage& image : images_) {
    put_bytes(content_, image.name);
    put_number(content_, image.bytes);
    offsets_.push_back(size);
    size += (image.bytes + 7) / 8 * 8;
  }
  state_.assign(size, 0);
}

RecordingWriter::~RecordingWriter() {
  if (finished_) return;
  out_.close();
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

void RecordingWriter::fail() const {
  throw InputError("command line:1: --record: '" + file_.string() + "' cannot be written, expected a file in a writable folder with space left");
}

/// The words begin … end of an image as one run: what changed in them, which also brings the state up to date.
void RecordingWriter::append_run(size_t image, size_t begin, size_t end) {
  const auto* now = static_cast<const uint8_t*>(images_[image].data);
  const size_t bytes = images_[image].bytes, offset = offsets_[image];
  put_number(runs_, offset + begin - run_end_);
  put_number(runs_, end - begin);
  for (size_t at = begin; at < end; at += 8) {
    const uint64_t word = load_word(now + at, bytes - at);
    const uint64_t change = word ^ load_word(state_.data() + offset + at, 8);
    runs_.append(reinterpret_cast<const char*>(&change), 8);
    std::memcpy(state_.data() + offset + at, &word, 8);
  }
  run_end_ = offset + end;
  ++run_count_;
}

/// Words of 8 bytes that differ; a run goes on across a single equal word, which costs less than another run.
void RecordingWriter::append_changes(size_t image) {
  const auto* now = static_cast<const uint8_t*>(images_[image].data);
  const size_t bytes = images_[image].bytes;
  const uint8_t* before = state_.data() + offsets_[image];
  if (std::memcmp(before, now, bytes) == 0) return;
  size_t begin = 0, end = 0;  // of the run in the making
  for (size_t at = 0; at < bytes; at += 8) {
    if (load_word(now + at, bytes - at) == load_word(before + at, 8)) continue;
    if (end > 0 && at > end + 8) append_run(image, begin, end);
    if (end == 0 || at > end + 8) begin = at;
    end = at + 8;
  }
  append_run(image, begin, end);
}

void RecordingWriter::cycle() {
  runs_.clear();
  run_end_ = run_count_ = 0;
  for (size_t i = 0; i < images_.size(); ++i) append_changes(i);
  content_ += 'C';
  put_number(content_, run_count_);
  content_ += runs_;
  ++cycles_;
  flush(false);
}

void RecordingWriter::assertion(const std::string& name) {
  content_ += 'A';
  put_bytes(content_, name);
}

void RecordingWriter::flush(bool force) {
  if (!force && content_.size() < kFrameBytes) return;
  std::string& frame = codec_->frame;
  frame.resize(ZSTD_compressBound(content_.size()));
  const size_t size = ZSTD_compress2(codec_->context, frame.data(), frame.size(), content_.data(), content_.size());
  ASSAY_ASSERT(ZSTD_isError(size) == 0);
  out_.write(frame.data(), static_cast<std::streamsize>(size));
  if (!out_) fail();
  content_.clear();
}

void RecordingWriter::finish() {
  content_ += 'E';
  put_number(content_, cycles_);
  flush(true);
  out_.close();
  std::error_code error;
  if (out_) fs::rename(temporary_, file_, error);
  if (!out_ || error) fail();
  finished_ = true;
}

}  // namespace assay
