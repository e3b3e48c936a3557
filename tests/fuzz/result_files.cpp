// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>

#include "cosim/common/json.hpp"
#include "cosim/engine/recording.hpp"
#include "cosim/sweep/collector.hpp"
#include "cosim/sweep/storage.hpp"
#include "model/common/config.hpp"
#include "tests/fuzz/targets.hpp"

namespace assay::fuzz {
namespace fs = std::filesystem;
namespace {

/// As these files are packed; an input that begins with the mark of a packed one stays as it is.
std::string packed(std::string_view bytes) {
  constexpr std::string_view kMark = "\x28\xb5\x2f\xfd";
  if (bytes.starts_with(kMark)) return std::string(bytes);
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 1));
  return out;
}

/// Folder of this process for parsers that look for a file by its name.
const fs::path& folder() {
  struct Own {
    fs::path path = fs::path(fs::is_directory("/dev/shm") ? "/dev/shm" : "/tmp") / ("assay-fuzz-" + std::to_string(getpid()));
    Own() { fs::create_directories(path); }
    ~Own() { fs::remove_all(path); }
  };
  static const Own own;
  return own.path;
}

void write(const fs::path& file, std::string_view bytes) { std::ofstream(file, std::ios::binary) << bytes; }

/// The run that chunks are read for.
const sweep::Manifest& run() {
  static const sweep::Manifest one = [] {
    sweep::Manifest m;
    m.suite = "fuzz";
    m.cases.push_back({"gemm", "", "int8_4x4", "", "", {}, 60, 4});
    m.count = 4;
    m.endless = true;
    m.host = Json::object();
    return m;
  }();
  return one;
}

}  // namespace

bool manifest(std::string_view bytes) {
  try {
    const sweep::Manifest read = sweep::Manifest::from_json(parse_json(bytes), "run.json");
    read.plan();
    return true;
  } catch (const InputError&) {
    return false;
  } catch (const Json::parse_error&) {  // Manifest::load says it as an InputError
    return false;
  }
}

bool chunk(std::string_view bytes) {
  const sweep::ChunkFiles files(folder(), "0123456789abcdef");
  const sweep::Chunk first{0, 0};
  write(files.sealed(first), packed(bytes));
  const auto lines = files.read(first, run().plan(), nullptr);
  if (!lines) return false;
  sweep::Database database(":memory:");
  try {
    sweep::Collector(database, run(), "fuzz").add(first, *lines);
    return true;
  } catch (const sweep::StorageError&) {
    return false;
  }
}

bool recording(std::string_view bytes) {
  const MemoryFile file(packed(bytes));
  try {
    RecordingReader reader(file.path());
    std::vector<uint8_t> state(reader.state_bytes());
    std::vector<std::string> assertions;
    while (reader.next(state.data(), assertions)) {
    }
    return true;
  } catch (const InputError&) {
    return false;
  }
}

}  // namespace assay::fuzz
