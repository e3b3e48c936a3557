// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace assay::cli {

/// stdout takes no more.
struct StreamError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Text gathered for a file descriptor, written in large pieces.
class TextSink {
 public:
  explicit TextSink(int fd) : fd_(fd) {}
  void text(std::string_view piece) { buffer_.append(piece); }
  /// The low 4·digits bits, most significant digit first.
  void hex(uint64_t value, size_t digits);
  /// Throws StreamError.
  void flush();

 private:
  int fd_;
  std::string buffer_;
};

/// Lines of a file descriptor, read in large pieces.
class LineSource {
 public:
  /// `answers` is flushed before every read that may have to wait: whoever writes the lines then has all answers so far.
  LineSource(int fd, TextSink& answers) : fd_(fd), answers_(answers) {}

  /// The next line without its end, valid until the next call; false at the end of the input. Throws InputError when it cannot be read.
  bool next(std::string_view& line);
  uint64_t number() const { return number_; }  ///< of the line that came last, from 1

 private:
  bool refill();

  int fd_;
  TextSink& answers_;
  std::string buffer_;
  size_t begin_ = 0, scanned_ = 0;  ///< first byte not yet handed out; where the search for a line's end goes on
  uint64_t number_ = 0;
  bool ended_ = false;
};

/// Words between blanks (space, tab, carriage return and the like).
void split_words(std::string_view line, std::vector<std::string_view>& words);

}  // namespace assay::cli
