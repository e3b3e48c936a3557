// SPDX-License-Identifier: Apache-2.0
// gemm items: fewer rows, columns and inner places, plainer modes.
#include "cosim/engine/reduce.hpp"
#include "cosim/npu/shrink_search.hpp"

namespace assay::npu {
namespace {

using functional::Matrix;
using Places = std::vector<size_t>;

Matrix rows_of(const Matrix& from, const Places& kept) {
  Matrix to(static_cast<int>(kept.size()), from.cols);
  for (size_t r = 0; r < kept.size(); ++r)
    for (int c = 0; c < from.cols; ++c) to.at(static_cast<int>(r), c) = from.at(static_cast<int>(kept[r]), c);
  return to;
}

Matrix cols_of(const Matrix& from, const Places& kept) {
  Matrix to(from.rows, static_cast<int>(kept.size()));
  for (int r = 0; r < from.rows; ++r)
    for (size_t c = 0; c < kept.size(); ++c) to.at(r, static_cast<int>(c)) = from.at(r, static_cast<int>(kept[c]));
  return to;
}

template <class Value>
std::vector<Value> part_of(const std::vector<Value>& from, const Places& kept) {
  std::vector<Value> to;
  for (const size_t i : kept)
    if (i < from.size()) to.push_back(from[i]);
  return to;
}

Matrix& a_of(GemmSpec& spec) { return spec.a; }
Matrix& b_of(GemmSpec& spec) { return spec.b; }
Matrix& a_of(FloatSpec& spec) { return spec.product.a; }
Matrix& b_of(FloatSpec& spec) { return spec.product.b; }
void keep_columns(GemmSpec& spec, const Places& kept) { spec.params = part_of(spec.params, kept); }
void keep_columns(FloatSpec& spec, const Places& kept) { spec.product.bias = part_of(spec.product.bias, kept); }

/// Expected values follow rows and columns; a shorter inner sum has others.
template <class Spec>
void keep_expected(Spec& spec, int rows, int cols, const Places& kept, bool by_row) {
  if (spec.expect.empty()) return;
  Matrix expect(rows, cols);
  expect.data = spec.expect;
  spec.expect = (by_row ? rows_of(expect, kept) : cols_of(expect, kept)).data;
}

template <class Spec>
void shrink_sizes(Search& search, size_t at, Spec start) {
  const auto stage = [&](int count, auto change) {
    const Spec from = std::get<Spec>(search.best().recipe.items[at]);
    reduce(static_cast<size_t>(count), 1, [&](const Places& kept) {
      return search.attempt_item<Spec>(at, [&](Spec& spec) {
        spec = from;
        change(spec, kept);
        if (spec.m_tile >= a_of(spec).rows) spec.m_tile = 0;
        return true;
      });
    });
  };
  const int M = a_of(start).rows, K = a_of(start).cols, N = b_of(start).cols;
  stage(M, [&](Spec& spec, const Places& kept) {
    a_of(spec) = rows_of(a_of(spec), kept);
    keep_expected(spec, M, N, kept, true);
  });
  Spec shorter = std::get<Spec>(search.best().recipe.items[at]);
  const int m = a_of(shorter).rows;
  stage(N, [&](Spec& spec, const Places& kept) {
    b_of(spec) = cols_of(b_of(spec), kept);
    keep_columns(spec, kept);
    keep_expected(spec, m, N, kept, false);
  });
  stage(K, [&](Spec& spec, const Places& kept) {
    a_of(spec) = cols_of(a_of(spec), kept);
    b_of(spec) = rows_of(b_of(spec), kept);
    spec.expect.clear();
  });
}

/// Modes that are tried one after the other. What a product was expected to give no longer counts in another mode.
template <class Item, class... Change>
void try_each(Search& search, size_t at, Change... change) {
  const auto with = [](auto one) {
    return [one](Item& item) {
      const bool changed = one(item);
      item.expect.clear();
      return changed;
    };
  };
  (search.attempt_item<Item>(at, with(change)), ...);
}

bool cleared(bool& flag) { return std::exchange(flag, false); }

void shrink_mode(Search& search, size_t at, const GemmSpec&) {
  const auto signed_operands = [](Matrix& m) {
    for (int32_t& value : m.data) value = std::min(value, 127);
  };
  const auto clamp = [](GemmSpec& s) {
    const int lo = s.mode.output_unsigned ? 0 : -128;
    const bool changed = s.mode.clamp_lo != lo || s.mode.clamp_hi != lo + 255;
    s.mode.clamp_lo = lo;
    s.mode.clamp_hi = lo + 255;
    return changed && !s.mode.raw;
  };
  const auto raw = [](GemmSpec& s) {
    if (s.mode.raw) return false;
    s.mode = {};
    s.mode.raw = true;
    s.params.clear();
    s.table.reset();
    s.a_zero_point = 0;
    return true;
  };
  try_each<GemmSpec>(
      search, at, [](GemmSpec& s) { return !s.expect.empty(); }, raw, [](GemmSpec& s) { return std::exchange(s.table, std::nullopt).has_value(); },
      [](GemmSpec& s) { return std::exchange(s.a_zero_point, 0) != 0; },
      [&](GemmSpec& s) {
        signed_operands(s.a);
        return cleared(s.a_unsigned);
      },
      [&](GemmSpec& s) {
        signed_operands(s.b);
        return cleared(s.b_unsigned);
      },
      [&](GemmSpec& s) { return cleared(s.mode.single); },
      [&](GemmSpec& s) {
        const bool changed = cleared(s.mode.output_unsigned);
        return changed && clamp(s);
      },
      [](GemmSpec& s) { return std::exchange(s.mode.zero_point, 0) != 0; }, clamp);
}

void shrink_mode(Search& search, size_t at, const FloatSpec&) {
  const auto raw = [](FloatSpec& s) {
    if (std::exchange(s.product.raw, true)) return false;
    s.product.bias.clear();
    s.product.relu = s.product.saturate = s.product.stochastic = false;
    s.product.format = Format::Fp32;
    return true;
  };
  try_each<FloatSpec>(
      search, at, [](FloatSpec& s) { return !s.expect.empty(); }, raw, [](FloatSpec& s) { return cleared(s.product.bf16_entries); },
      [](FloatSpec& s) { return cleared(s.product.relu); }, [](FloatSpec& s) { return cleared(s.product.saturate); },
      [](FloatSpec& s) { return cleared(s.product.stochastic); },
      [](FloatSpec& s) { return !s.product.saturate && !s.product.stochastic && std::exchange(s.product.format, Format::Fp32) != Format::Fp32; },
      [](FloatSpec& s) { return std::exchange(s.product.seed, 0u) != 0; });
}

}  // namespace

void shrink_products(Search& search) {
  for (size_t at = 0; at < search.best().recipe.items.size(); ++at) {
    const Recipe::Item item = search.best().recipe.items[at];
    if (const auto* integer = std::get_if<GemmSpec>(&item)) shrink_sizes(search, at, *integer);
    if (const auto* floating = std::get_if<FloatSpec>(&item)) shrink_sizes(search, at, *floating);
  }
}

void shrink_modes(Search& search) {
  for (size_t at = 0; at < search.best().recipe.items.size(); ++at) {
    const Recipe::Item item = search.best().recipe.items[at];
    if (const auto* integer = std::get_if<GemmSpec>(&item)) shrink_mode(search, at, *integer);
    if (const auto* floating = std::get_if<FloatSpec>(&item)) shrink_mode(search, at, *floating);
  }
}

}  // namespace assay::npu
