; SPDX-License-Identifier: Apache-2.0
; Section 17.5.8: an integer in -2^31 ... 2^32 - 1 as FP32, of the library and of `assay calc`. Unit: value_i, 33 bits signed -> fp32_o, flags_o.
; include: floats.smt2

(define-fun assume () Bool (bvsge value_i (bvneg (_ bv2147483648 33))))
(define-fun nearest () Fp32 ((_ to_fp 8 24) RNE value_i))

; rounded to nearest, ties to even; 0 gives +0
; by: cadical
(define-fun claim-value () Bool (is-fp32 fp32_o nearest))

; inexact when rounding up and down differ, no other flag
; by: cadical
(define-fun claim-flags () Bool
  (= flags_o (flag-set false false false (not (= ((_ to_fp 8 24) RTP value_i) ((_ to_fp 8 24) RTN value_i))))))

; C++ defines every step of the model
(define-fun claim-defined () Bool defined)
