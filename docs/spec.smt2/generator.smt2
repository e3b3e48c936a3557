; SPDX-License-Identifier: Apache-2.0
; Section 17.5.5: the generator of stochastic rounding. Unit: state_i, seed_i, lane_i -> next_o, seeded_o.

; s ^= s << 13; s ^= s >> 17; s ^= s << 5, modulo 2^32
(define-fun first () (_ BitVec 32) (bvxor state_i (bvshl state_i (_ bv13 32))))
(define-fun second () (_ BitVec 32) (bvxor first (bvlshr first (_ bv17 32))))

; one step of xorshift32
(define-fun claim-step () Bool (= next_o (bvxor second (bvshl second (_ bv5 32)))))

; a state other than 0 is never followed by 0
(define-fun claim-alive () Bool (=> (not (= state_i #x00000000)) (not (= next_o #x00000000))))

(define-fun v () (_ BitVec 32) (bvxor seed_i (bvmul (bvadd lane_i #x00000001) #x9e3779b9)))
; a lane starts from v = seed xor ((lane + 1) * 9E3779B9h mod 2^32), from 1 where that is 0
; side: rtl
(define-fun claim-seeded () Bool (= seeded_o (ite (= v #x00000000) #x00000001 v)))
