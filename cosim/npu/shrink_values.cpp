// SPDX-License-Identifier: Apache-2.0
// Data towards 0 and 1: operands of products and commands, biases and scales.
#include <cstdlib>
#include <functional>

#include "cosim/engine/reduce.hpp"
#include "cosim/npu/shrink_search.hpp"
#include "model/common/float_format.hpp"

namespace assay::npu {
namespace {

constexpr size_t kSingly = 64;  ///< values that are looked at one by one, once they are as few

/// Values of one kind in an item: how many, and how one is read and written.
template <class Item>
struct Values {
  size_t count = 0;
  std::function<int64_t(const Item&, size_t)> get;
  std::function<void(Item&, size_t, int64_t)> put;
  int64_t zero = 0, one = 1;                               ///< the plainest, and the next
  std::function<std::vector<int64_t>(int64_t)> simpler{};  ///< of a value that is neither, plainest first; each simpler than the value itself
};

/// Sets as many values as possible to `value`, leaving alone those that `plain` says are as plain.
template <class Item, class Plain>
void set_most(Search& search, size_t at, const Values<Item>& values, int64_t value, Plain plain) {
  std::vector<size_t> open;
  for (size_t i = 0; i < values.count; ++i)
    if (!plain(values.get(std::get<Item>(search.best().recipe.items[at]), i))) open.push_back(i);
  reduce(open.size(), 0, [&](const std::vector<size_t>& kept) {
    return search.attempt_item<Item>(at, [&](Item& item) {
      for (size_t i = 0, k = 0; i < open.size(); ++i) {
        if (k < kept.size() && kept[k] == i)
          ++k;
        else
          values.put(item, open[i], value);
      }
      return true;
    });
  });
}

template <class Item>
void shrink_values(Search& search, size_t at, const Values<Item>& values) {
  const auto plain = [&](int64_t value) { return value == values.zero || value == values.one; };
  set_most(search, at, values, values.zero, [&](int64_t value) { return value == values.zero; });
  set_most(search, at, values, values.one, plain);
  if (!values.simpler) return;
  size_t looked_at = 0;
  for (size_t i = 0; i < values.count && looked_at < kSingly; ++i) {
    const auto now = [&] { return values.get(std::get<Item>(search.best().recipe.items[at]), i); };
    if (plain(now())) continue;
    ++looked_at;
    for (bool again = true; again;) {
      again = false;
      for (const int64_t value : values.simpler(now())) {
        again = search.attempt_item<Item>(at, [&](Item& item) {
          values.put(item, i, value);
          return true;
        });
        if (again) break;
      }
    }
  }
}

/// Towards 0: half of it; positive rather than negative.
std::vector<int64_t> simpler_integer(int64_t value) {
  std::vector<int64_t> values;
  if (value < 0 && value > -128) values.push_back(-value);
  if (std::abs(value) > 3) values.push_back(value / 2);
  return values;
}

/// A power of two; a positive number.
std::vector<int64_t> simpler_float(int64_t code, Format format) {
  const FloatLayout layout = float_layout(format);
  std::vector<int64_t> values;
  const int64_t no_sign = code & ((int64_t{1} << layout.magnitude_bits()) - 1), power = code & ~int64_t{layout.mantissa_mask()};
  if (no_sign != code) values.push_back(no_sign);
  if (power != code && (power & ~(int64_t{1} << layout.magnitude_bits())) != 0) values.push_back(power);
  return values;
}

/// The elements of a matrix; of a floating-point format: its codes.
template <class Item>
Values<Item> elements(const functional::Matrix& now, Format format, std::function<functional::Matrix&(Item&)> matrix) {
  Values<Item> values;
  values.count = now.data.size();
  values.get = [matrix](const Item& item, size_t i) { return int64_t{matrix(const_cast<Item&>(item)).data[i]}; };
  values.put = [matrix](Item& item, size_t i, int64_t value) {
    matrix(item).data[i] = static_cast<int32_t>(value);
    item.expect.clear();  // other operands, other results
  };
  values.simpler = simpler_integer;
  if (is_integer(format)) return values;
  const FloatLayout layout = float_layout(format);
  values.one = int64_t{layout.bias} << layout.mantissa_bits;
  values.simpler = [format](int64_t code) { return simpler_float(code, format); };
  return values;
}

struct ShrinkData {
  Search& search;
  size_t at;

  void operator()(const GemmSpec& spec) const {
    shrink_values(search, at, elements<GemmSpec>(spec.a, Format::Int8, [](GemmSpec& s) -> functional::Matrix& { return s.a; }));
    shrink_values(search, at, elements<GemmSpec>(spec.b, Format::Int8, [](GemmSpec& s) -> functional::Matrix& { return s.b; }));
    const auto column = [&](auto member, int64_t plainest, std::function<std::vector<int64_t>(int64_t)> simpler) {
      using Member = std::remove_reference_t<decltype(std::declval<functional::ColumnParams>().*member)>;
      Values<GemmSpec> values;
      values.count = spec.params.size();
      values.get = [member](const GemmSpec& s, size_t i) { return static_cast<int64_t>(s.params[i].*member); };
      values.put = [member](GemmSpec& s, size_t i, int64_t value) {
        s.params[i].*member = static_cast<Member>(value);
        s.expect.clear();
      };
      values.zero = values.one = plainest;
      values.simpler = std::move(simpler);
      shrink_values(search, at, values);
    };
    column(&functional::ColumnParams::bias, 0, simpler_integer);
    column(&functional::ColumnParams::multiplier, int64_t{1} << 30, nullptr);
    column(&functional::ColumnParams::shift, 1, nullptr);
  }

  void operator()(const FloatSpec& spec) const {
    const auto& p = spec.product;
    shrink_values(search, at, elements<FloatSpec>(p.a, p.a_format, [](FloatSpec& s) -> functional::Matrix& { return s.product.a; }));
    shrink_values(search, at, elements<FloatSpec>(p.b, p.b_format, [](FloatSpec& s) -> functional::Matrix& { return s.product.b; }));
    Values<FloatSpec> bias;
    bias.count = p.bias.size();
    bias.get = [](const FloatSpec& s, size_t i) { return int64_t{s.product.bias[i]}; };
    bias.put = [](FloatSpec& s, size_t i, int64_t value) {
      s.product.bias[i] = static_cast<uint32_t>(value);
      s.expect.clear();
    };
    bias.one = 0x3F800000;
    bias.simpler = [](int64_t code) { return simpler_float(code, Format::Fp32); };
    shrink_values(search, at, bias);
  }

  void operator()(const Recipe::Raw& raw) const {
    const Command command = decode(raw.word, datapath(search.config()));
    const bool load = !raw.weights.empty();
    const CommandData data(search.config(), command, load);
    Values<Recipe::Raw> values;
    values.count = data.lanes(raw);
    values.get = [data](const Recipe::Raw& item, size_t i) { return data.get(item, i); };
    values.put = [data](Recipe::Raw& item, size_t i, int64_t value) { data.put(item, i, value); };
    values.simpler = simpler_integer;
    if (search.config().floating() && values.count > 0) {
      const auto format = static_cast<Format>(command.format);
      const FloatLayout layout = float_layout(format);
      values.one = int64_t{layout.bias} << layout.mantissa_bits;
      values.simpler = [format](int64_t code) { return simpler_float(code, format); };
    }
    shrink_values(search, at, values);
  }
  void operator()(const Recipe::Reset&) const {}
  void operator()(const Recipe::Idle&) const {}
};

}  // namespace

void shrink_data(Search& search) {
  for (size_t at = 0; at < search.best().recipe.items.size(); ++at) {
    const Recipe::Item item = search.best().recipe.items[at];  // a copy: the best changes under it
    std::visit(ShrinkData{search, at}, item);
  }
}

}  // namespace assay::npu
