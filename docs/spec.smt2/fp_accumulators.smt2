; SPDX-License-Identifier: Apache-2.0
; Section 17.8: one clock edge of one accumulator column of the floating-point tile, with four entries: NAME is a register's value before the edge,
; |NAME'| after it. Stage 1 looks at tag stage 2 and takes its valid bit from the array, stage 2 looks at tag stage 3. The sum and its flags, which
; `fadd` is about, are cut: free values here, whatever they are.

(define-fun tag ((bits (_ BitVec 4)) (second Bool)) Bool (= (ite second ((_ extract 3 3) bits) ((_ extract 2 2) bits)) #b1))
(define-fun e1 () (_ BitVec 2) ((_ extract 5 4) tag_entry_i))
(define-fun e2 () (_ BitVec 2) ((_ extract 7 6) tag_entry_i))
(define-fun stores () Bool (and (tag tag_valid_i true) (tag tag_columns_i true)))
(define-fun acc1 () Bool (tag tag_accumulate_i false))

(define-fun mem ((e (_ BitVec 2))) (_ BitVec 32)
  (ite (= e #b00) |gen_col[0].mem_q[0]| (ite (= e #b01) |gen_col[0].mem_q[1]| (ite (= e #b10) |gen_col[0].mem_q[2]| |gen_col[0].mem_q[3]|))))
(define-fun mem-next ((e (_ BitVec 2))) (_ BitVec 32)
  (ite (= e #b00) |gen_col[0].mem_q[0]'| (ite (= e #b01) |gen_col[0].mem_q[1]'| (ite (= e #b10) |gen_col[0].mem_q[2]'| |gen_col[0].mem_q[3]'|))))
(define-fun one ((e (_ BitVec 2))) (_ BitVec 4) (bvshl #b0001 (concat #b00 e)))
(define-fun written ((e (_ BitVec 2))) Bool (not (= (bvand |written_q[0]| (one e)) #x0)))
(define-fun hit () Bool (and stores (= e1 e2)))
(define-fun defined-entry () Bool (or (written e1) hit))

; the newest partial sum is taken in every clock
(define-fun claim-new () Bool (= |acc_new_q'| (ite rst_ni psum_i #x00000000)))

; the older sum: the one still in the adder, the memory's, +0 for an entry never written; -0, which is neutral, when nothing accumulates
; cut: sum2
(define-fun claim-old () Bool
  (= |acc_old_q'| (ite (not rst_ni) #x00000000
                    (ite (and psum_valid_i acc1) (ite hit sum2 (ite (written e1) (mem e1) #x00000000)) #x80000000))))

(define-fun kept ((e (_ BitVec 2))) Bool (= (mem-next e) (ite (and rst_ni stores (= e e2)) sum2 (mem e))))

; exactly the entry of stage 2 is overwritten, with the sum, and none in reset
; cut: sum2
(define-fun claim-memory () Bool (and (kept #b00) (kept #b01) (kept #b10) (kept #b11)))

; written bits: set with the entry, all cleared by the command and by reset
(define-fun claim-written () Bool
  (= |written_q[0]'| (ite (or (not rst_ni) clear_written_i) #x0 (ite stores (bvor |written_q[0]| (one e2)) |written_q[0]|))))

; the read register: the entry, or 0 when it was never written or the column is not in use; else it holds
(define-fun claim-read () Bool
  (= |read_q'| (ite (not rst_ni) #x00000000
                 (ite read_i (ite (and read_columns_i (written read_entry_i)) (mem read_entry_i) #x00000000) read_q))))

; the flags are sticky: those of the sum join while it is stored, reset and command clear them
; cut: flags2
(define-fun claim-flags () Bool
  (= |acc_flags_q'| (ite (or (not rst_ni) clear_flags_i) #x0 (bvor acc_flags_q flags2))))

; a column that stores nothing raises nothing
(define-fun claim-quiet () Bool (=> (not stores) (= flags2 #x0)))

; undefined_read is sticky: an entry never written was accumulated onto, or read
(define-fun claim-undefined () Bool
  (= |acc_undefined_q'| (and rst_ni (not clear_flags_i)
                         (or acc_undefined_q (and psum_valid_i acc1 (not defined-entry)) (and read_i read_columns_i (not (written read_entry_i)))))))
