; SPDX-License-Identifier: Apache-2.0
; Section 17.4 with 17.5.1: a floating-point PE takes codes of any two formats to their operand form and multiplies and adds these. Both halves
; are units of their own, `decode` and `fma`, side by side with the whole PE in one frame.
; Unit: a_i, b_i, format_a_i, format_b_i, psum_i -> step_o, step_flags_o of the PE, sum_o, flags_o of the halves.

; the PE is fma of the two decoded operands, sum and flags
; by: cadical
(define-fun claim-step () Bool (and (= step_o sum_o) (= step_flags_o flags_o)))
