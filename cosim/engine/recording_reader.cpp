// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>

#include "cosim/engine/recording.hpp"
#include "model/common/config.hpp"

namespace assay {
namespace {

constexpr uint64_t kMostContent = uint64_t{1} << 31;  ///< of a frame; one with a large file is larger than the others

}  // namespace

/// The file in memory, and the place of the next frame.
struct RecordingReader::Source {
  explicit Source(const std::string& file) {
    const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
      if (fd >= 0) close(fd);
      throw InputError(file + ":1: file: cannot be read, expected a recording (assay run --record)");
    }
    size = static_cast<size_t>(status.st_size);
    if (size > 0) data = static_cast<const char*>(mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0));
    close(fd);
    if (data == MAP_FAILED) throw InputError(file + ":1: file: cannot be mapped into memory");
  }
  ~Source() {
    if (size > 0) munmap(const_cast<char*>(data), size);
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  const char* data = nullptr;
  size_t size = 0, at = 0;
  const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context{ZSTD_createDCtx(), ZSTD_freeDCtx};
};

RecordingReader::RecordingReader(const std::filesystem::path& file) : name_(file.string()), source_(std::make_unique<Source>(name_)) {
  if (!more()) damaged("is empty");
  const size_t line = content_.find('\n');
  if (line == std::string::npos || content_.compare(0, 1, "{") != 0) damaged("does not begin with a header");
  header_ = content_.substr(0, line);
  at_ = line + 1;
  read_layout();
  first_frame_ = frame_;
  first_at_ = at_;
  check();
  rewind();
}

RecordingReader::~RecordingReader() = default;

void RecordingReader::damaged(const std::string& what) const {
  throw InputError(name_ + ":1: recording: " + what + ", expected a whole file as --record writes it");
}

bool RecordingReader::more() {
  while (at_ == content_.size()) {
    Source& s = *source_;
    if (s.at == s.size) return false;
    const char* frame = s.data + s.at;
    const size_t left = s.size - s.at;
    const std::string place = "at byte " + std::to_string(s.at);
    const unsigned long long content = ZSTD_getFrameContentSize(frame, left);
    if (content == ZSTD_CONTENTSIZE_ERROR && s.at == 0) damaged("is no zstd file");
    const size_t size = ZSTD_findFrameCompressedSize(frame, left);
    if (content == ZSTD_CONTENTSIZE_ERROR || ZSTD_isError(size) != 0) damaged("is cut off or damaged " + place);
    if (content == ZSTD_CONTENTSIZE_UNKNOWN || content > kMostContent) damaged("is damaged " + place + " (size of the content)");
    content_.resize(content);
    const size_t done = ZSTD_decompressDCtx(s.context.get(), content_.data(), content_.size(), frame, size);
    if (ZSTD_isError(done) != 0) damaged("is damaged " + place + " (" + ZSTD_getErrorName(done) + ")");
    if (done != content) damaged("is damaged " + place + " (size of the content)");
    frame_ = s.at;
    s.at += size;
    at_ = 0;
  }
  return true;
}

uint64_t RecordingReader::number() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (at_ == content_.size()) break;
    const auto byte = static_cast<uint8_t>(content_[at_++]);
    value |= uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return value;
  }
  damaged("holds a number without an end");
}

std::string_view RecordingReader::bytes(uint64_t count) {
  if (count > content_.size() - at_) damaged("holds a record without an end");
  at_ += count;
  return std::string_view(content_).substr(at_ - count, count);
}

/// Files, then the layout.
void RecordingReader::read_layout() {
  while (more()) {
    const char kind = content_[at_++];
    if (kind == 'F') {
      std::string file(bytes(number()));
      files_.emplace_back(std::move(file), std::string(bytes(number())));
      continue;
    }
    if (kind != 'L') break;
    for (uint64_t left = number(); left > 0; --left) {
      std::string image(bytes(number()));
      const uint64_t size = number();
      if (size > kMostContent) damaged("holds an image of " + std::to_string(size) + " bytes");
      layout_.push_back({std::move(image), size, state_bytes_});
      state_bytes_ += (size + 7) / 8 * 8;
    }
    return;
  }
  damaged("holds no layout");
}

/// Reads everything once: checksums, structure, and that the end is there.
void RecordingReader::check() {
  std::vector<uint8_t> state(state_bytes_);
  std::vector<std::string> assertions;
  uint64_t cycles = 0;
  while (next(state.data(), assertions)) {
    assertions.clear();
    ++cycles;
  }
  if (!ended_) damaged("is cut off after " + std::to_string(cycles) + " cycles");
  cycles_ = number();
  if (cycles != cycles_) damaged("holds " + std::to_string(cycles) + " cycles, its end says " + std::to_string(cycles_));
  if (more()) damaged("goes on after its end");
}

void RecordingReader::rewind() {
  source_->at = first_frame_;
  content_.clear();
  at_ = 0;
  ended_ = false;
  more();
  at_ = first_at_;
}

void RecordingReader::apply(uint8_t* state) {
  size_t end = 0;
  for (uint64_t left = number(); left > 0; --left) {
    const uint64_t skip = number(), length = number();
    if (skip > state_bytes_ - end || length > state_bytes_ - end - skip) damaged("changes what its layout does not have");
    const std::string_view change = bytes(length);
    uint8_t* at = state + end + skip;
    for (size_t i = 0; i < change.size(); ++i) at[i] ^= static_cast<uint8_t>(change[i]);
    end += skip + length;
  }
}

bool RecordingReader::next(uint8_t* state, std::vector<std::string>& assertions) {
  while (!ended_ && more()) {
    const char kind = content_[at_++];
    if (kind == 'C') {
      apply(state);
      return true;
    }
    if (kind == 'A') {
      assertions.emplace_back(bytes(number()));
    } else if (kind == 'E') {
      ended_ = true;
    } else {
      damaged("holds a record of an unknown kind");
    }
  }
  return false;
}

}  // namespace assay
