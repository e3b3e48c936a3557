// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cosim/npu/operand.hpp"

namespace assay::npu {
namespace {

/// A mix per 8-byte word, then the length: not cryptographic, only to notice changed files.
uint64_t absorb(uint64_t hash, std::string_view bytes) {
  for (size_t i = 0; i < bytes.size(); i += 8) {
    uint64_t word = 0;
    for (size_t j = 0; j < 8 && i + j < bytes.size(); ++j) word |= uint64_t{static_cast<uint8_t>(bytes[i + j])} << (8 * j);
    hash = mix64(hash ^ word);
  }
  return mix64(hash ^ bytes.size());
}

/// Operands lie at most this deep (program, item, gemm, requant, bias, file); the limit also ends what refers to itself by an alias.
constexpr int kDepth = 8;

class FileHash {
 public:
  FileHash(std::filesystem::path folder, const LoadOptions& options) : folder_(std::move(folder)), options_(options) {}

  uint64_t absorb_files(uint64_t hash, const VectorNode& node, int depth = 0) const {
    if (depth > kDepth) return hash;
    if (const auto file = node.find("file"); file && file->is_scalar()) hash = absorb(hash, read_bytes(resolve_file(*file, folder_, options_)));
    for (const VectorNode& child : node.children()) hash = absorb_files(hash, child, depth + 1);
    if (!node.is_list()) return hash;
    for (const VectorNode& item : node.items()) {
      if (item.is_scalar()) break;  // values, not operands: lists of the format are never mixed
      hash = absorb_files(hash, item, depth + 1);
    }
    return hash;
  }

 private:
  std::filesystem::path folder_;
  LoadOptions options_;
};

}  // namespace

std::string vector_hash(const std::filesystem::path& file, const LoadOptions& options) {
  const VectorNode root = VectorNode::load(file);
  const uint64_t hash = FileHash(file.parent_path(), options).absorb_files(absorb(0, read_bytes(file)), root);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += digits[hash >> shift & 15];
  return text;
}

}  // namespace assay::npu
