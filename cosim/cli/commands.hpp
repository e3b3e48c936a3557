// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cosim/cli/run_options.hpp"

namespace assay::cli {

/// The subcommands: each returns its exit code and throws InputError, BuildError or npu::DataMissing for what main turns into one.
int run_command(const RunOptions& options);

struct ReplayOptions {
  std::string what;  ///< directory or token
  std::string out, json, html, junit, annotate, timeout, record, waves = "auto";
  std::vector<std::string> command_line;
};
int replay_command(const ReplayOptions& options);

struct ShrinkOptions {
  std::string directory, out, json, timeout;
  std::vector<std::string> command_line;
};
int shrink_command(const ShrinkOptions& options);

struct CheckOptions {
  std::string file, out, json, html, junit, annotate, timeout, waves = "auto";
  std::vector<std::string> command_line;
};
int check_command(const CheckOptions& options);

struct ReportOptions {
  std::string what;  ///< directory that a run left, or a record's file
  std::string html, json, junit, annotate;
};
int report_command(const ReportOptions& options);

struct ListOptions {
  bool configs = false, fields = false, json = false, sv = false;
  std::string config = "int8_8x8";  ///< with sv: one or more, separated by commas
};
int list_command(const ListOptions& options);

int targets_command(bool json);

int doctor_command(bool json);

struct CalcOptions {
  std::string op;
  std::string format, format_b;  ///< mac, decode; empty: int8, and like format
  std::string from, to, round;   ///< cast; round empty: rne
  std::string mode;              ///< requant; empty: double
  bool saturate = false, rtl = false, explain = false;
};
int calc_command(const CalcOptions& options);

}  // namespace assay::cli
