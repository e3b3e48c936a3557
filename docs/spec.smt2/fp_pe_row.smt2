; SPDX-License-Identifier: Apache-2.0
; Section 17.7: one clock edge of the operands of a row of floating-point PEs, two columns, two cycles of latency, with the low bits: NAME is a
; register's value before the edge, |NAME'| after it. Column 0 takes its activation from the skew, column 1 from column 0.

(define-fun switched ((column (_ BitVec 2))) Bool (not (= (bvand switch_q column) #b00)))

; reset: every register is 0 after the edge
(define-fun claim-reset () Bool
  (=> (not rst_ni)
      (and (= |act_q'| #x00000000) (= |gen_low.act_low_q'| #b000000) (= |act_valid_q'| #b00) (= |switch_q'| #b00) (= |shadow_q'| #x00000000)
           (= |gen_low.shadow_low_q'| #b000000) (= |weight_q'| #x00000000) (= |gen_low.weight_low_q'| #b000000) (= |psum_valid_q'| #b00)
           (= |gen_delay[1].psum_valid_delay_q'| #b00))))

; activations, their valid bits and switches move one column each clock
(define-fun claim-moves () Bool
  (=> rst_ni (and (= |act_q'| (concat ((_ extract 15 0) act_q) act_i)) (= |gen_low.act_low_q'| (concat ((_ extract 2 0) |gen_low.act_low_q|) act_low_i))
                  (= |act_valid_q'| (concat ((_ extract 0 0) act_valid_q) (ite act_valid_i #b1 #b0)))
                  (= |switch_q'| (concat ((_ extract 0 0) switch_q) (ite switch_i #b1 #b0))))))

; the shadow operands are written on load, else they hold
(define-fun claim-shadow () Bool
  (=> rst_ni (and (= |shadow_q'| (ite load_i weight_i shadow_q)) (= |gen_low.shadow_low_q'| (ite load_i weight_low_i |gen_low.shadow_low_q|)))))

; a column whose switch stands takes its shadow operand, the other holds
(define-fun claim-weight () Bool
  (=> rst_ni
      (and (= ((_ extract 15 0) |weight_q'|) (ite (switched #b01) ((_ extract 15 0) shadow_q) ((_ extract 15 0) weight_q)))
           (= ((_ extract 31 16) |weight_q'|) (ite (switched #b10) ((_ extract 31 16) shadow_q) ((_ extract 31 16) weight_q)))
           (= ((_ extract 2 0) |gen_low.weight_low_q'|) (ite (switched #b01) ((_ extract 2 0) |gen_low.shadow_low_q|) ((_ extract 2 0) |gen_low.weight_low_q|)))
           (= ((_ extract 5 3) |gen_low.weight_low_q'|) (ite (switched #b10) ((_ extract 5 3) |gen_low.shadow_low_q|) ((_ extract 5 3) |gen_low.weight_low_q|))))))

; valid bits of sums come from above and leave two cycles later
(define-fun claim-valid () Bool
  (=> rst_ni (and (= |psum_valid_q'| valid_i) (= |gen_delay[1].psum_valid_delay_q'| psum_valid_q) (= valid_o |gen_delay[1].psum_valid_delay_q|))))

; what stands in front of the arithmetic: the activations that come in with this edge and the active weights
(define-fun claim-operands () Bool
  (and (= act_o (concat ((_ extract 15 0) act_q) act_i)) (= act_low_o (concat ((_ extract 2 0) |gen_low.act_low_q|) act_low_i))
       (= act_valid_o (concat ((_ extract 0 0) act_valid_q) (ite act_valid_i #b1 #b0)))
       (= weight_o weight_q) (= weight_low_o |gen_low.weight_low_q|)))
