// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>

#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::test::Answer;
using assay::test::Folder;

namespace {

/// The command as a partner: lines go in, answers come out, both through pipes.
class Partner {
 public:
  explicit Partner(const char* operation) {
    std::array<int, 2> in{}, out{};
    if (pipe(in.data()) != 0 || pipe(out.data()) != 0) throw std::runtime_error("pipe failed");
    child_ = fork();
    if (child_ == 0) {
      dup2(in[0], 0);
      dup2(out[1], 1);
      for (const int fd : {in[0], in[1], out[0], out[1]}) close(fd);
      execl(ASSAY_BINARY, "assay", "calc", operation, nullptr);
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    in_ = in[1];
    out_ = out[0];
  }
  ~Partner() {
    if (in_ >= 0) close(in_);
    close(out_);
    int status = 0;
    waitpid(child_, &status, 0);
  }
  Partner(const Partner&) = delete;
  Partner& operator=(const Partner&) = delete;

  void say(const std::string& text) const { REQUIRE(write(in_, text.data(), text.size()) == static_cast<ssize_t>(text.size())); }
  /// What comes next, as far as it comes at once; "" after ten seconds without anything.
  std::string hear(size_t bytes) const {
    std::string text;
    while (text.size() < bytes) {
      pollfd wait{out_, POLLIN, 0};
      std::array<char, 4096> piece{};
      if (poll(&wait, 1, 10000) != 1) return text;
      const ssize_t n = read(out_, piece.data(), piece.size());
      if (n <= 0) return text;
      text.append(piece.data(), static_cast<size_t>(n));
    }
    return text;
  }

 private:
  pid_t child_ = -1;
  int in_ = -1, out_ = -1;
};

}  // namespace

TEST_CASE("cli: calc answers each line before it waits for the next", "[cli]") {
  const Partner calc("mac");
  for (int i = 0; i < 3; ++i) {
    calc.say("02 03 0000000" + std::to_string(i) + "\n");
    CHECK(calc.hear(12) == "0000000" + std::to_string(6 + i) + " 00\n");
  }
  calc.say("02 03 00000000\n02 ");  // an answer is not held back by the beginning of the next line
  CHECK(calc.hear(12) == "00000006 00\n");
  calc.say("04 00000001\n# a comment\n\n03 03 00000000\n");
  CHECK(calc.hear(24) == "00000009 00\n00000009 00\n");
}

TEST_CASE("cli: calc reads lines of every length, at every place in its buffer, and a last line without its end", "[cli]") {
  const Folder here;
  std::string input, wanted;
  for (int i = 0; i < 60000; ++i) {  // more than a million bytes: lines of all lengths lie across the ends of what is read at once
    input += "01 01 00000000" + std::string(static_cast<size_t>(i % 13), i % 2 == 0 ? ' ' : '\t') + (i % 3 == 0 ? "\r\n" : "\n");
    wanted += "00000001 00\n";
  }
  input += "#" + std::string(300000, 'x') + "\n" + std::string(200000, ' ') + "02 02 00000000";
  const Answer answer = here.assay("calc mac", input);
  CHECK(answer.code == 0);
  CHECK((answer.out == wanted + "00000004 00\n"));
  const Answer wrong = here.assay("calc mac", input + " 1\n");
  CHECK(wrong.code == 2);
  CHECK(wrong.err == "stdin:60002: line: has 4 operands, expected 3: a b c\n");
  CHECK((wrong.out == wanted));
}

TEST_CASE("cli: calc says when its input cannot be read or its output not be written", "[cli]") {
  const Folder here;
  const Answer input = here.assay("calc mac", "", "sh -c '\"$0\" \"$@\" < .'");
  CHECK(input.code == 2);
  CHECK(input.err == "stdin:1: line: cannot be read (Is a directory), expected text\n");
  const Answer output = here.assay("calc mac", "01 01 00000000\n", "sh -c '\"$0\" \"$@\" > /dev/full'");
  CHECK(output.code == 3);
  CHECK(output.err == "assay: stdout: cannot be written: No space left on device\n");
}
