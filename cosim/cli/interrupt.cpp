// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/interrupt.hpp"

#include <csignal>

namespace assay::cli {
namespace {

volatile std::sig_atomic_t g_interrupted = 0;  // a signal handler has no other way to tell

extern "C" void on_interrupt(int) { g_interrupted = 1; }

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return g_interrupted != 0; }

}  // namespace assay::cli
