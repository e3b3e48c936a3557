; SPDX-License-Identifier: Apache-2.0
; Section 10: one clock edge of the PEs of a row, two columns, so that each kind of neighbour is there: NAME is a register's value before the
; edge, |NAME'| after it. Column 0 takes its activation from act_i, column 1 from column 0.

(define-fun byte ((row (_ BitVec 16)) (column Bool)) (_ BitVec 8) (ite column ((_ extract 15 8) row) ((_ extract 7 0) row)))
(define-fun bit ((row (_ BitVec 2)) (column Bool)) (_ BitVec 1) (ite column ((_ extract 1 1) row) ((_ extract 0 0) row)))
(define-fun as-bit ((b Bool)) (_ BitVec 1) (ite b #b1 #b0))
(define-fun top ((v (_ BitVec 8))) (_ BitVec 1) ((_ extract 7 7) v))

; An element's value: sext(byte) + 256 * high. A high bit stands only beside a negative byte, which claim-invariant keeps up.
(define-fun value ((v (_ BitVec 8)) (high (_ BitVec 1))) (_ BitVec 18) (ite (= high #b1) ((_ zero_extend 10) v) ((_ sign_extend 10) v)))
(define-fun legal ((v (_ BitVec 16)) (high (_ BitVec 2))) Bool
  (= (bvand high (bvnot (concat (top (byte v true)) (top (byte v false))))) #b00))
(define-fun assume () Bool
  (and (legal act_q act_high_q) (legal weight_q weight_high_q) (legal shadow_q shadow_high_q) (=> act_high_i (= (top act_i) #b1))))

(define-fun act-in ((column Bool)) (_ BitVec 8) (ite column (byte act_q false) act_i))
(define-fun act-high-in ((column Bool)) (_ BitVec 1) (ite column (bit act_high_q false) (as-bit act_high_i)))
(define-fun product ((column Bool)) (_ BitVec 18)
  (bvmul (value (act-in column) (act-high-in column)) (value (byte weight_q column) (bit weight_high_q column))))

; reset: every register is 0 after the edge
(define-fun claim-reset () Bool
  (=> (not rst_ni)
      (and (= |act_q'| #x0000) (= |act_high_q'| #b00) (= |switch_q'| #b00) (= |shadow_q'| #x0000) (= |shadow_high_q'| #b00)
           (= |weight_q'| #x0000) (= |weight_high_q'| #b00) (= |psum_q'| #x0000000000000000))))

; activations and switches move one column each clock
(define-fun claim-moves () Bool
  (=> rst_ni (and (= |act_q'| (concat (act-in true) (act-in false))) (= |act_high_q'| (concat (act-high-in true) (act-high-in false)))
                  (= |switch_q'| (concat (bit switch_q false) (as-bit switch_i))))))

; the shadow weights are written on load, with high = unsigned & byte[7], else they hold
(define-fun claim-shadow () Bool
  (=> rst_ni
      (and (= |shadow_q'| (ite load_i weight_i shadow_q))
           (= |shadow_high_q'| (ite load_i (ite weight_unsigned_i (concat (top (byte weight_i true)) (top (byte weight_i false))) #b00) shadow_high_q)))))

(define-fun switched ((column Bool)) Bool (= (bit switch_q column) #b1))
(define-fun weight-is ((column Bool)) Bool
  (and (= (byte |weight_q'| column) (ite (switched column) (byte shadow_q column) (byte weight_q column)))
       (= (bit |weight_high_q'| column) (ite (switched column) (bit shadow_high_q column) (bit weight_high_q column)))))

; a column whose switch stands takes its shadow weight, the other holds
(define-fun claim-weight () Bool (=> rst_ni (and (weight-is false) (weight-is true))))

; column 0: psum' = the psum from above + activation * weight, modulo 2^32
; by: cadical
(define-fun claim-psum-0 () Bool
  (=> rst_ni (= ((_ extract 31 0) |psum_q'|) (bvadd ((_ extract 31 0) psum_i) ((_ sign_extend 14) (product false))))))

; column 1: the same with column 0's activation
; by: cadical
(define-fun claim-psum-1 () Bool
  (=> rst_ni (= ((_ extract 63 32) |psum_q'|) (bvadd ((_ extract 63 32) psum_i) ((_ sign_extend 14) (product true))))))

; no clock edge makes a high bit beside a byte that is not negative
(define-fun claim-invariant () Bool
  (and (legal |act_q'| |act_high_q'|) (legal |weight_q'| |weight_high_q'|) (legal |shadow_q'| |shadow_high_q'|)))
