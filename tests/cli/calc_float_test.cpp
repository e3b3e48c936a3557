// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "cosim/cli/calc.hpp"
#include "cosim/common/process.hpp"
#include "cosim/common/random.hpp"
#include "model/common/format.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::Format;
using assay::format_bits;
using assay::Random;
using assay::cli::hex_digits;
using assay::test::Answer;
using assay::test::Folder;

namespace {

const std::vector<std::string> kFormats = {"int8", "uint8", "int32", "fp32", "bf16", "fp16", "e5m2", "e4m3", "e4m3fn"};
const std::vector<std::string> kOperands = {"bf16", "fp16", "e5m2", "e4m3", "e4m3fn"};

/// A code with its fields at their corners more often than not.
std::string corner_code(Random& random, const std::string& name) {
  const int bits = format_bits(*assay::parse_format(name)), low = bits == 32 ? 23 : bits == 16 ? 7 : 3;
  const auto field = [&random](int width) {
    const uint64_t ones = (uint64_t{1} << width) - 1, choice = random.below(8);
    return choice == 0 ? 0 : choice == 1 ? ones : choice == 2 ? uint64_t{1} << random.below(static_cast<uint64_t>(width)) : random.next() & ones;
  };
  const uint64_t code = field(bits - low) << low | field(low);
  return hex_digits(code, static_cast<size_t>(bits) / 4);
}

struct Line {
  std::string operation, input, output;
};

void check_lines(const std::vector<Line>& lines) {
  const Folder here;
  for (const Line& line : lines) {
    INFO("calc " << line.operation << ": " << line.input);
    const Answer answer = here.assay("calc " + line.operation, line.input + "\n");
    CHECK(answer.code == 0);
    CHECK(answer.out == line.output + "\n");
  }
}

/// docs/spec.md section 17.11.
const std::vector<Line> kWorkedExamples = {
    {"mac --format bf16", "3f80 3f80 33800000", "3f800000 01"},
    {"mac --format bf16", "0080 0080 00000000", "00000000 03"},
    {"mac --format bf16", "7f80 0000 7fc00000", "7fc00000 10"},
    {"mac --format bf16", "8000 3f80 80000000", "80000000 00"},
    {"mac --format bf16", "8000 3f80 00000000", "00000000 00"},
    {"mac --format bf16", "7f7f 7f7f 00000000", "7f800000 05"},
    {"mac --format e4m3fn --format-b e5m2", "7e 7b 00000000", "4bc40000 00"},
    {"mac --format e5m2 --format-b bf16", "7d 3f80 00000000", "7fc00000 10"},
    {"decode --format fp16", "0001", "33800000 00"},
    {"decode --format fp16", "03ff", "387fc000 00"},
    {"decode --format e4m3fn", "01", "3b000000 00"},
    {"decode --format e4m3fn", "7e", "43e00000 00"},
    {"decode --format e5m2", "7d", "7fc00000 10"},
    {"decode --format e5m2", "7e", "7fc00000 00"},
    {"decode --format int32", "01000001", "4b800000 01"},
    {"cast --from fp32 --to e4m3fn", "43e80000", "7e 01"},
    {"cast --from fp32 --to e4m3fn", "43e80001", "7f 05"},
    {"cast --from fp32 --to e4m3fn --saturate", "43e80001", "7e 05"},
    {"cast --from fp32 --to e4m3fn --saturate", "ff800000", "fe 00"},
    {"cast --from fp32 --to e4m3", "43780000", "78 05"},
    {"cast --from fp32 --to e5m2", "47700000", "7c 05"},
    {"cast --from fp32 --to fp16", "477ff000", "7c00 05"},
    {"cast --from fp32 --to fp16", "477fefff", "7bff 01"},
    {"cast --from fp32 --to bf16 --round stochastic:0", "3f808000", "3f81 01"},
    {"cast --from fp32 --to bf16 --round rne", "3f808000", "3f80 01"},
    {"cast --from fp32 --to int8", "42ff0000", "7f 10"},
    {"cast --from fp32 --to int8", "c3000000", "80 00"},
    {"cast --from fp32 --to uint8", "bf000000", "00 01"},
    {"cast --from fp32 --to int32", "7fc00000", "00000000 10"},
    {"cast --from int8 --to e4m3fn", "ff", "b8 00"},
    {"cast --from int32 --to uint8", "ffffffff", "00 10"},
};

std::string shell_output(const std::string& command) {
  std::FILE* shell = popen(command.c_str(), "r");
  if (shell == nullptr) throw std::runtime_error("popen failed");
  std::string text;
  for (int c; (c = std::fgetc(shell)) != EOF;) text += static_cast<char>(c);
  pclose(shell);
  return text;
}

}  // namespace

TEST_CASE("cli: calc knows the floating-point examples of the specification", "[cli]") { check_lines(kWorkedExamples); }

TEST_CASE("cli: the exact arithmetic of --explain agrees with the model on every operation and format pair", "[cli]") {
  const Folder here;
  Random random(17, 0);
  const auto agree = [&here](const std::string& operation, const std::string& input, size_t lines) {
    INFO("calc " << operation);
    const Answer answer = here.assay("calc " + operation + " --explain", input);
    CHECK(answer.code == 0);
    CHECK(std::count(answer.out.begin(), answer.out.end(), '\n') > static_cast<ptrdiff_t>(4 * lines));
    const size_t but = answer.out.find("\n# BUT");
    CHECK(but == std::string::npos);
    if (but != std::string::npos) FAIL(answer.out.substr(but < 400 ? 0 : but - 400, 500));
  };
  constexpr size_t kLines = 2000;
  for (const std::string& a : kOperands) {
    for (const std::string& b : kOperands) {
      std::string input;
      for (size_t i = 0; i < kLines; ++i) input += corner_code(random, a) + " " + corner_code(random, b) + " " + corner_code(random, "fp32") + "\n";
      agree("mac --format " + a + " --format-b " + b, input, kLines);
    }
  }
  for (const std::string& from : kFormats) {
    std::string input;
    for (size_t i = 0; i < kLines; ++i) input += corner_code(random, from) + "\n";
    agree("decode --format " + from, input, kLines / 4);
    for (const std::string& to : kFormats) {
      agree("cast --from " + from + " --to " + to, input, kLines / 4);
      if (assay::is_operand_float(*assay::parse_format(to))) {
        agree("cast --saturate --round stochastic:0x1234 --from " + from + " --to " + to, input, kLines / 4);
      }
    }
  }
}

TEST_CASE("cli: stochastic rounding steps its generator once per answered line and by nothing else", "[cli]") {
  const Folder here;
  const std::string cast = "calc cast --from fp32 --to bf16 --round stochastic:";
  std::string input, wanted;
  uint32_t s = 0x9E3779B9u ^ 12345;  // spec section 17.5.5
  for (int i = 0; i < 200; ++i) {
    const bool exact = i % 3 == 0;
    input += std::string(i % 5 == 0 ? "# comment\n\n" : "") + (exact ? "3f800000\n" : "3f808000\n");
    wanted += exact ? "3f80 00\n" : (s >> 16) >= 0x8000 ? "3f81 01\n" : "3f80 01\n";
    s ^= s << 13;
    s ^= s >> 17;
    s ^= s << 5;
  }
  CHECK((here.assay(cast + "12345", input).out == wanted));
  CHECK((here.assay(cast + "0x3039", input).out == wanted));
  CHECK((here.assay(cast + "12346", input).out != wanted));
}

TEST_CASE("cli: --explain shows product, alignment, exact sum, the bits that decide and the decision", "[cli]") {
  check_lines({
      {"mac --format bf16 --explain", "3f81 3f80 b3800000",
       "# a        bf16 3f81 = 1.0078125 = 0x1.02p+0, normal\n"
       "# b        bf16 3f80 = 1 = 0x1p+0, normal\n"
       "# c        fp32 b3800000 = -5.9604645e-08 = -0x1p-24, normal\n"
       "# product  0x1.02p+0 exactly\n"
       "# align    c's leading bit stands 24 places below the product's\n"
       "# sum      0x1.01ffffp+0 exactly\n"
       "# round    to 24 bits, step 2^-23: last 1, guard 1, round 0, sticky 0: a tie, to even, up: 0x1.02p+0\n"
       "# range    from 2^-126 to 0x1.fffffep+127: neither tiny nor overflow\n"
       "# result   fp32 3f810000 = 1.0078125 = 0x1.02p+0, normal\n"
       "# flags    inexact\n"
       "3f810000 01"},
      {"mac --format bf16 --explain", "7f80 3f80 ff800000",
       "# a        bf16 7f80 = inf, infinity\n"
       "# b        bf16 3f80 = 1 = 0x1p+0, normal\n"
       "# c        fp32 ff800000 = -inf, infinity\n"
       "# rule     infinities of opposite signs: canonical NaN, invalid\n"
       "# result   fp32 7fc00000 = nan, quiet NaN\n"
       "# flags    invalid\n"
       "7fc00000 10"},
      {"mac --format bf16 --explain", "7f7f 7f7f 00000001",
       "# a        bf16 7f7f = 3.3895314e+38 = 0x1.fep+127, normal\n"
       "# b        bf16 7f7f = 3.3895314e+38 = 0x1.fep+127, normal\n"
       "# c        fp32 00000001 = 1e-45 = 0x1p-149, subnormal\n"
       "# product  0x1.fc02p+255 exactly\n"
       "# align    c's leading bit stands 404 places below the product's\n"
       "# sum      0x1.fc020{96}1p+255 exactly\n"
       "# round    to 24 bits, step 2^232: last 0, guard 0, round 0, sticky 1: less than half, down: 0x1.fc02p+255\n"
       "# range    above the greatest finite number of fp32, 0x1.fffffep+127: overflow\n"
       "# rule     infinity stands for it\n"
       "# result   fp32 7f800000 = inf, infinity\n"
       "# flags    overflow inexact\n"
       "7f800000 05"},
      {"cast --from fp32 --to e4m3fn --round stochastic:0 --explain", "3a400000",
       "# x        fp32 3a400000 = 0.0007324219 = 0x1.8p-11, normal\n"
       "# random   R 9e37, the upper half of lane 0's state before its step\n"
       "# round    to 4 bits, step 2^-14: nothing is lost: 0x1.8p-11\n"
       "# range    tiny: below the smallest normal number 2^-6; the result is rounded on the subnormal grid\n"
       "# grid     step 2^-9: fraction 0c000 + 2 * R 9e37 + 1 = 1fc6f, below 20000, down: 0x0p+0\n"
       "# result   e4m3fn 00 = 0, zero\n"
       "# flags    underflow inexact\n"
       "00 03"},
      {"decode --format e5m2 --explain", "fd",
       "# x        e5m2 fd = nan, signalling NaN\n"
       "# rule     signalling NaN: canonical NaN, invalid\n"
       "# result   fp32 7fc00000 = nan, quiet NaN\n"
       "# flags    invalid\n"
       "7fc00000 10"},
      {"cast --from fp32 --to int8 --explain", "42ff0000",
       "# x        fp32 42ff0000 = 127.5 = 0x1.fep+6, normal\n"
       "# round    step 2^0: last 1, guard 1, round 0, sticky 0: a tie, to even, up: 0x1p+7\n"
       "# range    outside -128 ... 127: clamped, invalid\n"
       "# result   int8 7f = 127\n"
       "# flags    invalid\n"
       "7f 10"},
  });
}

TEST_CASE("cli: calc refuses malformed float lines with their number and the digits of the format", "[cli]") {
  const Folder here;
  const std::vector<Line> wrong = {{"mac --format bf16", "3f8 3f80 00000000", "a: is '3f8', expected 4 hex digits"},
                                   {"mac --format e4m3 --format-b fp16", "38 38 00000000", "b: is '38', expected 4 hex digits"},
                                   {"mac --format e4m3", "38 38 0000", "c: is '0000', expected 8 hex digits"},
                                   {"decode --format fp16", "3c00 3c00", "line: has 2 operands, expected 1: code"},
                                   {"decode --format e5m2", "3c00", "code: is '3c00', expected 2 hex digits"},
                                   {"cast --from fp32 --to bf16", "3f80", "x: is '3f80', expected 8 hex digits"},
                                   {"cast --from int8 --to bf16", "-1", "x: is '-1', expected 2 hex digits"}};
  for (const Line& line : wrong) {
    INFO("calc " << line.operation << ": " << line.input);
    const Answer answer = here.assay("calc " + line.operation, "# 1\n\n" + line.input + "\n");
    CHECK(answer.code == 2);
    CHECK(answer.err == "stdin:3: " + line.output + "\n");
    CHECK(answer.out.empty());
  }
}

TEST_CASE("cli: calc --rtl gives the lines of the model for every format pair, conversion and rounding", "[cli]") {
  const Folder here;
  Random random(23, 0);
  constexpr size_t kLines = 3000;
  const auto same = [&here](const std::string& operation, const std::string& input, size_t lines, size_t digits) {
    INFO("calc " << operation);
    const Answer model = here.assay("calc " + operation, input), rtl = here.assay("calc --rtl " + operation, input);
    CHECK(model.code == 0);
    CHECK(rtl.code == 0);
    CHECK(model.out.size() == lines * (digits + 4));
    CHECK((model.out == rtl.out));
  };
  for (const std::string& a : kOperands) {
    for (const std::string& b : kOperands) {
      std::string input;
      for (size_t i = 0; i < kLines; ++i) input += corner_code(random, a) + " " + corner_code(random, b) + " " + corner_code(random, "fp32") + "\n";
      same("mac --format " + a + " --format-b " + b, input, kLines, 8);
    }
  }
  for (const std::string from : {"fp32", "bf16", "fp16", "e5m2", "e4m3", "e4m3fn"}) {
    std::string input;
    for (size_t i = 0; i < kLines; ++i) input += corner_code(random, from) + "\n";
    const bool narrow = from != "fp32";
    if (narrow) same("decode --format " + from, input, kLines, 8);
    for (const std::string& to : kFormats) {
      if (to == "fp32" && !narrow) continue;
      const Format target = *assay::parse_format(to);
      const std::string cast = "cast --from " + from + " --to " + to;
      const auto digits = static_cast<size_t>(format_bits(target)) / 4;
      same(cast, input, kLines, digits);
      if (!assay::is_operand_float(target)) continue;
      if (!narrow) same(cast + " --saturate", input, kLines, digits);
      if (!narrow) same(cast + " --round stochastic:99", input, kLines, digits);
      same(cast + " --saturate --round stochastic:0xffffffff", input, kLines, digits);
    }
  }
}

TEST_CASE("cli: the calc examples of the documentation print what stands there", "[cli]") {
  const Folder here;
  const std::string project = ASSAY_PROJECT_DIR, program = "build/bin/assay ";
  size_t examples = 0;
  for (const char* file : {"/README.md", "/docs/cli.md", "/docs/getting-started.md"}) {
    std::istringstream text(assay::read_file(project + file));
    std::string line, command, wanted;
    const auto check = [&] {
      const size_t at = command.find(program);
      if (command.empty() || at == std::string::npos || command.find(" calc ") == std::string::npos) return;
      INFO(file << ": " << command);
      const Answer answer = here.assay(command.substr(at + program.size()), shell_output(command.substr(0, command.rfind('|', at))));
      CHECK(answer.out == wanted);
      ++examples;
    };
    while (std::getline(text, line)) {
      const bool starts = line.starts_with("$ ");
      if (starts || line.starts_with("```")) {
        check();
        command = starts ? line.substr(2) : "";
        wanted.clear();
      } else {
        wanted += line + "\n";
      }
    }
  }
  CHECK(examples >= 8);
}
