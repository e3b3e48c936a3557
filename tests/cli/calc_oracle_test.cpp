// SPDX-License-Identifier: Apache-2.0
// `assay calc mac`, `decode` and `cast`, through their pipes, against the exact oracle.
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"
#include "tests/oracle/suites.hpp"

using namespace assay;
using namespace assay::oracle;
using assay::test::Answer;
using assay::test::Folder;

namespace {

std::string hex(uint32_t value, int bits) {
  std::string text;
  for (int low = bits - 4; low >= 0; low -= 4) text += "0123456789abcdef"[(value >> low) & 0xF];
  return text;
}

/// calc prints the flag set in the byte of the common test generators: invalid is bit 4.
std::string printed(const Rounded& r, int bits) {
  const unsigned flags = (r.flags & 7u) | ((r.flags & oracle::kInvalid) != 0 ? 0x10u : 0u);
  return hex(r.bits, bits) + " " + hex(flags, 8) + "\n";
}

/// Input lines and the answers they must get.
class Lines {
 public:
  void add(const std::string& in, const Rounded& want, int bits) {
    input_ += in + "\n";
    wanted_.push_back(printed(want, bits));
  }

  /// Pipes all of them through `assay calc OPERATION` and compares line by line.
  void check(const std::string& operation) const {
    const Folder here;
    const Answer answer = here.assay("calc " + operation, input_);
    INFO("calc " << operation << ": " << answer.err);
    REQUIRE(answer.code == 0);
    size_t from = 0, in = 0;
    for (const std::string& line : wanted_) {
      const size_t next = input_.find('\n', in);
      if (answer.out.compare(from, line.size(), line) != 0) {
        FAIL(input_.substr(in, next - in) << ": got " << answer.out.substr(from, line.size() - 1) << ", want " << line);
      }
      from += line.size(), in = next + 1;
    }
    REQUIRE(from == answer.out.size());
  }

 private:
  std::string input_;
  std::vector<std::string> wanted_;
};

std::string name(Format f) { return std::string(format_name(f)); }

/// Every `every`-th pair of formats.
void check_macs(const std::string& options, uint64_t count, int every = 1) {
  int turn = 0;
  for (const Format fa : kOperandFormats) {
    for (const Format fb : kOperandFormats) {
      if (turn++ % every != 0) continue;
      const MacStimulus stimulus(fa, fb, 21);
      Lines lines;
      for (uint64_t i = 0; i < count; ++i) {
        const MacCase c = stimulus.at(i);
        lines.add(hex(c.a, format_bits(fa)) + " " + hex(c.b, format_bits(fb)) + " " + hex(c.c, 32), oracle::fma(c.a, fa, c.b, fb, c.c), 32);
      }
      lines.check("mac --format " + name(fa) + " --format-b " + name(fb) + options);
    }
  }
}

void check_decodes(const std::string& options, uint32_t stride) {
  for (const Format f : kOperandFormats) {
    Lines lines;
    for (uint32_t code = 0; code < codes(f); code += format_bits(f) == 8 ? 1 : stride) lines.add(hex(code, format_bits(f)), oracle::widen(code, f), 32);
    lines.check("decode --format " + name(f) + options);
  }
}

/// Every stride-th decision of every format, saturating or not, nearest-even or with the generator of lane 0; with `every` 3 the first and the last mode.
void check_casts(const std::string& options, size_t stride, int every = 1) {
  constexpr uint32_t kSeed = 0xA55A;
  for (int to = 0; to < kFormats; ++to) {
    const auto g = static_cast<Format>(to);
    if (g == Format::Fp32 && !options.empty()) continue;  // no unit of the tile does that
    const bool narrow = is_operand_float(g);
    for (int mode = 0; mode < (narrow ? 4 : 1); mode += every) {
      const bool saturate = (mode & 1) != 0, stochastic = (mode & 2) != 0;
      const std::vector<uint32_t> points = encode_points(g);
      uint32_t state = oracle::seeded(kSeed, 0);
      Lines lines;
      for (size_t i = 0; i < points.size(); i += format_bits(g) == 16 ? stride : 1) {
        lines.add(hex(points[i], 32), oracle::cast(points[i], Format::Fp32, g, saturate, stochastic ? std::optional(oracle::random_of(state)) : std::nullopt),
                  format_bits(g));
        state = oracle::step(state);
      }
      lines.check("cast --from fp32 --to " + name(g) + (saturate ? " --saturate" : "") + (stochastic ? " --round stochastic:" + std::to_string(kSeed) : "") +
                  options);
    }
  }
}

/// Every code of the 8-bit formats and every stride-th of the others into every format, or every `every`-th.
void check_code_casts(const std::string& options, uint32_t stride, int every = 1) {
  for (int from = 0; from < kFormats; ++from) {
    const auto f = static_cast<Format>(from);
    if (format_bits(f) == 32 || (is_integer(f) && !options.empty())) continue;  // no unit of the tile takes integers
    for (int to = 0; to < kFormats; to += every) {
      const auto g = static_cast<Format>(to);
      Lines lines;
      for (uint32_t code = 0; code < codes(f); code += format_bits(f) == 8 ? 1 : stride)
        lines.add(hex(code, format_bits(f)), oracle::cast(code, f, g, false, std::nullopt), format_bits(g));
      lines.check("cast --from " + name(f) + " --to " + name(g) + options);
    }
  }
}

}  // namespace

TEST_CASE("cli: calc mac equals MPFR on corner-biased operands of every pair of formats", "[cli]") { check_macs("", 2000); }

TEST_CASE("cli: calc decode equals the formats' definition for every code", "[cli]") { check_decodes("", 1); }

TEST_CASE("cli: calc cast from FP32 equals exact arithmetic at the decisions of every format, in every mode", "[cli]") { check_casts("", 41); }

TEST_CASE("cli: calc cast of codes into every format equals exact arithmetic", "[cli]") { check_code_casts("", 37); }

TEST_CASE("cli: calc mac, decode and cast of the Verilated units equal exact arithmetic", "[cli]") {
  check_macs(" --rtl", 1600, 4);
  check_decodes(" --rtl", 1);
  check_casts(" --rtl", 101, 3);
  check_code_casts(" --rtl", 37, 4);
}
