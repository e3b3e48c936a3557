; SPDX-License-Identifier: Apache-2.0
; Sections 17.5.2 and 17.8: the sum of two FP32 numbers, rounded once to nearest even, for BF16 entries a second time to BF16.
; Unit: old_i, new_i, bf16_i -> sum_o, flags_o.
; include: floats.smt2

(define-sort Bf16 () (_ FloatingPoint 8 8))
(define-fun a () Fp32 (fp32 old_i))
(define-fun b () Fp32 (fp32 new_i))
(define-fun both-finite () Bool (and (finite a) (finite b)))
(define-fun sum () Fp32 (fp.add RNE a b))

; A sum is inexact when rounding up and rounding down differ. Below 2^-126 it never is: both addends are multiples of 2^-149.
(define-fun inexact () Bool (and both-finite (not (fp.eq (fp.add RTP a b) (fp.add RTN a b)))))
(define-fun overflow () Bool (and both-finite (fp.isInfinite sum)))
(define-fun invalid () Bool (or (signalling old_i) (signalling new_i) (and (fp.isInfinite a) (fp.isInfinite b) (fp.isNaN sum))))

; x + y rounded once to nearest even, zeros, infinities and NaN included
; by: cadical
(define-fun claim-sum () Bool (=> (not bf16_i) (is-fp32 sum_o sum)))

; the flags of the sum: invalid, overflow, inexact; underflow never
; by: cadical
(define-fun claim-flags () Bool (=> (not bf16_i) (= flags_o (flag-set invalid overflow false inexact))))

; The second rounding, of the first one's result; what it raises joins the flags.
(define-fun bf16 () Bf16 ((_ to_fp 8 8) RNE sum))

; with bf16 the sum is rounded twice, to FP32 and then to BF16, and held with a low half of 0
; by: cadical
(define-fun claim-bf16 () Bool
  (=> bf16_i (and (= ((_ extract 15 0) sum_o) #x0000) (is-fp32 sum_o ((_ to_fp 8 24) RNE bf16)))))

; C++ defines every step of the model
; side: model
(define-fun claim-defined () Bool defined)
