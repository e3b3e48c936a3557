// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/calc_stream.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "model/common/config.hpp"

namespace assay::cli {
namespace {

constexpr size_t kPiece = size_t{1} << 16;  // what a pipe holds

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

void TextSink::hex(uint64_t value, size_t digits) {
  const size_t end = buffer_.size() + digits;
  buffer_.resize(end);
  for (size_t i = 1; i <= digits; ++i, value >>= 4) buffer_[end - i] = "0123456789abcdef"[value & 15];
}

void TextSink::flush() {
  for (size_t done = 0; done < buffer_.size();) {
    const ssize_t n = write(fd_, buffer_.data() + done, buffer_.size() - done);
    if (n < 0 && errno != EINTR) {
      buffer_.clear();
      throw StreamError(std::string("stdout: cannot be written: ") + std::strerror(errno));
    }
    if (n > 0) done += static_cast<size_t>(n);
  }
  buffer_.clear();
}

bool LineSource::refill() {
  answers_.flush();
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  const size_t kept = buffer_.size();
  buffer_.resize(kept + kPiece);
  ssize_t n = 0;
  do n = read(fd_, buffer_.data() + kept, kPiece);
  while (n < 0 && errno == EINTR);
  if (n < 0) throw InputError("stdin:" + std::to_string(number_ + 1) + ": line: cannot be read (" + std::strerror(errno) + "), expected text");
  buffer_.resize(kept + static_cast<size_t>(n));
  return n > 0;
}

bool LineSource::next(std::string_view& line) {
  for (;;) {
    if (const size_t end = buffer_.find('\n', scanned_); end != std::string::npos) {
      line = std::string_view(buffer_).substr(begin_, end - begin_);
      begin_ = scanned_ = end + 1;
      ++number_;
      return true;
    }
    scanned_ = buffer_.size();
    if (!ended_ && refill()) continue;
    ended_ = true;
    if (begin_ == buffer_.size()) return false;
    line = std::string_view(buffer_).substr(begin_);  // the last line may end without a line's end
    begin_ = buffer_.size();
    ++number_;
    return true;
  }
}

void split_words(std::string_view line, std::vector<std::string_view>& words) {
  words.clear();
  for (size_t at = 0;;) {
    while (at < line.size() && is_blank(line[at])) ++at;
    if (at == line.size()) return;
    const size_t start = at;
    while (at < line.size() && !is_blank(line[at])) ++at;
    words.push_back(line.substr(start, at - start));
  }
}

}  // namespace assay::cli
