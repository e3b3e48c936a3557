// SPDX-License-Identifier: Apache-2.0
#include "cosim/waves/save_file.hpp"

#include <cstdio>

#include "cosim/waves/signal_names.hpp"

namespace assay::waves {
namespace {

// GTKWave's flags of a trace (its TR_ constants).
constexpr uint32_t kHex = 0x02, kDecimal = 0x04, kBinary = 0x08, kRight = 0x20, kBlank = 0x200, kSigned = 0x400;
constexpr uint32_t kGroupBegin = 0x800000, kGroupEnd = 0x1000000, kClosed = 0x400000;

constexpr uint64_t kCyclesBefore = 5;  ///< shown left of the marker
constexpr int kNamedMarkers = 26;
constexpr const char* kZoom = "*-11.300000";  ///< about 80 pixels a cycle: ten digits

uint32_t radix_of(const Field& field) {
  if (field.width == 1) return kBinary | kRight;
  if (field.format.starts_with("int")) return kSigned | kRight;
  if (field.format.starts_with("uint")) return kDecimal | kRight;
  return kHex | kRight;
}

std::string shown_name(const Field& field, const std::vector<int64_t>& index) {
  std::string name = field.name;
  for (int64_t i : index) name += "[" + std::to_string(i) + "]";
  return name;
}

}  // namespace

SaveFile::SaveFile(const std::string& wave_file, uint64_t cycle) : wave_file_(wave_file), cycle_(cycle), marked_(cycle) {}

void SaveFile::flags(uint32_t flags) {
  char line[16];
  std::snprintf(line, sizeof line, "@%x\n", flags);
  traces_ += line;
}

void SaveFile::comment(const std::string& text) {
  flags(kBlank);
  traces_ += "-" + text + "\n";
}

void SaveFile::open_group(const std::string& title, bool closed) {
  groups_.push_back(title);
  flags(kBlank | kGroupBegin | (closed ? kClosed : 0));
  traces_ += "-" + title + "\n";
}

void SaveFile::close_group() {
  flags(kBlank | kGroupEnd);
  traces_ += "-" + groups_.back() + "\n";
  groups_.pop_back();
}

void SaveFile::signal(const std::string& path, int bits, uint32_t radix, const std::string& shown_as, Colour colour) {
  flags(radix);
  if (colour != Colour::Normal) traces_ += "[color] " + std::to_string(static_cast<int>(colour)) + "\n";
  if (!shown_as.empty()) traces_ += "+{" + shown_as + "} ";
  traces_ += path + (bits > 1 ? "[" + std::to_string(bits - 1) + ":0]" : "") + "\n";
}

void SaveFile::clock_and_cycle() {
  signal(std::string(kRoot) + ".clk", 1, kBinary | kRight, "");
  signal(std::string(kRoot) + ".cycle", 64, kDecimal | kRight, "");
}

void SaveFile::element(const Field& field, const std::vector<int64_t>& index) {
  for (const Side side : {Side::Rtl, Side::Model}) {
    const Colour colour = side == Side::Rtl ? Colour::Red : Colour::Green;
    const std::string name = field.block + " " + shown_name(field, index) + (side == Side::Rtl ? " RTL" : " model");
    signal(element_path(field, index, side), field.width, radix_of(field), name, colour);
    if (has_value(field)) signal(value_path(field, index, side), 1, kDecimal | kRight, name + " value", colour);
  }
}

void SaveFile::pin(const Trace::Pin& pin) { signal(pin_path(pin.name), pin.bits, (pin.bits == 1 ? kBinary : kHex) | kRight, ""); }

void SaveFile::differs(const std::string& path, const std::string& shown_as) { signal(path, 1, kBinary | kRight, shown_as); }

std::string SaveFile::text() const {
  const uint64_t start = (cycle_ < kCyclesBefore ? 0 : cycle_ - kCyclesBefore) * kCycleTime;
  std::string head = "[*] written by assay; gtkwave takes this file alone\n";
  // GTKWave looks for the dump where it stood as seen from the save file: beside it, wherever both are by now.
  head +=
      "[dumpfile] \"/assay/" + wave_file_ + "\"\n[savefile] \"/assay/waves.gtkw\"\n[timestart] " + std::to_string(start) + "\n[size] 1500 900\n[pos] -1 -1\n";
  head += kZoom + std::string(" ") + std::to_string(cycle_ * kCycleTime);
  for (int marker = 0; marker < kNamedMarkers; ++marker) head += marker == 0 && marked_ != cycle_ ? " " + std::to_string(marked_ * kCycleTime) : " -1";
  head += "\n[treeopen] " + std::string(kRoot) + ".\n[sst_width] 220\n[signals_width] 400\n[sst_expanded] 1\n[sst_vpaned_height] 260\n";
  return head + traces_;
}

}  // namespace assay::waves
