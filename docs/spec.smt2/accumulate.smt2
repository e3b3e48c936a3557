; SPDX-License-Identifier: Apache-2.0
; Sections 5.2 and 5.3: INT32 sums of the accumulators and of the bias wrap, and tell when they did.
; Unit: a_i, b_i -> sum_o, overflow_o.

(define-fun exact-sum () (_ BitVec 33)
  (bvadd ((_ sign_extend 1) a_i) ((_ sign_extend 1) b_i)))

; sum = old + new modulo 2^32
(define-fun claim-sum () Bool
  (= sum_o ((_ extract 31 0) exact-sum)))

; int_overflow tells that the exact sum is not INT32
(define-fun claim-overflow () Bool
  (= overflow_o (not (= exact-sum ((_ sign_extend 1) sum_o)))))

; C++ defines every step of the model
; side: model
(define-fun claim-defined () Bool defined)
