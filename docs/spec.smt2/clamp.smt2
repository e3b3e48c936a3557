; SPDX-License-Identifier: Apache-2.0
; Section 5.5: the zero point is added exactly, the clamp is min(max(z0, lo), hi), saturated looks at the destination format.
; Unit: y_i, zero_point_i, lo_i, hi_i, unsigned_i -> z_o, saturated_o. 34 bits hold every value.

(define-fun z0 () (_ BitVec 34) (bvadd ((_ sign_extend 2) y_i) ((_ sign_extend 25) zero_point_i)))
(define-fun lo () (_ BitVec 34) ((_ sign_extend 25) lo_i))
(define-fun hi () (_ BitVec 34) ((_ sign_extend 25) hi_i))
(define-fun at-least-lo () (_ BitVec 34) (ite (bvslt z0 lo) lo z0))
(define-fun clamped () (_ BitVec 34) (ite (bvslt hi at-least-lo) hi at-least-lo))

(define-fun between ((v (_ BitVec 34)) (least (_ BitVec 34)) (most (_ BitVec 34))) Bool (and (bvsle least v) (bvsle v most)))

; z = min(max(y + zero point, lo), hi)
(define-fun claim-clamp () Bool (= z_o ((_ extract 31 0) clamped)))

; saturated tells that y + zero point is not INT8, or with unsigned not UINT8
(define-fun claim-saturated () Bool
  (= saturated_o (not (ite unsigned_i (between z0 (_ bv0 34) (_ bv255 34)) (between z0 (bvneg (_ bv128 34)) (_ bv127 34))))))

; C++ defines every step of the model
; side: model
(define-fun claim-defined () Bool defined)
