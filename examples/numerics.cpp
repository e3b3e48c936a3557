// SPDX-License-Identifier: Apache-2.0
// The arithmetic of the golden model from a program of one's own: value types, conversions with flags, one fused multiply-add, and the same dot
// product under several accumulation policies. Exits with 1 where a printed number is not the one that docs/numerics-library.md shows.
#include <cstdio>
#include <vector>

#include "model/common/float_types.hpp"
#include "model/functional/dot.hpp"
#include "model/functional/quantise.hpp"
#include "model/pe/fma.hpp"

namespace {

int wrong = 0;

void show(const char* what, double value, double expected) {
  std::printf("%-34s %.10g\n", what, value);
  if (value != expected) ++wrong;
}

double dot_value(const assay::CodeSpan& a, const assay::CodeSpan& b, const assay::DotPolicy& policy) {
  return assay::to_double(assay::dot(a, b, assay::kNoEntry, policy).bits, assay::Format::Fp32);
}

}  // namespace

int main() {
  using namespace assay;

  // Value types: explicit both ways, one rounding.
  const Fp8E4M3FN x(0.3f);
  show("0.3 in E4M3FN", static_cast<float>(x), 0.3125);
  show("500 in E4M3FN, saturated", static_cast<float>(Fp8E4M3FN::saturated(500.0f)), 448);

  // Any format to any other, with flags.
  const FloatResult narrow = cast(0x47700000, Format::Fp32, Format::E5m2, false, std::nullopt);  // 61,440: a tie that goes to infinity
  std::printf("%-34s code %02X, overflow %d\n", "61440 in E5M2", narrow.bits, (narrow.flags & kOverflow) != 0);
  if (narrow.bits != 0x7C) ++wrong;

  // What one processing element does: a·w + c, rounded once.
  const FloatResult sum = fma(x.operand(), Fp8E5M2(3.0f).operand(), Fp32(1e-9f).bits());
  show("0.3125 * 3 + 1e-9", to_double(sum.bits, Format::Fp32), 0.9375);

  // The same 4,096 products, summed as different hardware does.
  std::vector<float> values;
  for (int k = 0; k < 4096; ++k) values.push_back(static_cast<float>(k * 37 % 101 - 30) / 7.0f);
  const Quantised q = quantise(values, Format::Bf16, false);
  const std::vector<uint16_t> codes(q.codes.begin(), q.codes.end());
  const CodeSpan a(std::span<const uint16_t>(codes), Format::Bf16);

  DotPolicy chain, tile, bf16, tensor_core, exact;
  tile.k_tile = 16;
  bf16.k_tile = 16, bf16.bf16_entries = true;
  tensor_core.sum = DotPolicy::Sum::Aligned, tensor_core.start = DotPolicy::Start::Stored;
  tensor_core.group = 32, tensor_core.fraction_bits = 13, tensor_core.output_bits = 13;
  exact.sum = DotPolicy::Sum::Exact;

  show("one chain of FP32 sums", dot_value(a, a, chain), 104467.1953125);
  show("tile of 16 rows", dot_value(a, a, tile), 104466.625);
  show("the same with BF16 entries", dot_value(a, a, bf16), 116736);
  show("aligned, 13 bits, 32 at a time", dot_value(a, a, tensor_core), 96968);
  show("exact, then one rounding", dot_value(a, a, exact), 104466.671875);
  return wrong == 0 ? 0 : 1;
}
