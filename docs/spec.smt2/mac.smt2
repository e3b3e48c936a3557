; SPDX-License-Identifier: Apache-2.0
; Section 5.1: psum' = psum + a*w modulo 2^32, operands signed or unsigned, each as its command says.
; Unit: psum_i, act_i, weight_i, act_unsigned_i, weight_unsigned_i -> psum_o, int_overflow_o.

; An operand's value. 18 bits hold the product of two, which lies in [-32640, 65025].
(define-fun operand ((byte (_ BitVec 8)) (unsigned Bool)) (_ BitVec 18)
  (ite unsigned ((_ zero_extend 10) byte) ((_ sign_extend 10) byte)))

(define-fun exact-product () (_ BitVec 18)
  (bvmul (operand act_i act_unsigned_i) (operand weight_i weight_unsigned_i)))

; 34 bits hold the sum with an INT32.
(define-fun exact-sum () (_ BitVec 34)
  (bvadd ((_ sign_extend 2) psum_i) ((_ sign_extend 16) exact-product)))

; the product is exact: int8 * int8
; by: cadical
(define-fun claim-product-i8-i8 () Bool
  (=> (and (not act_unsigned_i) (not weight_unsigned_i)) (= product ((_ sign_extend 14) exact-product))))

; the product is exact: uint8 * int8
; by: cadical
(define-fun claim-product-u8-i8 () Bool
  (=> (and act_unsigned_i (not weight_unsigned_i)) (= product ((_ sign_extend 14) exact-product))))

; the product is exact: int8 * uint8
; by: cadical
(define-fun claim-product-i8-u8 () Bool
  (=> (and (not act_unsigned_i) weight_unsigned_i) (= product ((_ sign_extend 14) exact-product))))

; the product is exact: uint8 * uint8
; by: cadical
(define-fun claim-product-u8-u8 () Bool
  (=> (and act_unsigned_i weight_unsigned_i) (= product ((_ sign_extend 14) exact-product))))

; C++ defines every step of the model
; side: model
(define-fun claim-defined () Bool defined)

; the sum adds that product, modulo 2^32
(define-fun claim-adds-product () Bool
  (= psum_o (bvadd psum_i product)))

; psum' = psum + a*w modulo 2^32, all four signedness pairs
; uses: product-i8-i8 product-u8-i8 product-i8-u8 product-u8-u8 adds-product
(define-fun claim-psum () Bool
  (= psum_o ((_ extract 31 0) exact-sum)))

; int_overflow tells that the exact sum is not INT32
; uses: product-i8-i8 product-u8-i8 product-i8-u8 product-u8-u8 adds-product
; side: rtl
(define-fun claim-overflow () Bool
  (= int_overflow_o (not (= exact-sum ((_ sign_extend 2) ((_ extract 31 0) exact-sum))))))
