; SPDX-License-Identifier: Apache-2.0
; Section 17.5.7: relu of the floating-point activation unit. Unit: x_i -> y_o.
; include: floats.smt2

(define-fun zero () Fp32 (_ +zero 8 24))

; x where x > 0; +0 for zeros and negative numbers; a NaN becomes the canonical one
(define-fun claim-relu () Bool
  (is-fp32 y_o (ite (or (fp.isNaN (fp32 x_i)) (fp.gt (fp32 x_i) zero)) (fp32 x_i) zero)))

; C++ defines every step of the model
; side: model
(define-fun claim-defined () Bool defined)
