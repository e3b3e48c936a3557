// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/bench_calc.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

#include "cosim/cli/calc.hpp"
#include "cosim/common/process.hpp"
#include "cosim/common/random.hpp"

namespace assay::cli {
namespace {

constexpr int kLines = 200000;  // of a round

struct Case {
  const char* name;
  CalcOptions options;
  std::vector<size_t> digits;  ///< of the operands
};

std::vector<Case> all_cases() {
  CalcOptions integer, bf16, fp8, cast;
  integer.op = bf16.op = fp8.op = "mac";
  integer.format = "int8";
  bf16.format = "bf16";
  fp8.format = "e4m3fn";
  cast.op = "cast";
  cast.from = "fp32";
  cast.to = "bf16";
  return {{"mac int8", integer, {2, 2, 8}}, {"mac bf16", bf16, {4, 4, 8}}, {"mac e4m3fn", fp8, {2, 2, 8}}, {"cast fp32 to bf16", cast, {8}}};
}

/// A file descriptor that closes itself.
class File {
 public:
  explicit File(int fd) : fd_(fd) {
    if (fd_ < 0) throw BuildError("bench: cannot open a file for the lines of calc");
  }
  ~File() { close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

void write_lines(const File& file, const std::vector<size_t>& digits) {
  Random random(1, 0);
  std::string text;
  for (int i = 0; i < kLines; ++i) {
    for (size_t d = 0; d < digits.size(); ++d) text += hex_digits(random.next(), digits[d]) + (d + 1 == digits.size() ? "\n" : " ");
  }
  for (size_t done = 0; done < text.size();) {
    const ssize_t n = write(file.fd(), text.data() + done, text.size() - done);
    if (n <= 0) throw BuildError("bench: cannot write the lines of calc");
    done += static_cast<size_t>(n);
  }
}

double lines_per_second(CalcUnit& unit, const File& lines, const File& answers) {
  lseek(lines.fd(), 0, SEEK_SET);
  const std::clock_t start = std::clock();
  answer_lines(unit, false, lines.fd(), answers.fd());
  return static_cast<double>(kLines) * CLOCKS_PER_SEC / static_cast<double>(std::clock() - start);
}

npu::Speed speed_of(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  return {samples[samples.size() / 2], samples.front(), samples.back()};
}

}  // namespace

std::vector<CalcSpeed> bench_calc(int rounds) {
  std::vector<CalcSpeed> speeds;
  for (Case& c : all_cases()) {
    const File lines(memfd_create("calc", MFD_CLOEXEC)), answers(open("/dev/null", O_WRONLY | O_CLOEXEC));
    write_lines(lines, c.digits);
    const auto model = make_calc_unit(c.options);
    c.options.rtl = true;
    const auto rtl = make_calc_unit(c.options);
    std::vector<double> by_model, by_rtl, ratios;
    for (int i = 0; i < rounds; ++i) {
      by_model.push_back(lines_per_second(*model, lines, answers));
      by_rtl.push_back(lines_per_second(*rtl, lines, answers));
      ratios.push_back(by_rtl.back() / by_model.back());
    }
    speeds.push_back({c.name, speed_of(by_model), speed_of(by_rtl), speed_of(ratios).median});
  }
  return speeds;
}

}  // namespace assay::cli
