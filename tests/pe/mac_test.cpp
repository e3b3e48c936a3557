// SPDX-License-Identifier: Apache-2.0
#include "model/pe/mac.hpp"

#include "tests/catch.hpp"

using namespace assay;

namespace {

int plain_value(int byte, bool is_unsigned) { return is_unsigned ? byte : byte < 128 ? byte : byte - 256; }

int64_t mac_of(int64_t psum, int a, bool a_unsigned, int w, bool w_unsigned) {
  const int64_t a_byte = static_cast<int8_t>(a), w_byte = static_cast<int8_t>(w);
  return mac<int64_t>(psum, a_byte, high_bit<int64_t>(a_byte, a_unsigned), w_byte, high_bit<int64_t>(w_byte, w_unsigned));
}

}  // namespace

TEST_CASE("pe: mac equals plain multiplication for every pair of bytes in all four signedness pairs") {
  int wrong = 0;
  int64_t lowest = 0, highest = 0;
  for (const bool a_unsigned : {false, true})
    for (const bool w_unsigned : {false, true})
      for (int a = 0; a < 256; ++a)
        for (int w = 0; w < 256; ++w) {
          const int64_t product = mac_of(0, a, a_unsigned, w, w_unsigned);
          wrong += product != int64_t{plain_value(a, a_unsigned)} * plain_value(w, w_unsigned);
          lowest = product < lowest ? product : lowest, highest = product > highest ? product : highest;
        }
  CHECK(wrong == 0);
  CHECK(lowest == -32640);  // the range that spec section 5.1 claims
  CHECK(highest == 65025);
}

TEST_CASE("pe: psum wraps modulo 2^32 at both ends") {
  CHECK(mac_of(INT32_MAX, 1, false, 1, false) == INT32_MIN);
  CHECK(mac_of(INT32_MIN, 255, false, 1, false) == INT32_MAX);
  CHECK(mac_of(INT32_MAX, 255, true, 255, true) == INT32_MIN + 65024);
}
