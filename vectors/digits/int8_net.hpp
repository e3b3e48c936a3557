// SPDX-License-Identifier: Apache-2.0
// What the generators of the network vectors share: a generator of numbers, .npy files, and an integer reference of one
// fully connected layer. Written from docs/spec.md section 5 and from nothing else of the project, so that the vectors
// are a second opinion.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#ifdef __FAST_MATH__
#error "-ffast-math changes the vectors"
#endif

namespace assay::vectors {

static_assert(std::endian::native == std::endian::little, ".npy payloads are written as they lie in memory");

/// splitmix64 (Steele, Lea, Flood 2014).
class SplitMix64 {
 public:
  explicit SplitMix64(uint64_t seed) : state_(seed) {}
  uint64_t next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  /// 0 … n−1. The modulo's bias is below n/2^64.
  uint32_t below(uint32_t n) { return static_cast<uint32_t>(next() % n); }
  int range(int lo, int hi) { return lo + static_cast<int>(below(static_cast<uint32_t>(hi - lo + 1))); }
  /// [0, 1), a multiple of 2^−53.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  uint64_t state_;
};

/// A .npy array: format 1.0, C order, little-endian, one or two dimensions.
template <typename T>
struct Npy {
  std::vector<size_t> shape;
  std::vector<T> data;
};

template <typename T>
std::string npy_descr() {
  const char kind = std::is_floating_point_v<T> ? 'f' : std::is_signed_v<T> ? 'i' : 'u';
  return std::string{sizeof(T) == 1 ? '|' : '<', kind, static_cast<char>('0' + sizeof(T))};
}

inline std::string read_bytes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream out(file, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

template <typename T>
void write_npy(const std::filesystem::path& file, const std::vector<size_t>& shape, const std::vector<T>& data) {
  std::string dims;
  size_t count = 1;
  for (size_t i = 0; i < shape.size(); ++i) {
    count *= shape[i];
    if (i > 0) dims.push_back(' ');
    dims.append(std::to_string(shape[i]));
    if (i == 0 || i + 1 < shape.size()) dims.push_back(',');
  }
  if (count != data.size()) throw std::runtime_error(file.string() + ": shape and data disagree");
  std::string head("{'descr': '");
  head.append(npy_descr<T>()).append("', 'fortran_order': False, 'shape': (").append(dims).append("), }");
  // Magic, version and length take 10 bytes; the payload starts at a multiple of 64.
  head.append(63 - (10 + head.size()) % 64, ' ').push_back('\n');
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes.push_back(static_cast<char>(head.size() & 255));
  bytes.push_back(static_cast<char>(head.size() >> 8));
  bytes += head;
  bytes.append(reinterpret_cast<const char*>(data.data()), data.size() * sizeof(T));
  write_bytes(file, bytes);
}

template <typename T>
Npy<T> read_npy(const std::filesystem::path& file) {
  const std::string bytes = read_bytes(file);
  const auto fail = [&](const char* why) { throw std::runtime_error(file.string() + ": " + why); };
  if (bytes.size() < 10 || bytes.compare(0, 8, std::string("\x93NUMPY\x01\x00", 8)) != 0) fail("not a .npy file of format 1.0");
  const size_t start = 10 + static_cast<uint8_t>(bytes[8]) + 256u * static_cast<uint8_t>(bytes[9]);
  const std::string head = bytes.substr(10, start - 10);
  if (head.find(npy_descr<T>()) == std::string::npos) fail("unexpected element type");
  if (head.find("'fortran_order': False") == std::string::npos) fail("not in C order");
  Npy<T> npy;
  size_t count = 1;
  const size_t open = head.find('('), close = head.find(')');
  if (open == std::string::npos || close == std::string::npos) fail("no shape");
  std::istringstream dims(head.substr(open + 1, close - open - 1));
  for (std::string dim; std::getline(dims, dim, ',');) {
    if (dim.find_first_not_of(' ') == std::string::npos) continue;
    npy.shape.push_back(std::stoul(dim));
    count *= npy.shape.back();
  }
  if (bytes.size() != start + count * sizeof(T)) fail("length and shape disagree");
  npy.data.resize(count);
  std::copy_n(bytes.data() + start, count * sizeof(T), reinterpret_cast<char*>(npy.data.data()));
  return npy;
}

/// e^x for x ≤ 0: x = k·ln 2 + r with |r| ≤ ln 2 / 2, Taylor polynomial of degree 13 in r (its remainder is below 2^−56),
/// times 2^k by its bits. ln 2 in two parts (fdlibm), so that k·ln 2 is exact in the upper one. Below −700 the result is 0.
inline double exp_negative(double x) {
  if (x < -700.0) return 0.0;
  const int k = static_cast<int>(x * 1.4426950408889634 - 0.5);
  const double r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
  double sum = 1.0;
  for (int i = 13; i >= 1; --i) sum = 1.0 + sum * r / i;
  return sum * std::bit_cast<double>(static_cast<uint64_t>(1023 + k) << 52);
}

/// With contraction the product is not rounded before the sum, and 2^−60 is left.
inline void refuse_contraction() {
  volatile double a = 1.0 + 0x1p-30, b = 1.0 + 0x1p-30, c = -(1.0 + 0x1p-29);
  const double x = a, y = b, z = c;
  if (x * y + z != 0.0) throw std::runtime_error("compiled with contraction: use -ffp-contract=off");
}

/// A real factor as m·2^(s−31) with m in [2^30, 2^31), rounded half away from zero, as TensorFlow Lite does it; 0 stays 0.
struct Scale {
  int32_t multiplier = 0, shift = 0;
};

inline Scale quantize_multiplier(double real) {
  if (real == 0.0) return {};
  int exponent = 0;
  int64_t m = std::llround(std::frexp(real, &exponent) * 0x1p31);
  if (m == int64_t{1} << 31) {
    m /= 2;
    ++exponent;
  }
  if (exponent < -31 || exponent > 30) throw std::runtime_error("factor out of range");
  return {static_cast<int32_t>(m), exponent};
}

inline int64_t sat32(int64_t x) { return std::clamp<int64_t>(x, INT32_MIN, INT32_MAX); }

/// Rounds to nearest, ties away from zero.
inline int64_t divide_by_power(int64_t x, int e) {
  if (e == 0) return x;
  const int64_t half = int64_t{1} << (e - 1);
  return x < 0 ? -((-x + half) >> e) : (x + half) >> e;
}

/// Section 5.4. The right shifts of negative numbers are floors (C++20).
inline int64_t requantise(int32_t x, Scale scale, bool single) {
  const int s = scale.shift;
  if (single) return sat32((int64_t{x} * scale.multiplier + (int64_t{1} << (30 - s))) >> (31 - s));
  const int64_t scaled = s > 0 ? sat32(int64_t{x} * (int64_t{1} << s)) : x;  // |x·2^30| ≤ 2^61
  const int64_t high = (scaled * scale.multiplier + (int64_t{1} << 30)) >> 31;
  return divide_by_power(high, s < 0 ? -s : 0);
}

/// A layer [M, K] × [K, N] → [M, N]; multiplier and shift have N elements, or 1 for all columns.
struct Layer {
  size_t inputs = 0, outputs = 0;
  std::vector<int8_t> weights;  ///< [K][N]
  std::vector<int32_t> bias;    ///< [N], without the input's zero point
  std::vector<Scale> scales;
  int input_zero_point = 0, zero_point = 0, clamp_lo = -128, clamp_hi = 127;
  bool single = false, output_unsigned = false;
  std::vector<uint8_t> table;  ///< empty, or 256 bytes looked up by the low byte of the clamped result
};

/// Accumulator and bias, modulo 2^32.
inline int32_t accumulate(const Layer& l, const int32_t* in, size_t n) {
  uint32_t sum = static_cast<uint32_t>(l.bias[n]);
  for (size_t k = 0; k < l.inputs; ++k) sum += static_cast<uint32_t>((in[k] - l.input_zero_point) * l.weights[k * l.outputs + n]);
  return static_cast<int32_t>(sum);
}

/// Values are carried as int32; which byte format they have follows from output_unsigned.
inline std::vector<int32_t> run_layer(const Layer& l, const std::vector<int32_t>& in) {
  const size_t rows = in.size() / l.inputs;
  std::vector<int32_t> out(rows * l.outputs);
  for (size_t i = 0; i < rows; ++i) {
    for (size_t n = 0; n < l.outputs; ++n) {
      const int32_t x = accumulate(l, &in[i * l.inputs], n);
      const int64_t y = requantise(x, l.scales[l.scales.size() == 1 ? 0 : n], l.single) + l.zero_point;
      int32_t z = static_cast<int32_t>(std::clamp<int64_t>(y, l.clamp_lo, l.clamp_hi));
      if (!l.table.empty()) {
        const uint8_t byte = l.table[static_cast<uint8_t>(z)];
        z = l.output_unsigned ? int32_t{byte} : int32_t{static_cast<int8_t>(byte)};
      }
      out[i * l.outputs + n] = z;
    }
  }
  return out;
}

template <typename To, typename From>
std::vector<To> convert(const std::vector<From>& from) {
  std::vector<To> to(from.size());
  std::transform(from.begin(), from.end(), to.begin(), [](From x) { return static_cast<To>(x); });
  return to;
}

/// Names of the files of `made` that are missing from `kept` or differ.
inline std::vector<std::string> differing_files(const std::filesystem::path& made, const std::filesystem::path& kept) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(made)) {
    const auto other = kept / entry.path().filename();
    if (!std::filesystem::exists(other) || read_bytes(entry.path()) != read_bytes(other)) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Runs `generate` with a temporary folder and compares what it wrote with `dir`: a generator's --check. 0 when equal.
template <typename Generate>
int check_generated(const std::filesystem::path& dir, Generate generate) {
  std::string name = (std::filesystem::temp_directory_path() / "assay_vectors_XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  generate(std::filesystem::path(name));
  const auto names = differing_files(name, dir);
  const bool empty = std::filesystem::is_empty(name);
  std::filesystem::remove_all(name);
  for (const auto& file : names) std::printf("%s: differs from what is generated\n", file.c_str());
  if (names.empty() && !empty) std::printf("every generated file is as it stands in %s\n", dir.c_str());
  return names.empty() && !empty ? 0 : 1;
}

}  // namespace assay::vectors
