// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "cosim/common/json.hpp"

namespace assay::test {

/// What a run of the command gave.
struct Answer {
  int code = -1;
  std::string out, err;
  Json json() const { return parse_json(out); }  ///< throws unless stdout is exactly one document
};

/// A folder of its own, in which the command runs; gone with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  bool has(const std::string& name) const { return std::filesystem::exists(path_ / name); }
  Json json(const std::string& name) const { return parse_json(read(name)); }
  /// Names of what lies in it, hidden files too, joined with blanks.
  std::string list(const std::string& folder = ".") const;

  /// `assay ARGUMENTS` (as a shell reads them) here, with this on stdin and these variables before it.
  Answer assay(const std::string& arguments, const std::string& input = "", const std::string& before = "") const;
  /// Any one command of a shell, here.
  Answer shell(const std::string& command, const std::string& input = "") const;

 private:
  std::filesystem::path path_;
};

/// A product of 12×9 by 9×6 random values, some hundred cycles on the 4×4 tile.
extern const char* const kProduct;
/// A hundred million cycles of rest after one product.
extern const char* const kEndless;

/// The names of the wave files that a mismatch leaves, as Folder::list() gives them.
extern const std::string kWaveFiles;

/// The record without what may differ between two runs of the same bits.
Json without_host(Json record);

/// What is wrong with a document according to docs/schemas/NAME.schema.json, or the part of it that a JSON pointer names; empty when nothing is.
/// Knows the keywords that these use.
std::string schema_errors(const Json& document, const std::string& name, const std::string& pointer = "");

}  // namespace assay::test
