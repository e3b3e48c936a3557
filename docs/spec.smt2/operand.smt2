; SPDX-License-Identifier: Apache-2.0
; Sections 11 and 17.8: what stage 1 of an accumulator column hands to its adder, as the model's kernels compute it for one column; the RTL's is
; in the clock edge of `accumulators` and `fp_accumulators`. Unit: valid1_i, acc1_i, written_i, hit_i, sum2_i, stored_i ->
; old_o, undefined_o of the integer tile, fp_old_o of the floating-point one.

(define-fun wanted () Bool (and valid1_i acc1_i))
(define-fun known () Bool (or written_i hit_i))
(define-fun newest () (_ BitVec 32) (ite hit_i sum2_i stored_i))

; integer: the sum still in the adder, the memory's, or 0 for an entry never written and when nothing accumulates
(define-fun claim-old () Bool (= old_o (ite (and wanted known) newest #x00000000)))

; undefined tells that an entry never written is accumulated onto
(define-fun claim-undefined () Bool (= undefined_o (and wanted (not known))))

; floating point: the same, but -0, which is neutral, when nothing accumulates
(define-fun claim-fp-old () Bool (= fp_old_o (ite wanted (ite known newest #x00000000) #x80000000)))

; C++ defines every step of the model
(define-fun claim-defined () Bool defined)
