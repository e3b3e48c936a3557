// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/functional/dot.hpp"

namespace assay {

/// fma(a[n−1], b[n−1], … fma(a[0], b[0], start)), or from the last element to the first, by integer arithmetic.
FloatResult chain_by_integers(const CodeSpan& a, const CodeSpan& b, uint32_t start, bool descending);

/// The same by the processor's fused multiply-add, which must be there (x86-64-v3): same bits, and `flags` the same in the end. While one lives,
/// the control word of this thread is ours (exceptions masked, to nearest even, nothing flushed); the destructor puts the caller's back.
class ProcessorChain {
 public:
  ProcessorChain();
  ~ProcessorChain();
  ProcessorChain(const ProcessorChain&) = delete;
  ProcessorChain& operator=(const ProcessorChain&) = delete;

  uint32_t run(const CodeSpan& a, const CodeSpan& b, uint32_t start, bool descending);
  uint8_t flags() const;  ///< of all runs

 private:
  unsigned before_;            ///< the caller's control word
  uint8_t integer_flags_ = 0;  ///< of what the processor was not asked
};

}  // namespace assay
