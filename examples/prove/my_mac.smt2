; SPDX-License-Identifier: Apache-2.0
; What my_mac is to do: acc + a*w, exact in 16 bits, saturated to 12.
; Unit: acc_i, a_i, w_i -> acc_o, saturated_o.

(define-fun exact () (_ BitVec 16)
  (bvadd ((_ sign_extend 4) acc_i) (bvmul ((_ sign_extend 12) a_i) ((_ sign_extend 12) w_i))))
(define-fun fits () Bool (= exact ((_ sign_extend 4) ((_ extract 11 0) exact))))

; acc' = acc + a*w, saturated to 12 bits
(define-fun claim-sum () Bool
  (= acc_o (ite fits ((_ extract 11 0) exact) (ite (bvslt exact #x0000) #x800 #x7ff))))

; saturated tells that it had to be
(define-fun claim-saturated () Bool (= saturated_o (not fits)))
