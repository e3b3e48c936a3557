; SPDX-License-Identifier: Apache-2.0
; Section 17.5.3: FP32 to a narrower format, to nearest even: rounded once with unbounded exponent, which tells overflow and underflow, and on
; the format's own grid, which is the result. Section 17.5.6: FP32 to integers.
; Unit: x_i, format_i, saturate_i, stochastic_i -> y_o (the code zero-extended, integers extended to 32 bits), flags_o.
; include: floats.smt2

(define-fun x () Fp32 (fp32 x_i))
(define-fun abs-x () Fp32 (fp.abs x))
(define-fun sign () (_ BitVec 1) ((_ extract 31 31) x_i))

; bf16: a format of the theory. Its largest and its smallest normal number, as FP32:
(define-sort Of-bf16 () (_ FloatingPoint 8 8))
(define-fun bf16-largest () Fp32 ((_ to_fp 8 24) RNE ((_ to_fp 8 8) #x7f7f)))
(define-fun bf16-least () Fp32 ((_ to_fp 8 24) RNE ((_ to_fp 8 8) #x0080)))
(define-fun bf16-rounded () Of-bf16 ((_ to_fp 8 8) RNE x))
(define-fun bf16-unbounded () (_ FloatingPoint 10 8) ((_ to_fp 10 8) RNE abs-x))
(define-fun bf16-overflow () Bool (and (finite x) (fp.gt ((_ to_fp 10 24) RNE bf16-unbounded) ((_ to_fp 10 24) RNE bf16-largest))))
(define-fun bf16-inexact () Bool (and (finite x) (not (fp.eq ((_ to_fp 8 24) RNE bf16-rounded) x))))
(define-fun bf16-tiny () Bool (fp.lt ((_ to_fp 10 24) RNE bf16-unbounded) ((_ to_fp 10 24) RNE bf16-least)))

; bf16, to nearest even: NaN canonical; the nearest number, infinity above the range, or the largest number with saturate
(define-fun claim-bf16 () Bool
  (=> (and (= format_i #x4) (not stochastic_i))
      (and (= ((_ extract 31 16) y_o) (_ bv0 16))
           (ite (fp.isNaN x) (= ((_ extract 15 0) y_o) #x7fc0)
             (ite (and saturate_i (or bf16-overflow (fp.isInfinite x))) (= ((_ extract 15 0) y_o) (concat sign ((_ extract 14 0) #x7f7f)))
               (= ((_ to_fp 8 8) ((_ extract 15 0) y_o)) bf16-rounded))))))

; bf16, to nearest even: the flags
(define-fun claim-bf16-flags () Bool
  (=> (and (= format_i #x4) (not stochastic_i))
      (= flags_o (flag-set (signalling x_i) bf16-overflow (and bf16-inexact (not bf16-overflow) bf16-tiny) bf16-inexact))))

; fp16: a format of the theory. Its largest and its smallest normal number, as FP32:
(define-sort Of-fp16 () (_ FloatingPoint 5 11))
(define-fun fp16-largest () Fp32 ((_ to_fp 8 24) RNE ((_ to_fp 5 11) #x7bff)))
(define-fun fp16-least () Fp32 ((_ to_fp 8 24) RNE ((_ to_fp 5 11) #x0400)))
(define-fun fp16-rounded () Of-fp16 ((_ to_fp 5 11) RNE x))
(define-fun fp16-unbounded () (_ FloatingPoint 10 11) ((_ to_fp 10 11) RNE abs-x))
(define-fun fp16-overflow () Bool (and (finite x) (fp.gt ((_ to_fp 10 24) RNE fp16-unbounded) ((_ to_fp 10 24) RNE fp16-largest))))
(define-fun fp16-inexact () Bool (and (finite x) (not (fp.eq ((_ to_fp 8 24) RNE fp16-rounded) x))))
(define-fun fp16-tiny () Bool (fp.lt ((_ to_fp 10 24) RNE fp16-unbounded) ((_ to_fp 10 24) RNE fp16-least)))

; fp16, to nearest even: NaN canonical; the nearest number, infinity above the range, or the largest number with saturate
(define-fun claim-fp16 () Bool
  (=> (and (= format_i #x5) (not stochastic_i))
      (and (= ((_ extract 31 16) y_o) (_ bv0 16))
           (ite (fp.isNaN x) (= ((_ extract 15 0) y_o) #x7e00)
             (ite (and saturate_i (or fp16-overflow (fp.isInfinite x))) (= ((_ extract 15 0) y_o) (concat sign ((_ extract 14 0) #x7bff)))
               (= ((_ to_fp 5 11) ((_ extract 15 0) y_o)) fp16-rounded))))))

; fp16, to nearest even: the flags
(define-fun claim-fp16-flags () Bool
  (=> (and (= format_i #x5) (not stochastic_i))
      (= flags_o (flag-set (signalling x_i) fp16-overflow (and fp16-inexact (not fp16-overflow) fp16-tiny) fp16-inexact))))

; e5m2: a format of the theory. Its largest and its smallest normal number, as FP32:
(define-sort Of-e5m2 () (_ FloatingPoint 5 3))
(define-fun e5m2-largest () Fp32 ((_ to_fp 8 24) RNE ((_ to_fp 5 3) #x7b)))
(define-fun e5m2-least () Fp32 ((_ to_fp 8 24) RNE ((_ to_fp 5 3) #x04)))
(define-fun e5m2-rounded () Of-e5m2 ((_ to_fp 5 3) RNE x))
(define-fun e5m2-unbounded () (_ FloatingPoint 10 3) ((_ to_fp 10 3) RNE abs-x))
(define-fun e5m2-overflow () Bool (and (finite x) (fp.gt ((_ to_fp 10 24) RNE e5m2-unbounded) ((_ to_fp 10 24) RNE e5m2-largest))))
(define-fun e5m2-inexact () Bool (and (finite x) (not (fp.eq ((_ to_fp 8 24) RNE e5m2-rounded) x))))
(define-fun e5m2-tiny () Bool (fp.lt ((_ to_fp 10 24) RNE e5m2-unbounded) ((_ to_fp 10 24) RNE e5m2-least)))

; e5m2, to nearest even: NaN canonical; the nearest number, infinity above the range, or the largest number with saturate
(define-fun claim-e5m2 () Bool
  (=> (and (= format_i #x6) (not stochastic_i))
      (and (= ((_ extract 31 8) y_o) (_ bv0 24))
           (ite (fp.isNaN x) (= ((_ extract 7 0) y_o) #x7e)
             (ite (and saturate_i (or e5m2-overflow (fp.isInfinite x))) (= ((_ extract 7 0) y_o) (concat sign ((_ extract 6 0) #x7b)))
               (= ((_ to_fp 5 3) ((_ extract 7 0) y_o)) e5m2-rounded))))))

; e5m2, to nearest even: the flags
(define-fun claim-e5m2-flags () Bool
  (=> (and (= format_i #x6) (not stochastic_i))
      (= flags_o (flag-set (signalling x_i) e5m2-overflow (and e5m2-inexact (not e5m2-overflow) e5m2-tiny) e5m2-inexact))))

; e4m3: a format of the theory. Its largest and its smallest normal number, as FP32:
(define-sort Of-e4m3 () (_ FloatingPoint 4 4))
(define-fun e4m3-largest () Fp32 ((_ to_fp 8 24) RNE ((_ to_fp 4 4) #x77)))
(define-fun e4m3-least () Fp32 ((_ to_fp 8 24) RNE ((_ to_fp 4 4) #x08)))
(define-fun e4m3-rounded () Of-e4m3 ((_ to_fp 4 4) RNE x))
(define-fun e4m3-unbounded () (_ FloatingPoint 10 4) ((_ to_fp 10 4) RNE abs-x))
(define-fun e4m3-overflow () Bool (and (finite x) (fp.gt ((_ to_fp 10 24) RNE e4m3-unbounded) ((_ to_fp 10 24) RNE e4m3-largest))))
(define-fun e4m3-inexact () Bool (and (finite x) (not (fp.eq ((_ to_fp 8 24) RNE e4m3-rounded) x))))
(define-fun e4m3-tiny () Bool (fp.lt ((_ to_fp 10 24) RNE e4m3-unbounded) ((_ to_fp 10 24) RNE e4m3-least)))

; e4m3, to nearest even: NaN canonical; the nearest number, infinity above the range, or the largest number with saturate
(define-fun claim-e4m3 () Bool
  (=> (and (= format_i #x7) (not stochastic_i))
      (and (= ((_ extract 31 8) y_o) (_ bv0 24))
           (ite (fp.isNaN x) (= ((_ extract 7 0) y_o) #x7c)
             (ite (and saturate_i (or e4m3-overflow (fp.isInfinite x))) (= ((_ extract 7 0) y_o) (concat sign ((_ extract 6 0) #x77)))
               (= ((_ to_fp 4 4) ((_ extract 7 0) y_o)) e4m3-rounded))))))

; e4m3, to nearest even: the flags
(define-fun claim-e4m3-flags () Bool
  (=> (and (= format_i #x7) (not stochastic_i))
      (= flags_o (flag-set (signalling x_i) e4m3-overflow (and e4m3-inexact (not e4m3-overflow) e4m3-tiny) e4m3-inexact))))

; e4m3fn: the format (5,4) of the theory has the same grid 2^8 times finer, its smallest normal number included; 448 is 7e, what rounds above it is NaN.
(define-fun scaled () Wide (fp.mul RNE ((_ to_fp 10 24) RNE x) (fp #b0 (_ bv503 10) (_ bv0 23))))
(define-fun e4m3fn-rounded () (_ FloatingPoint 5 4) ((_ to_fp 5 4) RNE scaled))
(define-fun e4m3fn-unbounded () (_ FloatingPoint 10 4) ((_ to_fp 10 4) RNE (fp.abs scaled)))
(define-fun e4m3fn-largest () (_ FloatingPoint 5 4) ((_ to_fp 5 4) #b001111110))
(define-fun e4m3fn-least () (_ FloatingPoint 5 4) ((_ to_fp 5 4) #b000001000))
(define-fun e4m3fn-overflow () Bool (and (finite x) (fp.gt e4m3fn-unbounded ((_ to_fp 10 4) RNE e4m3fn-largest))))
(define-fun e4m3fn-inexact () Bool (and (finite x) (or e4m3fn-overflow (not (fp.eq ((_ to_fp 10 24) RNE e4m3fn-rounded) scaled)))))
(define-fun e4m3fn-tiny () Bool (fp.lt e4m3fn-unbounded ((_ to_fp 10 4) RNE e4m3fn-least)))

; e4m3fn, to nearest even: NaN 7f, also for overflow and infinity; with saturate these give the largest number, 448
(define-fun claim-e4m3fn () Bool
  (=> (and (= format_i #x8) (not stochastic_i))
      (and (= ((_ extract 31 8) y_o) (_ bv0 24))
           (ite (fp.isNaN x) (= ((_ extract 7 0) y_o) #x7f)
             (ite (or e4m3fn-overflow (fp.isInfinite x)) (= ((_ extract 7 0) y_o) (ite saturate_i (concat sign #b1111110) #x7f))
               (= ((_ to_fp 5 4) (concat ((_ extract 7 7) y_o) #b0 ((_ extract 6 0) y_o))) e4m3fn-rounded))))))

; e4m3fn, to nearest even: the flags
(define-fun claim-e4m3fn-flags () Bool
  (=> (and (= format_i #x8) (not stochastic_i))
      (= flags_o (flag-set (signalling x_i) e4m3fn-overflow (and e4m3fn-inexact (not e4m3fn-overflow) e4m3fn-tiny) e4m3fn-inexact))))

; Section 17.5.4: stochastic rounding of |x| to a grid. drop: how many places of FP32's significand lie below the grid's step; the fraction that
; is discarded, times 2^17 and cut; it rounds up when that plus 2*R + 1 reaches 2^17. 96 bits hold everything; from 41 places on the fraction is 0.
(define-fun field () (_ BitVec 96) ((_ zero_extend 88) ((_ extract 30 23) x_i)))
(define-fun binade () (_ BitVec 96) (ite (= field (_ bv0 96)) (_ bv1 96) field))
(define-fun significand () (_ BitVec 96) (concat (_ bv0 72) (ite (= field (_ bv0 96)) #b0 #b1) ((_ extract 22 0) x_i)))
(define-fun drop ((mantissa (_ BitVec 96)) (least (_ BitVec 96))) (_ BitVec 96)  ; least: FP32's exponent field of the smallest normal number
  (bvadd (bvsub (_ bv23 96) mantissa) (ite (bvult binade least) (bvsub least binade) (_ bv0 96))))
(define-fun discarded ((places (_ BitVec 96))) (_ BitVec 96)
  (ite (bvuge places (_ bv48 96)) (_ bv0 96)
    (bvlshr (bvshl (bvand significand (bvsub (bvshl (_ bv1 96) places) (_ bv1 96))) (_ bv17 96)) places)))
(define-fun goes-up ((places (_ BitVec 96))) Bool
  (bvuge (bvadd (discarded places) (concat (_ bv0 79) random_i #b1)) (_ bv131072 96)))

; bf16, stochastic: the grid's neighbour above or below |x|, whichever the fraction and the random number choose
(define-fun bf16-up () Bool (goes-up (drop (_ bv7 96) (_ bv1 96))))
(define-fun bf16-neighbour () (_ FloatingPoint 8 8) (ite bf16-up ((_ to_fp 8 8) RTP abs-x) ((_ to_fp 8 8) RTZ abs-x)))
(define-fun bf16-above () Bool
  (and (finite x) (fp.gt (ite bf16-up ((_ to_fp 10 8) RTP abs-x) ((_ to_fp 10 8) RTZ abs-x)) ((_ to_fp 10 8) RNE bf16-largest))))
(define-fun bf16-off-grid () Bool (and (finite x) (not (fp.eq ((_ to_fp 8 8) RTP abs-x) ((_ to_fp 8 8) RTZ abs-x)))))
; bf16, stochastic, with the random number an input: value and flags
(define-fun claim-bf16-stochastic () Bool
  (=> (and (= format_i #x4) stochastic_i)
      (and (= ((_ extract 31 16) y_o) (_ bv0 16))
           (= flags_o (flag-set (signalling x_i) bf16-above (and bf16-off-grid (not bf16-above) (fp.lt abs-x bf16-least)) (or bf16-off-grid bf16-above)))
           (ite (fp.isNaN x) (= ((_ extract 15 0) y_o) #x7fc0)
             (ite (or bf16-above (fp.isInfinite x))
               (= ((_ extract 15 0) y_o) (ite saturate_i (concat sign ((_ extract 14 0) #x7f7f)) (concat sign ((_ extract 14 0) (bvadd #x7f7f (_ bv1 16))))))
               (and (= ((_ extract 15 15) y_o) sign) (= ((_ to_fp 8 8) (concat #b0 ((_ extract 14 0) y_o))) bf16-neighbour)))))))

; fp16, stochastic: the grid's neighbour above or below |x|, whichever the fraction and the random number choose
(define-fun fp16-up () Bool (goes-up (drop (_ bv10 96) (_ bv113 96))))
(define-fun fp16-neighbour () (_ FloatingPoint 5 11) (ite fp16-up ((_ to_fp 5 11) RTP abs-x) ((_ to_fp 5 11) RTZ abs-x)))
(define-fun fp16-above () Bool
  (and (finite x) (fp.gt (ite fp16-up ((_ to_fp 10 11) RTP abs-x) ((_ to_fp 10 11) RTZ abs-x)) ((_ to_fp 10 11) RNE fp16-largest))))
(define-fun fp16-off-grid () Bool (and (finite x) (not (fp.eq ((_ to_fp 5 11) RTP abs-x) ((_ to_fp 5 11) RTZ abs-x)))))
; fp16, stochastic, with the random number an input: value and flags
(define-fun claim-fp16-stochastic () Bool
  (=> (and (= format_i #x5) stochastic_i)
      (and (= ((_ extract 31 16) y_o) (_ bv0 16))
           (= flags_o (flag-set (signalling x_i) fp16-above (and fp16-off-grid (not fp16-above) (fp.lt abs-x fp16-least)) (or fp16-off-grid fp16-above)))
           (ite (fp.isNaN x) (= ((_ extract 15 0) y_o) #x7e00)
             (ite (or fp16-above (fp.isInfinite x))
               (= ((_ extract 15 0) y_o) (ite saturate_i (concat sign ((_ extract 14 0) #x7bff)) (concat sign ((_ extract 14 0) (bvadd #x7bff (_ bv1 16))))))
               (and (= ((_ extract 15 15) y_o) sign) (= ((_ to_fp 5 11) (concat #b0 ((_ extract 14 0) y_o))) fp16-neighbour)))))))

; e5m2, stochastic: the grid's neighbour above or below |x|, whichever the fraction and the random number choose
(define-fun e5m2-up () Bool (goes-up (drop (_ bv2 96) (_ bv113 96))))
(define-fun e5m2-neighbour () (_ FloatingPoint 5 3) (ite e5m2-up ((_ to_fp 5 3) RTP abs-x) ((_ to_fp 5 3) RTZ abs-x)))
(define-fun e5m2-above () Bool
  (and (finite x) (fp.gt (ite e5m2-up ((_ to_fp 10 3) RTP abs-x) ((_ to_fp 10 3) RTZ abs-x)) ((_ to_fp 10 3) RNE e5m2-largest))))
(define-fun e5m2-off-grid () Bool (and (finite x) (not (fp.eq ((_ to_fp 5 3) RTP abs-x) ((_ to_fp 5 3) RTZ abs-x)))))
; e5m2, stochastic, with the random number an input: value and flags
(define-fun claim-e5m2-stochastic () Bool
  (=> (and (= format_i #x6) stochastic_i)
      (and (= ((_ extract 31 8) y_o) (_ bv0 24))
           (= flags_o (flag-set (signalling x_i) e5m2-above (and e5m2-off-grid (not e5m2-above) (fp.lt abs-x e5m2-least)) (or e5m2-off-grid e5m2-above)))
           (ite (fp.isNaN x) (= ((_ extract 7 0) y_o) #x7e)
             (ite (or e5m2-above (fp.isInfinite x))
               (= ((_ extract 7 0) y_o) (ite saturate_i (concat sign ((_ extract 6 0) #x7b)) (concat sign ((_ extract 6 0) (bvadd #x7b (_ bv1 8))))))
               (and (= ((_ extract 7 7) y_o) sign) (= ((_ to_fp 5 3) (concat #b0 ((_ extract 6 0) y_o))) e5m2-neighbour)))))))

; e4m3, stochastic: the grid's neighbour above or below |x|, whichever the fraction and the random number choose
(define-fun e4m3-up () Bool (goes-up (drop (_ bv3 96) (_ bv121 96))))
(define-fun e4m3-neighbour () (_ FloatingPoint 4 4) (ite e4m3-up ((_ to_fp 4 4) RTP abs-x) ((_ to_fp 4 4) RTZ abs-x)))
(define-fun e4m3-above () Bool
  (and (finite x) (fp.gt (ite e4m3-up ((_ to_fp 10 4) RTP abs-x) ((_ to_fp 10 4) RTZ abs-x)) ((_ to_fp 10 4) RNE e4m3-largest))))
(define-fun e4m3-off-grid () Bool (and (finite x) (not (fp.eq ((_ to_fp 4 4) RTP abs-x) ((_ to_fp 4 4) RTZ abs-x)))))
; e4m3, stochastic, with the random number an input: value and flags
(define-fun claim-e4m3-stochastic () Bool
  (=> (and (= format_i #x7) stochastic_i)
      (and (= ((_ extract 31 8) y_o) (_ bv0 24))
           (= flags_o (flag-set (signalling x_i) e4m3-above (and e4m3-off-grid (not e4m3-above) (fp.lt abs-x e4m3-least)) (or e4m3-off-grid e4m3-above)))
           (ite (fp.isNaN x) (= ((_ extract 7 0) y_o) #x7c)
             (ite (or e4m3-above (fp.isInfinite x))
               (= ((_ extract 7 0) y_o) (ite saturate_i (concat sign ((_ extract 6 0) #x77)) (concat sign ((_ extract 6 0) (bvadd #x77 (_ bv1 8))))))
               (and (= ((_ extract 7 7) y_o) sign) (= ((_ to_fp 4 4) (concat #b0 ((_ extract 6 0) y_o))) e4m3-neighbour)))))))

; e4m3fn, stochastic: the grid's neighbour above or below |x|, whichever the fraction and the random number choose
(define-fun e4m3fn-up () Bool (goes-up (drop (_ bv3 96) (_ bv121 96))))
(define-fun e4m3fn-neighbour () (_ FloatingPoint 5 4) (ite e4m3fn-up ((_ to_fp 5 4) RTP (fp.abs scaled)) ((_ to_fp 5 4) RTZ (fp.abs scaled))))
(define-fun e4m3fn-above () Bool
  (and (finite x) (fp.gt (ite e4m3fn-up ((_ to_fp 10 4) RTP (fp.abs scaled)) ((_ to_fp 10 4) RTZ (fp.abs scaled))) ((_ to_fp 10 4) RNE e4m3fn-largest))))
(define-fun e4m3fn-off-grid () Bool (and (finite x) (not (fp.eq ((_ to_fp 5 4) RTP (fp.abs scaled)) ((_ to_fp 5 4) RTZ (fp.abs scaled))))))
; e4m3fn, stochastic, with the random number an input: value and flags
(define-fun claim-e4m3fn-stochastic () Bool
  (=> (and (= format_i #x8) stochastic_i)
      (and (= ((_ extract 31 8) y_o) (_ bv0 24))
           (= flags_o (flag-set (signalling x_i) e4m3fn-above (and e4m3fn-off-grid (not e4m3fn-above) (fp.lt abs-x (fp32 #x3c800000))) (or e4m3fn-off-grid e4m3fn-above)))
           (ite (fp.isNaN x) (= ((_ extract 7 0) y_o) #x7f)
             (ite (or e4m3fn-above (fp.isInfinite x))
               (= ((_ extract 7 0) y_o) (ite saturate_i (concat sign ((_ extract 6 0) #x7e)) #x7f))
               (and (= ((_ extract 7 7) y_o) sign) (= ((_ to_fp 5 4) (concat #b0 (concat #b0 ((_ extract 6 0) y_o)))) e4m3fn-neighbour)))))))

; x as an integral number of the theory, then as 34 bits; from 2^32 on it is out of every range.
(define-fun whole () Fp32 (fp.roundToIntegral RNE x))
(define-fun huge () Bool (or (fp.isInfinite x) (fp.geq abs-x (fp32 #x4f800000))))
(define-fun integer () (_ BitVec 34)
  (ite huge (ite (= sign #b1) (bvneg (_ bv4294967296 34)) (_ bv4294967296 34)) ((_ fp.to_sbv 34) RNE whole)))
(define-fun outside ((lowest (_ BitVec 34)) (highest (_ BitVec 34))) Bool (or (bvslt integer lowest) (bvslt highest integer)))
(define-fun bounded ((lowest (_ BitVec 34)) (highest (_ BitVec 34))) (_ BitVec 34)
  (ite (bvslt integer lowest) lowest (ite (bvslt highest integer) highest integer)))

; int8: to nearest even, clamped with invalid, NaN gives 0 with invalid, otherwise inexact
(define-fun claim-int8 () Bool
  (=> (= format_i #x0)
      (and (= y_o ((_ extract 31 0) (ite (fp.isNaN x) (_ bv0 34) (bounded (_ bv17179869056 34) (_ bv127 34)))))
           (= flags_o (flag-set (or (fp.isNaN x) (outside (_ bv17179869056 34) (_ bv127 34))) false false
                                (and (not (fp.isNaN x)) (not (outside (_ bv17179869056 34) (_ bv127 34))) (not (fp.eq whole x))))))))

; uint8: to nearest even, clamped with invalid, NaN gives 0 with invalid, otherwise inexact
(define-fun claim-uint8 () Bool
  (=> (= format_i #x1)
      (and (= y_o ((_ extract 31 0) (ite (fp.isNaN x) (_ bv0 34) (bounded (_ bv0 34) (_ bv255 34)))))
           (= flags_o (flag-set (or (fp.isNaN x) (outside (_ bv0 34) (_ bv255 34))) false false
                                (and (not (fp.isNaN x)) (not (outside (_ bv0 34) (_ bv255 34))) (not (fp.eq whole x))))))))

; int32: to nearest even, clamped with invalid, NaN gives 0 with invalid, otherwise inexact
(define-fun claim-int32 () Bool
  (=> (= format_i #x2)
      (and (= y_o ((_ extract 31 0) (ite (fp.isNaN x) (_ bv0 34) (bounded (_ bv15032385536 34) (_ bv2147483647 34)))))
           (= flags_o (flag-set (or (fp.isNaN x) (outside (_ bv15032385536 34) (_ bv2147483647 34))) false false
                                (and (not (fp.isNaN x)) (not (outside (_ bv15032385536 34) (_ bv2147483647 34))) (not (fp.eq whole x))))))))

; C++ defines every step of the model
; side: model
(define-fun claim-defined () Bool defined)
