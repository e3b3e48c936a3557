// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdio>
#include <string>

#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::test::Answer;
using assay::test::Folder;

namespace {

std::string hex(uint64_t value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llx", digits, static_cast<unsigned long long>(value));
  return text;
}

/// Every third operand pair with sums around the limits, and what exact integers say.
void mac_cases(bool a_unsigned, bool b_unsigned, std::string& input, std::string& wanted) {
  for (int a = 0; a < 256; a += 3) {
    for (int b = 0; b < 256; b += 3) {
      const uint32_t c = (a + b) % 4 == 0 ? 0x7FFFFFF0u : (a + b) % 4 == 1 ? 0x80000010u : static_cast<uint32_t>(a * 77777 + b);
      const int64_t av = a_unsigned ? a : static_cast<int8_t>(a), bv = b_unsigned ? b : static_cast<int8_t>(b);
      const int64_t exact = av * bv + static_cast<int32_t>(c);
      input += hex(static_cast<uint64_t>(a), 2) + " " + hex(static_cast<uint64_t>(b), 2) + " " + hex(c, 8) + "\n";
      wanted += hex(static_cast<uint32_t>(exact), 8) + (exact == static_cast<int32_t>(exact) ? " 00\n" : " 04\n");
    }
  }
}

/// Factors and shifts around the limits; the model answers, exact integers stand in tests/activation.
std::string requant_cases() {
  std::string input;
  for (const char* x : {"00000000", "00000001", "ffffffff", "7fffffff", "80000000", "00003039", "c0000000"}) {
    for (const char* m : {"00000000", "40000000", "7fffffff", "5a827999"}) {
      for (int s : {-31, -30, -7, -1, 0, 1, 8, 30}) input += std::string(x) + " " + m + " " + std::to_string(s) + "\n";
    }
  }
  return input;
}

}  // namespace

TEST_CASE("cli: calc mac of the model equals exact integers in every signedness", "[cli]") {
  const Folder here;
  for (const char* a : {"int8", "uint8"}) {
    for (const char* b : {"int8", "uint8"}) {
      std::string input, wanted;
      mac_cases(a[0] == 'u', b[0] == 'u', input, wanted);
      const Answer answer = here.assay(std::string("calc mac --format ") + a + " --format-b " + b, input);
      CHECK(answer.code == 0);
      CHECK((answer.out == wanted));
    }
  }
}

TEST_CASE("cli: calc mac --rtl equals exact integers", "[cli]") {
  const Folder here;
  std::string input, wanted;
  mac_cases(false, true, input, wanted);
  const Answer answer = here.assay("calc mac --rtl --format int8 --format-b uint8", input);
  CHECK(answer.code == 0);
  CHECK((answer.out == wanted));
}

TEST_CASE("cli: calc requant gives the same lines from model and RTL", "[cli]") {
  const Folder here;
  for (const std::string mode : {"double", "single"}) {
    const Answer model = here.assay("calc requant --mode " + mode, requant_cases());
    const Answer rtl = here.assay("calc requant --rtl --mode " + mode, requant_cases());
    CHECK(model.code == 0);
    CHECK(rtl.code == 0);
    CHECK((model.out == rtl.out));
    CHECK(model.out.size() == 12 * 7 * 4 * 8);
  }
}

TEST_CASE("cli: calc knows the requantisation ties of the specification", "[cli]") {
  const Folder here;
  // single: 3/2 = 1.5 and -1.5 both go up; double: 6/2 + 1/2 floors to 3, then the tie 3/2 goes away from zero
  const Answer once = here.assay("calc requant --mode single", "00000003 40000000 0\nfffffffd 40000000 0\n7fffffff 7fffffff 1\n");
  CHECK(once.out == "00000002 00\nffffffff 00\n7fffffff 04\n");
  const Answer twice = here.assay("calc requant", "00000006 40000000 -1\nfffffffa 40000000 -1\n7fffffff 40000000 1\n");
  CHECK(twice.out == "00000002 00\nfffffffe 00\n40000000 04\n");
}

TEST_CASE("cli: calc skips blank and comment lines, and --explain prefixes its steps with #", "[cli]") {
  const Folder here;
  const Answer answer = here.assay("calc mac --explain", "# one\n\n   \n 7f 80 00000000 \n");
  CHECK(answer.code == 0);
  CHECK(answer.out == "# product  127 * -128 = -16,256\n# sum      0 + -16,256 = -16,256 exactly\n# result   -16,256, fits INT32\nffffc080 00\n");
}

TEST_CASE("cli: calc stops at a malformed line with its number and exit 2", "[cli]") {
  const Folder here;
  const std::string good = "# counts too\n\n01 01 00000000\n";
  const std::pair<const char*, const char*> mac[] = {
      {"7f 80", "line: has 2 operands, expected 3: a b c"},    {"7f", "line: has 1 operand, expected 3: a b c"},
      {"7 80 00000000", "a: is '7', expected 2 hex digits"},   {"7f 8g 00000000", "b: is '8g', expected 2 hex digits"},
      {"0x 80 00000000", "a: is '0x', expected 2 hex digits"}, {"7f 80 0", "c: is '0', expected 8 hex digits"}};
  for (const auto& [line, message] : mac) {
    const Answer answer = here.assay("calc mac", good + line + "\n01 01 00000000\n");
    CHECK(answer.code == 2);
    CHECK(answer.err == "stdin:4: " + std::string(message) + "\n");
    CHECK(answer.out == "00000001 00\n");
  }
  const std::pair<const char*, const char*> requant[] = {
      {"00000000 00000001 0", "m: is '00000001', expected 00000000 or a multiplier from 40000000 to 7fffffff"},
      {"00000000 80000000 0", "m: is '80000000', expected 00000000 or a multiplier from 40000000 to 7fffffff"},
      {"00000000 40000000 31", "s: is '31', expected a decimal shift from -31 to 30"},
      {"00000000 40000000 0x1", "s: is '0x1', expected a decimal shift from -31 to 30"},
      {"0 40000000 0", "x: is '0', expected 8 hex digits"}};
  for (const auto& [line, message] : requant) {
    const Answer answer = here.assay("calc requant", std::string(line) + "\n");
    CHECK(answer.code == 2);
    CHECK(answer.err == "stdin:1: " + std::string(message) + "\n");
    CHECK(answer.out.empty());
  }
}
