; SPDX-License-Identifier: Apache-2.0
; Section 17.5.1: a * w + c, the product exact, rounded once to FP32. a and w stand in the operand form (17.4): sign, 8 bits of exponent, 10 of
; mantissa, so this holds for every pair of formats. Unit: a_i, b_i, c_i -> sum_o, flags_o. The product of the significands is cut: it is a
; free value within what is true of any product, and claims of their own say that the unit multiplies the significands and that no product
; leaves those bounds.
; include: floats.smt2

(define-sort Operand () (_ BitVec 19))
(define-sort Sum () (_ FloatingPoint 10 52))  ; what the sum is rounded to on its way: see the note at |sum|

(define-fun exponent ((o Operand)) (_ BitVec 8) ((_ extract 17 10) o))
(define-fun mantissa ((o Operand)) (_ BitVec 10) ((_ extract 9 0) o))
(define-fun special ((o Operand)) Bool (= (exponent o) #xff))
(define-fun nan ((o Operand)) Bool (and (special o) (not (= (mantissa o) (_ bv0 10)))))
(define-fun infinite ((o Operand)) Bool (and (special o) (= (mantissa o) (_ bv0 10))))
(define-fun zero ((o Operand)) Bool (= ((_ extract 17 0) o) (_ bv0 18)))
(define-fun signalling-operand ((o Operand)) Bool (and (nan o) (= ((_ extract 9 9) o) #b0)))
(define-fun significand ((o Operand)) (_ BitVec 32)
  (concat (_ bv0 21) (ite (= (exponent o) #x00) #b0 #b1) (mantissa o)))
(define-fun weight ((o Operand)) (_ BitVec 10)  ; the exponent, of subnormal numbers that of the smallest normal one
  (concat #b00 (ite (= (exponent o) #x00) #x01 (exponent o))))

; Only bf16 has operands with exponent 0, and its mantissas end in three zeros.
(define-fun assume () Bool
  (and (=> (= (exponent a_i) #x00) (= ((_ extract 2 0) a_i) #b000)) (=> (= (exponent b_i) #x00) (= ((_ extract 2 0) b_i) #b000))))

; What is true of a product p = u * v of significands: u, v are in 1024 ... 2047, or multiples of 8 below that.
(define-fun times ((u (_ BitVec 32)) (n (_ BitVec 32))) (_ BitVec 32) (bvshl u n))
(define-fun possible-by ((u (_ BitVec 32)) (v (_ BitVec 32)) (p (_ BitVec 32))) Bool
  (ite (= v (_ bv0 32)) (= p (_ bv0 32))
    (ite (bvuge v (_ bv1024 32)) (and (bvuge p (times u (_ bv10 32))) (bvule p (bvsub (times u (_ bv11 32)) u)))
      (and (bvuge p (times u (_ bv3 32))) (bvule p (times u (_ bv10 32)))))))
(define-fun possible ((p (_ BitVec 32))) Bool
  (and (possible-by (significand a_i) (significand b_i) p) (possible-by (significand b_i) (significand a_i) p)))

; the unit multiplies the significands, 11 bits each
; cut: *
(define-fun claim-factors () Bool
  (and (= |*a| (significand a_i)) (= |*b| (significand b_i))))

; no product leaves the bounds in which the free value stands for it
; by: cadical
; cut: *
(define-fun claim-possible () Bool
  (possible (bvmul |*a| |*b|)))

; The value of a product: |*| * 2^(weights - 2*127 - 20), exact. The power of two is written as its bits.
(define-fun negative () (_ BitVec 1) (bvxor ((_ extract 18 18) a_i) ((_ extract 18 18) b_i)))
(define-fun magnitude () Wide
  (fp.mul RNE ((_ to_fp_unsigned 10 24) RNE ((_ extract 21 0) |*|)) (fp #b0 (bvadd (weight a_i) (weight b_i) (_ bv237 10)) (_ bv0 23))))
(define-fun product () Wide (ite (= negative #b1) (fp.neg magnitude) magnitude))

; The sum, by way of 52 bits. Two roundings are one here: a sum of two numbers of at most 24 bits that needs more than 52 is the larger one and
; less than 2^-28 of it, far from every tie of 24 bits; below 2^-126, c is a multiple of 2^-149, or the sum is again the product and next to
; nothing.
(define-fun c () Fp32 (fp32 c_i))
(define-fun first () Sum ((_ to_fp 10 52) RNE product))
(define-fun second () Sum ((_ to_fp 10 52) RNE c))
(define-fun sum () Fp32 ((_ to_fp 8 24) RNE (fp.add RNE first second)))

; Finite operands of fp16 and FP8: at least 2^-24, below 2^16, or 0.
(define-fun narrow ((o Operand)) Bool (or (zero o) (and (bvuge (exponent o) #x67) (bvule (exponent o) #x8e))))
(define-fun all-finite () Bool (and (not (special a_i)) (not (special b_i)) (finite c)))

; finite operands, fp16 and FP8: a*w + c rounded once to nearest even, overflow gives infinity, zeros have the sign of the section
; by: cadical
; cut: *
(define-fun claim-sum-narrow () Bool
  (=> (and all-finite (narrow a_i) (narrow b_i) (possible |*|)) (is-fp32 sum_o sum)))

; Inexact: up and down differ, twice rounded the same way is once. Overflow, tiny: rounded to 24 bits with more exponent than FP32 has.
(define-fun up () Fp32 ((_ to_fp 8 24) RTP (fp.add RTP first second)))
(define-fun down () Fp32 ((_ to_fp 8 24) RTN (fp.add RTN first second)))
(define-fun unbounded () Wide (fp.abs ((_ to_fp 10 24) RNE (fp.add RNE first second))))
(define-fun overflow () Bool (fp.isInfinite sum))
(define-fun inexact () Bool (not (fp.eq up down)))
(define-fun tiny () Bool (fp.lt unbounded (fp #b0 (_ bv385 10) (_ bv0 23))))  ; 2^-126

; finite operands, fp16 and FP8 with each other: overflow, underflow, inexact
; by: cadical
; cut: *
(define-fun claim-flags-narrow () Bool
  (=> (and all-finite (narrow a_i) (narrow b_i) (possible |*|)) (= flags_o (flag-set false overflow (and inexact tiny) inexact))))

; The special cases, in the order of the section.
(define-fun void () Bool (or (and (infinite a_i) (zero b_i)) (and (zero a_i) (infinite b_i))))
(define-fun product-infinite () Bool (and (or (infinite a_i) (infinite b_i)) (not void) (not (nan a_i)) (not (nan b_i))))
(define-fun clash () Bool (and product-infinite (fp.isInfinite c) (not (= negative ((_ extract 31 31) c_i)))))
(define-fun any-nan () Bool (or (nan a_i) (nan b_i) (fp.isNaN c)))

; NaN and infinity: canonical NaN, invalid for signalling operands, inf*0 and inf-inf, else that infinity and no flag
(define-fun claim-special () Bool
  (=> (not all-finite)
      (and (= sum_o (ite (or any-nan void clash) #x7fc00000 (ite product-infinite (concat negative ((_ extract 30 0) #x7f800000)) c_i)))
           (= flags_o (flag-set (or (signalling-operand a_i) (signalling-operand b_i) (signalling c_i) void clash) false false false)))))

; C++ defines every step of the model
; side: model
; cut: *
(define-fun claim-defined () Bool (=> (possible |*|) defined))
