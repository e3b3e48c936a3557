; SPDX-License-Identifier: Apache-2.0
; Section 5.4: x * multiplier * 2^(shift-31), rounded twice or once, word for word as the section has it.
; Unit: x_i, multiplier_i, shift_i, single_i -> y_o, saturated_o. All exact values are 64 bits wide or 96 where the section needs more.

; The multiplier is 0 or in [2^30, 2^31); the shift is in [-31, 30].
(define-fun assume () Bool
  (and (or (= multiplier_i #x00000000) (and (bvuge multiplier_i #x40000000) (bvult multiplier_i #x80000000)))
       (bvsge shift_i (bvneg (_ bv31 6))) (bvsle shift_i (_ bv30 6))))

(define-fun fits32 ((v (_ BitVec 96))) Bool (= v ((_ sign_extend 64) ((_ extract 31 0) v))))
(define-fun sat32 ((v (_ BitVec 96))) (_ BitVec 32)
  (ite (fits32 v) ((_ extract 31 0) v) (ite (bvslt v (_ bv0 96)) #x80000000 #x7fffffff)))

; The shift to the left, max(s, 0), and to the right, max(-s, 0), as 96-bit amounts.
(define-fun left () (_ BitVec 96) (ite (bvsge shift_i (_ bv0 6)) ((_ sign_extend 90) shift_i) (_ bv0 96)))
(define-fun right () (_ BitVec 96) (ite (bvslt shift_i (_ bv0 6)) (bvneg ((_ sign_extend 90) shift_i)) (_ bv0 96)))
(define-fun wide () (_ BitVec 96) (bvshl ((_ sign_extend 64) x_i) left))

; Half the divisor 2^n, 0 for n = 0.
(define-fun half-of ((n (_ BitVec 96))) (_ BitVec 96) (bvlshr (bvshl (_ bv1 96) n) (_ bv1 96)))

; v / 2^n to nearest, ties away from zero: the magnitude is rounded half up.
(define-fun divided-away ((v (_ BitVec 96)) (n (_ BitVec 96))) (_ BitVec 96)
  (ite (bvslt v (_ bv0 96)) (bvneg (bvlshr (bvadd (bvneg v) (half-of n)) n)) (bvlshr (bvadd v (half-of n)) n)))

; double: p is x' * m. h = floor((p + 2^30) / 2^31), then h / 2^max(-s,0), ties away from zero.
(define-fun twice ((p (_ BitVec 64))) (_ BitVec 32)
  ((_ extract 31 0) (divided-away (bvashr (bvadd ((_ sign_extend 32) p) (_ bv1073741824 96)) (_ bv31 96)) right)))

; single: p is x * m. floor((p + 2^(30-s)) / 2^(31-s)), before it saturates.
(define-fun once ((p (_ BitVec 64))) (_ BitVec 96)
  (let ((down (bvsub (_ bv31 96) ((_ sign_extend 90) shift_i))))
    (bvashr (bvadd ((_ sign_extend 32) p) (half-of down)) down)))

; The factor of the product: x, or for double sat32(x * 2^max(s,0)).
(define-fun factor () (_ BitVec 32) (ite single_i x_i (sat32 wide)))
(define-fun product-of-spec () (_ BitVec 64) (bvmul ((_ sign_extend 32) factor) ((_ sign_extend 32) multiplier_i)))

; What is known of a product: |x'| <= 2^31 and 0 <= m < 2^31, so it lies in [-2^62 + 2^31, (2^31 - 1)^2].
(define-fun possible ((p (_ BitVec 64))) Bool
  (and (bvsge p #xc000000080000000) (bvsle p #x3fffffff00000001)))

; double: the multiplier's first operand is x', saturated
; side: model
; cut: product
(define-fun claim-factor () Bool (=> (not single_i) (= operand ((_ sign_extend 32) (sat32 wide)))))

; double: the product is that operand times m
; by: cadical
; side: model
; cut: product
(define-fun claim-times () Bool (=> (not single_i) (= |product=| (bvmul operand ((_ zero_extend 32) multiplier_i)))))

; double: the product before any rounding is exact: x' * m, x' saturated
; side: rtl
; by: cadical
; cut: product
(define-fun claim-product-double () Bool (=> (not single_i) (= |product=| product-of-spec)))

; single: the product before any rounding is exact: x * m
; by: cadical
; cut: product
(define-fun claim-product-single () Bool (=> single_i (= |product=| product-of-spec)))

; no product leaves these bounds, so a free value in them stands for it below
; by: cadical
; cut: product
(define-fun claim-possible () Bool (possible |product=|))

; double: half up at 2^31, then half away from zero at 2^max(-s,0)
; cut: product
(define-fun claim-double () Bool
  (=> (and (possible product) (not single_i)) (= y_o (twice product))))

; single: half up once at 2^(31-s), saturated to INT32
; cut: product
(define-fun claim-single () Bool
  (=> (and (possible product) single_i) (= y_o (sat32 ((_ extract 95 0) (once product))))))

; saturated tells that x * 2^max(s,0), for single the result, left INT32
; cut: product
(define-fun claim-saturated () Bool
  (=> (possible product) (= saturated_o (not (fits32 (ite single_i (once product) wide))))))

; C++ defines every step of the model
; side: model
; cut: product
(define-fun claim-defined () Bool (=> (possible product) defined))
