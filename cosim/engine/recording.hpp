// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace assay {

// A recording (schema assay/recording/1) is what a run gave its DUT and saw of it: zstd frames, each with its size and a checksum, whose content is a
// line of JSON (the header), then records of one letter each; numbers are LEB128:
//   F name bytes         a file that came with the run
//   L n (name bytes)…    the layout: names and sizes of the images; each begins at a multiple of 8 in the state
//   C n (skip length xor-bytes)…   one cycle: what differs from the state of the cycle before (all 0 before the first)
//   A name               an assertion that was broken at the edge after the cycle
//   E cycles             the end

inline constexpr const char* kRecordingSchema = "assay/recording/1";

/// One vector of bits that is observed or driven, and stays where it is for the life of a run.
struct RecordedImage {
  std::string name;
  const void* data;
  size_t bytes;
};

using NamedBytes = std::vector<std::pair<std::string, std::string>>;

/// Writes a recording beside its place and moves it there when it is finished. Throws InputError when it cannot be written.
class RecordingWriter {
 public:
  /// `header`: JSON without a line break.
  RecordingWriter(std::filesystem::path file, const std::string& header, const NamedBytes& files, std::vector<RecordedImage> images);
  ~RecordingWriter();  ///< leaves nothing unless finished
  RecordingWriter(const RecordingWriter&) = delete;
  RecordingWriter& operator=(const RecordingWriter&) = delete;

  /// Takes the images as they are now as the next cycle.
  void cycle();
  void assertion(const std::string& name);
  void finish();

  uint64_t cycles() const { return cycles_; }

 private:
  struct Codec;
  void append_run(size_t image, size_t begin, size_t end);
  void append_changes(size_t image);
  void flush(bool force);
  [[noreturn]] void fail() const;

  std::filesystem::path file_, temporary_;
  std::ofstream out_;
  std::unique_ptr<Codec> codec_;
  std::vector<RecordedImage> images_;
  std::vector<size_t> offsets_;
  std::vector<uint8_t> state_;  ///< of the cycle before
  std::string content_;         ///< of the frame in the making
  std::string runs_;            ///< of the cycle in the making
  size_t run_end_ = 0;          ///< end of its last run in the state
  size_t run_count_ = 0;
  uint64_t cycles_ = 0;
  bool finished_ = false;
};

/// Reads a recording. The whole file is checked before anything of it is used: whatever is cut off or damaged is an InputError.
class RecordingReader {
 public:
  explicit RecordingReader(const std::filesystem::path& file);
  ~RecordingReader();
  RecordingReader(const RecordingReader&) = delete;
  RecordingReader& operator=(const RecordingReader&) = delete;

  const std::string& name() const { return name_; }  ///< of the file, as given
  const std::string& header() const { return header_; }
  const NamedBytes& files() const { return files_; }
  uint64_t cycles() const { return cycles_; }

  struct Image {
    std::string name;
    size_t bytes, offset;  ///< offset in the state
  };
  const std::vector<Image>& layout() const { return layout_; }
  size_t state_bytes() const { return state_bytes_; }

  /// Back to before the first cycle.
  void rewind();
  /// Turns the state of a cycle into that of the next one; adds the assertions that were broken between them. False at the end.
  bool next(uint8_t* state, std::vector<std::string>& assertions);

 private:
  struct Source;
  void check();
  bool more();  ///< content to read, from the next frame if need be
  void read_layout();
  uint64_t number();
  std::string_view bytes(uint64_t count);
  void apply(uint8_t* state);
  [[noreturn]] void damaged(const std::string& what) const;

  std::string name_;
  std::unique_ptr<Source> source_;
  std::string content_;  ///< of the current frame
  size_t at_ = 0;
  std::string header_;
  NamedBytes files_;
  std::vector<Image> layout_;
  size_t state_bytes_ = 0;
  uint64_t cycles_ = 0;
  size_t frame_ = 0;                       ///< where the current frame begins in the file
  size_t first_frame_ = 0, first_at_ = 0;  ///< where the cycles begin
  bool ended_ = false;                     ///< the end mark was read
};

}  // namespace assay
