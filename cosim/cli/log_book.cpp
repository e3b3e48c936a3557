// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/log_book.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>

namespace assay::cli {
namespace {

std::ostringstream& book() {
  static std::ostringstream text;
  return text;
}

}  // namespace

void start_log() {
  const auto terminal = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  terminal->set_level(spdlog::level::info);
  terminal->set_pattern("assay: %v");
  const auto memory = std::make_shared<spdlog::sinks::ostream_sink_mt>(book());
  memory->set_pattern("%Y-%m-%dT%H:%M:%S.%e %v");
  const auto log = std::make_shared<spdlog::logger>("assay", spdlog::sinks_init_list{terminal, memory});
  log->set_level(spdlog::level::debug);
  spdlog::set_default_logger(log);
}

std::string log_text() { return book().str(); }

}  // namespace assay::cli
