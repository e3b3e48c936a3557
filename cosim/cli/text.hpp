// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::cli {

/// 1234567 → "1,234,567".
std::string grouped(uint64_t value);
std::string grouped_signed(int64_t value);
std::string grouped_digits(std::string digits);  ///< of a number in text, with or without sign

/// `digits` places after the point.
std::string fixed(double value, int digits);

/// 0.9749 → "97.5 %".
std::string percent(double fraction, int digits = 1);

/// "0x…" in as few digits as it takes.
std::string seed_text(uint64_t seed);

std::string pad_right(std::string text, size_t width);
std::string pad_left(std::string text, size_t width);

/// "[2][3]", or "" for a scalar.
std::string index_text(const std::vector<int64_t>& index);

/// Words broken into lines of at most `width`; lines after the first begin with `indent` spaces.
std::string wrapped(std::string_view text, size_t width, size_t indent);

/// The argument as a shell takes it literally.
std::string shell_quoted(const std::string& argument);

/// Fit for a file name: letters, digits, '.', '_' and '-' stay, everything else becomes '_'.
std::string file_name_of(std::string_view text);

/// Names joined with ", ".
std::string joined(const std::vector<std::string>& names);

/// The first line, without its end.
std::string first_line(const std::string& text);

/// Decimal or 0x… digits, whole string, lo … hi. Throws InputError naming the option.
uint64_t parse_count(const std::string& option, const std::string& text, uint64_t lo, uint64_t hi = UINT64_MAX);

}  // namespace assay::cli
