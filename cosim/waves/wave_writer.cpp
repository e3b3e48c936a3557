// SPDX-License-Identifier: Apache-2.0
#include "cosim/waves/wave_writer.hpp"

#include <algorithm>
#include <cstring>

#include "cosim/waves/signal_names.hpp"

namespace assay::waves {
namespace {

constexpr int kCycleBits = 64;
constexpr Side kSides[] = {Side::Rtl, Side::Model};

std::string digits_of(const Field& field, const uint8_t* image, uint64_t element) {
  std::string digits(static_cast<size_t>(field.width), '0');
  for (int b = 0; b < field.width; ++b) {
    if (get_bit(field, image, element, b)) digits[static_cast<size_t>(field.width - 1 - b)] = '1';
  }
  return digits;
}

/// An element of up to 64 bits, without going through its bits one by one.
uint64_t code_of(const Field& field, const uint8_t* image, size_t bytes, uint64_t element) {
  const BitPlace at = bit_place(field, element, 0);
  uint64_t code = 0;
  std::memcpy(&code, image + at.byte, std::min(sizeof code, bytes - at.byte));
  code >>= at.bit;
  if (at.bit + field.width > 64) code |= static_cast<uint64_t>(image[at.byte + 8]) << (64 - at.bit);
  return field.width == 64 ? code : code & ((uint64_t{1} << field.width) - 1);
}

uint64_t number_of(const std::string& digits) {
  uint64_t number = 0;
  for (char digit : digits) number = number << 1 | (digit == '1' ? 1 : 0);
  return number;
}

}  // namespace

WaveWriter::WaveWriter(const Trace& layout, const Selection& selection, WaveFile& file) : fields_(layout.fields()), file_(file) {
  file_.open_scope(kRoot);
  clk_ = file_.add("clk", 1);
  cycle_ = file_.add("cycle", kCycleBits);
  file_.open_scope(kPins);
  for (const Trace::Pin& pin : layout.pins()) pins_.push_back({file_.add(pin.name, pin.bits), 0, ""});
  file_.close_scope();
  std::vector<std::string> blocks;
  for (const Field& field : fields_) {
    if (std::find(blocks.begin(), blocks.end(), field.block) == blocks.end()) blocks.push_back(field.block);
  }
  for (const std::string& block : blocks) {
    file_.open_scope(block);
    blocks_.push_back({file_.add("differs", 1)});
    for (size_t f = 0; f < fields_.size(); ++f) {
      if (fields_[f].block == block) declare_field(f, selection);
    }
    file_.close_scope();
  }
  file_.close_scope();
}

void WaveWriter::declare_field(size_t field, const Selection& selection) {
  const Field& f = fields_[field];
  file_.open_scope(f.name);
  Shown shown{field, {}, {file_.add(f.name + "_differs", 1)}, blocks_.size() - 1};
  for (const ElementPlace& place : selection.places(field)) {
    Element element{place, {}, false};
    for (const Side side : kSides) {
      Signal& signal = element.sides[side == Side::Model];
      const std::string name = element_name(f, index_of(f, place), side);
      signal.signal = file_.add(name, f.width);
      if (has_value(f)) signal.value = file_.add_real(name + "_value");
    }
    shown.elements.push_back(std::move(element));
  }
  shown_.push_back(std::move(shown));
  file_.close_scope();
}

void WaveWriter::put(Signal& signal, const std::string& digits, const Field& field) {
  if (digits == signal.last) return;
  signal.last = digits;
  file_.put(signal.signal, digits);
  if (!has_value(field)) return;
  const bool undefined = digits[0] == 'x';
  file_.put_real(signal.value, undefined ? std::numeric_limits<double>::quiet_NaN() : value_of(field, number_of(digits)));
}

void WaveWriter::put(Flag& flag, bool value) {
  if (flag.last == static_cast<int>(value)) return;
  flag.last = value ? 1 : 0;
  file_.put(flag.signal, value ? "1" : "0");
}

void WaveWriter::put_number(WaveFile::Signal signal, uint64_t number, int bits) {
  std::string digits(static_cast<size_t>(bits), '0');
  for (int b = 0; b < bits; ++b) digits[static_cast<size_t>(bits - 1 - b)] = ((number >> b) & 1) != 0 ? '1' : '0';
  file_.put(signal, digits);
}

/// Returns whether an element differs: what is undefined is x on both sides. Images that are the ones of the cycle before need no look.
bool WaveWriter::write_field(const Trace& trace, uint64_t cycle, Shown& shown) {
  const Field& f = fields_[shown.field];
  const std::string undefined(static_cast<size_t>(f.width), 'x');
  const bool has_before = cycle > trace.first(), short_field = f.width <= 64;
  const size_t bytes = part_bytes(f);
  bool differs = false;
  size_t part = std::numeric_limits<size_t>::max();
  bool stays[2] = {}, part_stays = false;
  for (Element& element : shown.elements) {
    if (element.place.part != part) {
      part = element.place.part;
      const bool conditions = has_before && trace.conditions(cycle, shown.field, part) == trace.conditions(cycle - 1, shown.field, part);
      for (const Side side : kSides) {
        stays[side == Side::Model] = conditions && trace.image(side, cycle, shown.field, part) == trace.image(side, cycle - 1, shown.field, part);
      }
      part_stays = stays[0] && stays[1];
    }
    if (!part_stays) {
      const bool defined = trace.defined(cycle, shown.field, element.place);
      for (const Side side : kSides) {
        Signal& signal = element.sides[side == Side::Model];
        const uint8_t* image = trace.image(side, cycle, shown.field, part);
        if (stays[side == Side::Model] || (defined && short_field && signal.known && signal.code == code_of(f, image, bytes, element.place.element))) continue;
        put(signal, defined ? digits_of(f, image, element.place.element) : undefined, f);
        signal.known = defined && short_field;
        if (signal.known) signal.code = code_of(f, image, bytes, element.place.element);
      }
      element.differs = element.sides[0].last != element.sides[1].last;
    }
    differs = differs || element.differs;
  }
  put(shown.differs, differs);
  return differs;
}

void WaveWriter::write_cycle(const Trace& trace, uint64_t cycle) {
  file_.at(kCycleTime * cycle);
  file_.put(clk_, "1");
  put_number(cycle_, cycle, kCycleBits);
  for (size_t i = 0; i < pins_.size(); ++i) {
    const Field pin{"", "", {}, trace.pins()[i].bits, "", FieldClass::Pin, "", Split::None, true, {}};
    put(pins_[i], digits_of(pin, trace.pin(cycle, i), 0), pin);
  }
  std::vector<bool> blocks(blocks_.size());
  for (Shown& shown : shown_) {
    if (write_field(trace, cycle, shown)) blocks[shown.block] = true;
  }
  for (size_t b = 0; b < blocks_.size(); ++b) put(blocks_[b], blocks[b]);
  file_.at(kCycleTime * cycle + kCycleTime / 2);
  file_.put(clk_, "0");
}

void WaveWriter::write(const Trace& trace) {
  if (trace.empty()) return;
  for (uint64_t cycle = empty_ ? trace.first() : std::max(next_, trace.first()); cycle <= trace.last(); ++cycle) write_cycle(trace, cycle);
  next_ = trace.last() + 1;
  empty_ = false;
}

void WaveWriter::finish() { file_.finish(kCycleTime * next_); }

}  // namespace assay::waves
