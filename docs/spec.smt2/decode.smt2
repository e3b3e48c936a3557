; SPDX-License-Identifier: Apache-2.0
; Section 17.5.8: a code of a narrow format as FP32: exact; NaN becomes canonical and raises invalid when it was signalling.
; Unit: code_i (codes of 8 bits in the low byte), format_i (section 17.1) -> fp32_o, flags_o.
; include: floats.smt2

(define-fun byte () (_ BitVec 8) ((_ extract 7 0) code_i))

; A number of the theory with another format's exponent and significand, widened: exact, since FP32 holds every value of all formats.
(define-fun bf16 () Fp32 ((_ to_fp 8 24) RNE ((_ to_fp 8 8) code_i)))
(define-fun fp16 () Fp32 ((_ to_fp 8 24) RNE ((_ to_fp 5 11) code_i)))
(define-fun e5m2 () Fp32 ((_ to_fp 8 24) RNE ((_ to_fp 5 3) byte)))
(define-fun e4m3 () Fp32 ((_ to_fp 8 24) RNE ((_ to_fp 4 4) byte)))

; E4M3FN has finite numbers at the exponent of all ones. With an exponent field of one bit more, a leading 0, the code is one of a format of
; bias 15, not 7: 2^8 times too small.
(define-fun e4m3fn () Fp32
  (fp.mul RNE ((_ to_fp 8 24) RNE ((_ to_fp 5 4) (concat ((_ extract 7 7) byte) #b0 ((_ extract 6 0) byte)))) (fp32 #x43800000)))

; NaN codes whose quiet bit is 0.
(define-fun signalling16 ((x Fp32) (bit (_ BitVec 1))) (_ BitVec 4) (flag-set (and (fp.isNaN x) (= bit #b0)) false false false))

; bf16: the same number; NaN becomes canonical, invalid tells a signalling one
(define-fun claim-bf16 () Bool
  (=> (= format_i #x4) (and (is-fp32 fp32_o bf16) (= flags_o (signalling16 bf16 ((_ extract 6 6) code_i))))))

; fp16: the same number; NaN becomes canonical, invalid tells a signalling one
(define-fun claim-fp16 () Bool
  (=> (= format_i #x5) (and (is-fp32 fp32_o fp16) (= flags_o (signalling16 fp16 ((_ extract 9 9) code_i))))))

; e5m2: the same number; NaN becomes canonical, invalid tells a signalling one
(define-fun claim-e5m2 () Bool
  (=> (= format_i #x6) (and (is-fp32 fp32_o e5m2) (= flags_o (signalling16 e5m2 ((_ extract 1 1) byte))))))

; e4m3: the same number; NaN becomes canonical, invalid tells a signalling one
(define-fun claim-e4m3 () Bool
  (=> (= format_i #x7) (and (is-fp32 fp32_o e4m3) (= flags_o (signalling16 e4m3 ((_ extract 2 2) byte))))))

; e4m3fn: the same number; the one NaN code becomes canonical and is quiet
(define-fun claim-e4m3fn () Bool
  (=> (= format_i #x8)
      (ite (= ((_ extract 6 0) byte) #b1111111) (and (= fp32_o #x7fc00000) (= flags_o #x0))
           (and (is-fp32 fp32_o e4m3fn) (= flags_o #x0)))))

; The operand form of 17.4, as an FP32 pattern: exact, 1.8.10; NaNs stay NaN, signalling or quiet, and keep their sign.
(define-fun chosen () Fp32
  (ite (= format_i #x4) bf16 (ite (= format_i #x5) fp16 (ite (= format_i #x6) e5m2 (ite (= format_i #x7) e4m3 e4m3fn)))))
(define-fun nan-code () Bool (ite (= format_i #x8) (= ((_ extract 6 0) byte) #b1111111) (fp.isNaN chosen)))
(define-fun quiet-bit () (_ BitVec 1)
  (ite (= format_i #x4) ((_ extract 6 6) code_i) (ite (= format_i #x5) ((_ extract 9 9) code_i)
    (ite (= format_i #x6) ((_ extract 1 1) code_i) ((_ extract 2 2) code_i)))))
(define-fun sign-bit () (_ BitVec 1) (ite (or (= format_i #x4) (= format_i #x5)) ((_ extract 15 15) code_i) ((_ extract 7 7) code_i)))

; the operand form is the code's number in 1.8.10; NaNs stay what they are; below 2^-126 its last three places are 0, as fma takes for granted
(define-fun claim-operand () Bool
  (=> (and (bvuge format_i #x4) (bvule format_i #x8))
      (and (= ((_ extract 12 0) exact) (_ bv0 13)) (= ((_ extract 31 31) exact) sign-bit)
           (=> (= ((_ extract 30 23) exact) #x00) (= ((_ extract 15 13) exact) #b000))
           (ite nan-code (and (fp.isNaN (fp32 exact)) (= ((_ extract 22 22) exact) quiet-bit)) (= (fp32 exact) chosen)))))

; C++ defines every step of the model
; side: model
(define-fun claim-defined () Bool defined)
