; SPDX-License-Identifier: Apache-2.0
; Section 11: one clock edge of one accumulator column with four entries: NAME is a register's value before the edge, |NAME'| after it. Stage 1
; looks at tag stage 2, stage 2 at tag stage 3; the column is in use when its tag's columns are not 0.

(define-fun tag ((bits (_ BitVec 4)) (second Bool)) Bool (= (ite second ((_ extract 3 3) bits) ((_ extract 2 2) bits)) #b1))
(define-fun e1 () (_ BitVec 2) ((_ extract 5 4) tag_entry_i))
(define-fun e2 () (_ BitVec 2) ((_ extract 7 6) tag_entry_i))
(define-fun valid1 () Bool (and (tag tag_valid_i false) (tag tag_columns_i false)))
(define-fun valid2 () Bool (and (tag tag_valid_i true) (tag tag_columns_i true)))
(define-fun acc1 () Bool (tag tag_accumulate_i false))

(define-fun exact-sum () (_ BitVec 33) (bvadd ((_ sign_extend 1) acc_old_q) ((_ sign_extend 1) acc_new_q)))
(define-fun sum2 () (_ BitVec 32) (bvadd acc_old_q acc_new_q))  ; modulo 2^32
(define-fun mem ((e (_ BitVec 2))) (_ BitVec 32)
  (ite (= e #b00) |gen_col[0].mem_q[0]| (ite (= e #b01) |gen_col[0].mem_q[1]| (ite (= e #b10) |gen_col[0].mem_q[2]| |gen_col[0].mem_q[3]|))))
(define-fun mem-next ((e (_ BitVec 2))) (_ BitVec 32)
  (ite (= e #b00) |gen_col[0].mem_q[0]'| (ite (= e #b01) |gen_col[0].mem_q[1]'| (ite (= e #b10) |gen_col[0].mem_q[2]'| |gen_col[0].mem_q[3]'|))))
(define-fun one ((e (_ BitVec 2))) (_ BitVec 4) (bvshl #b0001 (concat #b00 e)))
(define-fun written ((e (_ BitVec 2))) Bool (not (= (bvand |written_q[0]| (one e)) #x0)))
(define-fun hit () Bool (and valid2 (= e1 e2)))
(define-fun defined-entry () Bool (or (written e1) hit))

; the newest partial sum is taken in every clock
(define-fun claim-new () Bool (= |acc_new_q'| (ite rst_ni psum_i #x00000000)))

; the older sum: the one still in the adder, the memory's, or 0 for an entry never written and when nothing accumulates
(define-fun claim-old () Bool
  (= |acc_old_q'| (ite (and rst_ni valid1 acc1 defined-entry) (ite hit sum2 (mem e1)) #x00000000)))

(define-fun kept ((e (_ BitVec 2))) Bool (= (mem-next e) (ite (and rst_ni valid2 (= e e2)) sum2 (mem e))))

; exactly the entry of stage 2 is overwritten, with the sum, and none in reset
(define-fun claim-memory () Bool (and (kept #b00) (kept #b01) (kept #b10) (kept #b11)))

; written bits: set with the entry, all cleared by the command and by reset
(define-fun claim-written () Bool
  (= |written_q[0]'| (ite (or (not rst_ni) clear_written_i) #x0 (ite valid2 (bvor |written_q[0]| (one e2)) |written_q[0]|))))

; the read register: the entry, or 0 when it was never written or the column is not in use; else it holds
(define-fun claim-read () Bool
  (= |read_q'| (ite (not rst_ni) #x00000000
                 (ite read_i (ite (and read_columns_i (written read_entry_i)) (mem read_entry_i) #x00000000) read_q))))

; overflow is sticky: set when a sum that is stored is not INT32, cleared by reset and command
(define-fun claim-overflow () Bool
  (= |acc_overflow_q'| (and rst_ni (not clear_flags_i) (or acc_overflow_q (and valid2 (not (= exact-sum ((_ sign_extend 1) sum2))))))))

; undefined_read is sticky: an entry never written was accumulated onto, or read
(define-fun claim-undefined () Bool
  (= |acc_undefined_q'| (and rst_ni (not clear_flags_i)
                         (or acc_undefined_q (and valid1 acc1 (not defined-entry)) (and read_i read_columns_i (not (written read_entry_i)))))))
