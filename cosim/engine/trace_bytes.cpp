// SPDX-License-Identifier: Apache-2.0
// A trace as bytes, from one process to another of the same program that holds the same target.
#include <cstring>

#include "cosim/engine/trace.hpp"

namespace assay {
namespace {

template <class Number>
void put(std::string& bytes, const std::vector<Number>& numbers) {
  const uint64_t count = numbers.size();
  bytes.append(reinterpret_cast<const char*>(&count), sizeof count);
  bytes.append(reinterpret_cast<const char*>(numbers.data()), count * sizeof(Number));
}

/// Reads what put() wrote; false when it is cut short.
class Reader {
 public:
  explicit Reader(const std::string& bytes) : bytes_(bytes) {}

  template <class Number>
  bool get(std::vector<Number>& numbers) {
    uint64_t count = 0;
    if (bytes_.size() - at_ < sizeof count) return false;
    std::memcpy(&count, bytes_.data() + at_, sizeof count);
    at_ += sizeof count;
    if (count > (bytes_.size() - at_) / sizeof(Number)) return false;
    numbers.resize(count);
    if (count != 0) std::memcpy(numbers.data(), bytes_.data() + at_, count * sizeof(Number));
    at_ += count * sizeof(Number);
    return true;
  }

 private:
  const std::string& bytes_;
  size_t at_ = 0;
};

}  // namespace

template <class Self, class Use>
void Trace::each_stream(Self& self, Use use) {
  for (auto& stream : self.input_) use(stream);
  for (auto* side : {&self.rtl_, &self.model_, &self.defined_}) {
    for (auto& field : *side) {
      for (auto& stream : field) use(stream);
    }
  }
}

std::string Trace::bytes() const {
  std::string bytes;
  put(bytes, std::vector<uint64_t>{first_, cycles_});
  put(bytes, positions_);
  each_stream(*this, [&bytes](const Stream& stream) { put(bytes, stream.versions), put(bytes, stream.at); });
  return bytes;
}

std::optional<Trace> Trace::from_bytes(const Target& target, const std::string& bytes) {
  Trace trace(target);
  Reader reader(bytes);
  std::vector<uint64_t> head;
  bool whole = reader.get(head) && head.size() == 2 && reader.get(trace.positions_);
  each_stream(trace, [&](Stream& stream) { whole = whole && reader.get(stream.versions) && reader.get(stream.at); });
  if (!whole) return std::nullopt;
  trace.first_ = head[0], trace.cycles_ = head[1];
  return trace;
}

}  // namespace assay
