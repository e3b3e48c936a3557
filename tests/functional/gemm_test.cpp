// SPDX-License-Identifier: Apache-2.0
#include <Eigen/Core>

#include "cosim/common/random.hpp"
#include "model/functional/gemm.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::functional;

namespace {

using Wide = Eigen::Matrix<int64_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Wide widen(const Matrix& m) {
  Wide out(m.rows, m.cols);
  for (int r = 0; r < m.rows; ++r)
    for (int c = 0; c < m.cols; ++c) out(r, c) = m.at(r, c);
  return out;
}

Matrix random_matrix(int rows, int cols, bool is_unsigned, Random& random) {
  Matrix out(rows, cols);
  for (int32_t& v : out.data) v = static_cast<int32_t>(is_unsigned ? random.range(0, 255) : random.range(-128, 127));
  return out;
}

bool same(const Matrix& got, const Wide& want) {
  for (int r = 0; r < got.rows; ++r)
    for (int c = 0; c < got.cols; ++c)
      if (got.at(r, c) != static_cast<int32_t>(static_cast<uint32_t>(want(r, c)))) return false;
  return got.rows == want.rows() && got.cols == want.cols();
}

}  // namespace

TEST_CASE("functional: products of random shapes equal Eigen's 64-bit products") {
  Random random(1, 1);
  for (int i = 0; i < 200; ++i) {
    const bool ua = random.chance(0.5), ub = random.chance(0.5);
    const auto m = static_cast<int>(random.range(1, 40)), k = static_cast<int>(random.range(1, 200)), n = static_cast<int>(random.range(1, 40));
    const Matrix a = random_matrix(m, k, ua, random), b = random_matrix(k, n, ub, random);
    REQUIRE(same(gemm(a, b), widen(a) * widen(b)));
  }
}

TEST_CASE("functional: all pairs of 8-bit operands multiply exactly in all four signedness pairs") {
  for (const int base_a : {-128, 0}) {
    for (const int base_b : {-128, 0}) {
      Matrix a(256, 1), b(1, 256);
      for (int i = 0; i < 256; ++i) {
        a.at(i, 0) = base_a + i;
        b.at(0, i) = base_b + i;
      }
      const Matrix product = gemm(a, b);
      bool equal = true;
      for (int r = 0; r < 256; ++r)
        for (int c = 0; c < 256; ++c) equal &= int64_t{product.at(r, c)} == int64_t{base_a + r} * (base_b + c);
      REQUIRE(equal);
    }
  }
}

TEST_CASE("functional: long sums wrap modulo 2^32") {
  constexpr int kTerms = 40000;  // 40,000 · 65,025 = 2,601,000,000 > 2^31
  Matrix a(1, kTerms), b(kTerms, 1);
  a.data.assign(a.data.size(), 255);
  b.data.assign(b.data.size(), 255);
  CHECK(gemm(a, b).at(0, 0) == static_cast<int32_t>(2601000000u));
}

TEST_CASE("functional: accumulating wraps and raises the overflow flag only when the exact sum leaves INT32") {
  Matrix old(1, 3), added(1, 3);
  old.data = {INT32_MAX, INT32_MAX - 1, 0};
  added.data = {0, 1, INT32_MIN};
  Flags flags;
  accumulate(old, added, flags);
  CHECK_FALSE(flags.acc_overflow);
  CHECK(old.data == std::vector<int32_t>{INT32_MAX, INT32_MAX, INT32_MIN});
  added.data = {1, 0, -1};
  accumulate(old, added, flags);
  CHECK(flags.acc_overflow);
  CHECK(old.data == std::vector<int32_t>{INT32_MIN, INT32_MAX, INT32_MAX});
}

TEST_CASE("functional: a folded activation zero point equals subtracting it from every activation") {
  Random random(2, 1);
  for (int i = 0; i < 50; ++i) {
    const auto k = static_cast<int>(random.range(1, 90)), n = static_cast<int>(random.range(1, 12));
    const auto zero = static_cast<int32_t>(random.range(-128, 255));
    const Matrix a = random_matrix(5, k, false, random), b = random_matrix(k, n, false, random);
    std::vector<int32_t> bias(static_cast<size_t>(n));
    for (int32_t& v : bias) v = static_cast<int32_t>(random.range(INT32_MIN, INT32_MAX));
    const std::vector<int32_t> folded = fold_zero_point(bias, zero, b);
    const Wide exact = (widen(a).array() - zero).matrix() * widen(b);
    const Matrix plain = gemm(a, b);
    for (int r = 0; r < 5; ++r)
      for (int c = 0; c < n; ++c) {
        const auto at = static_cast<size_t>(c);
        REQUIRE(static_cast<uint32_t>(plain.at(r, c)) + static_cast<uint32_t>(folded[at]) == static_cast<uint32_t>(exact(r, c) + bias[at]));
      }
  }
}
