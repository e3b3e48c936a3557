; SPDX-License-Identifier: Apache-2.0
; Section 17.1 and 17.5: what the floating-point specifications share. Codes become numbers of SMT-LIB's theory.

(define-sort Code () (_ BitVec 32))
(define-sort Fp32 () (_ FloatingPoint 8 24))
(define-sort Wide () (_ FloatingPoint 10 24))  ; holds every FP32 number as a normal one: an unbounded exponent, as far as it matters

(define-fun fp32 ((code Code)) Fp32 ((_ to_fp 8 24) code))
(define-fun finite ((x Fp32)) Bool (not (or (fp.isNaN x) (fp.isInfinite x))))

; A NaN is signalling when its quiet bit, m[22], is 0.
(define-fun signalling ((code Code)) Bool
  (and (fp.isNaN (fp32 code)) (= ((_ extract 22 22) code) #b0)))

; A code is the value x of the theory: canonical when x is NaN, else the same number with the same sign of zero.
(define-fun is-fp32 ((code Code) (x Fp32)) Bool
  (ite (fp.isNaN x) (= code #x7fc00000) (= (fp32 code) x)))

; The flag set, {invalid, overflow, underflow, inexact}.
(define-fun flag-set ((invalid Bool) (overflow Bool) (underflow Bool) (inexact Bool)) (_ BitVec 4)
  (concat (ite invalid #b1 #b0) (ite overflow #b1 #b0) (ite underflow #b1 #b0) (ite inexact #b1 #b0)))
