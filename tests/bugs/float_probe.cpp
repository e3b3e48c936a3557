// SPDX-License-Identifier: Apache-2.0
// After how many vectors is the RTL under ${ASSAY_ROOT} caught? Runs the suites of tests/float_rtl on one bench module, in their order
// and with their seeds, until the first difference; then as many vectors with every bit uniform as asked for. One JSON line.
#include <cstdlib>
#include <cstring>
#include <exception>
#include <vector>

#include "tests/float_rtl/units.hpp"

using namespace assay;
using namespace assay::oracle;

namespace {

/// Suites one after the other, until one finds a difference.
class Sequence {
 public:
  template <class Suite>
  void run(Suite&& suite) {
    if (!total_.good()) return;
    const Outcome one = suite();
    total_.vectors += one.vectors;
    total_.first = one.first;
  }
  const Outcome& total() const { return total_; }

 private:
  Outcome total_;
};

struct Found {
  Outcome shipped, uniform;
};

Found probe_pe(uint64_t uniform) {
  PeUnit pe;
  Sequence shipped;
  shipped.run([&] { return corner_macs_of_all_pairs(pe, 2, 80000, 16); });
  for (const Format fa : kFp8)
    for (const Format fb : kFp8) shipped.run([&] { return fp8_pairs(pe, fa, fb); });
  return {shipped.total(), uniform_macs_of_all_pairs(pe, 1, uniform / 25)};
}

Found probe_decode(uint64_t uniform) {
  DecodeUnit decode;
  Sequence shipped;
  shipped.run([&] { return decodes_of_all_formats(decode); });
  Outcome random;
  Random draw(1, 1);
  for (uint64_t i = 0; i < uniform && random.good(); ++i) {
    const Format f = kOperandFormats[draw.below(kOperandFormats.size())];
    const DecodeCase c{static_cast<uint32_t>(draw.below(codes(f))), f};
    random.compare(c, decode(c), widen(c.code, c.f));
  }
  return {shipped.total(), random};
}

Found probe_cast(uint64_t uniform) {
  CastUnit cast;
  Sequence shipped;
  shipped.run([&] { return corner_casts_of_all_formats(cast, 1, 200000); });
  for (const Format g : kFp8) shipped.run([&] { return encodes(cast, g, fp8_randoms()); });
  for (const Format g : {Format::Int8, Format::Uint8, Format::Int32}) shipped.run([&] { return encodes(cast, g, {}); });
  Outcome random;
  for (uint64_t i = 0; i < uniform && random.good(); ++i) {
    const CastCase c = uniform_cast(static_cast<Format>(i % kFormats), 1, i);
    random.compare(c, cast(c), convert(c.x, c.g, c.saturate, c.random));
  }
  return {shipped.total(), random};
}

void print(const char* name, const Outcome& o) {
  std::printf("\"%s\": {\"caught\": %s, \"vectors\": %llu, \"first\": \"%s\"}", name, o.good() ? "false" : "true", static_cast<unsigned long long>(o.vectors),
              o.first.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: float_probe npu_fp_pe|npu_decode|npu_cast UNIFORM_VECTORS\n");
    return 2;
  }
  try {
    const std::string module = argv[1];
    const uint64_t uniform = std::strtoull(argv[2], nullptr, 10);
    if (module != "npu_fp_pe" && module != "npu_decode" && module != "npu_cast") {
      std::fprintf(stderr, "float_probe: %s: no such bench module\n", argv[1]);
      return 2;
    }
    const Found found = module == "npu_fp_pe" ? probe_pe(uniform) : module == "npu_decode" ? probe_decode(uniform) : probe_cast(uniform);
    std::printf("{");
    print("shipped", found.shipped);
    std::printf(", ");
    print("uniform", found.uniform);
    std::printf("}\n");
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "float_probe: %s\n", error.what());
    return 3;
  }
}
