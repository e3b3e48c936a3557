#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""prove_test.py: `assay prove` on a copy of the tree proves, refutes with a counterexample that exact arithmetic confirms, and stops
where it must not trust its input. Exit 77 (skipped) without Z3 or CaDiCaL."""
import importlib.util
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
if importlib.util.find_spec("z3") is None or shutil.which("cadical") is None:
    print("skipped: python3-z3 or cadical is not there")
    sys.exit(77)
import jsonschema  # noqa: E402


class Prove(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.tree = pathlib.Path(self.folder.name) / "tree"
        for part in ("scripts/prove", "docs/spec.smt2", "rtl", "model", "examples"):
            shutil.copytree(ROOT / part, self.tree / part)

    def tearDown(self):
        self.folder.cleanup()

    def change(self, file, old, new):
        text = (self.tree / file).read_text()
        self.assertEqual(text.count(old), 1, f"{file}: {old}")
        (self.tree / file).write_text(text.replace(old, new))

    def prove(self, *arguments):
        command = [sys.executable, str(self.tree / "scripts/prove"), "-j", "2", "--tie", "0", *arguments]
        return subprocess.run(command, capture_output=True, text=True)

    def record(self, *arguments):
        file = self.tree / "record.json"
        run = self.prove("--json", str(file), *arguments)
        self.assertTrue(file.exists(), run.stderr)
        document = json.loads(file.read_text())
        jsonschema.validate(document, json.loads((ROOT / "docs/schemas/prove.schema.json").read_text()))
        self.assertEqual(document["exit"], run.returncode)
        return document, run

    def test_the_shipped_units_are_proved_and_their_twins_refuted(self):
        document, run = self.record("accumulate")
        self.assertEqual(run.returncode, 0, run.stdout)
        for obligation in document["obligations"]:
            self.assertEqual(obligation["verdict"], "proved")
            self.assertGreaterEqual(len(obligation["twins"]), 2)
            self.assertIn("refuted", [t["verdict"] for t in obligation["twins"]])

    def test_two_runs_leave_the_same_record_but_for_host(self):
        first, _ = self.record("accumulate.sum")
        second, _ = self.record("accumulate.sum")
        first.pop("host"), second.pop("host")
        self.assertEqual(first, second)

    def test_changed_rtl_is_refuted_and_exact_arithmetic_agrees(self):
        self.change("rtl/accumulators/npu_accumulate_pkg.sv", "sum = a + b;", "sum = a + b + 32'(a == 32'd77);")
        document, run = self.record("accumulate.sum")
        self.assertEqual(run.returncode, 1, run.stdout)
        verdicts = {o["side"]: o for o in document["obligations"]}
        self.assertEqual(verdicts["model"]["verdict"], "proved")
        found = verdicts["rtl"]["counterexample"]
        self.assertEqual(found["inputs"]["a_i"], 77)
        self.assertEqual(found["outputs"]["sum_o"], (found["exact"]["sum_o"] + 1) % 2**32)

    def test_a_changed_pe_shows_the_calc_line(self):
        self.change("rtl/pe/npu_pe.sv", "act_high    = act_unsigned_i & act_i[7]", "act_high    = act_i[7]")
        document, run = self.record("mac.product-i8-i8", "--side", "rtl")
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn("assay calc mac --format int8 --format-b int8 --rtl", document["obligations"][0]["counterexample"]["calc"])

    def test_a_changed_model_is_refuted(self):
        self.change("model/activation/requantise.hpp", "const W z0 = y + zero_point;", "const W z0 = y + zero_point + select(y == W(77), W(1), W(0));")
        document, run = self.record("clamp.clamp")
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertEqual([o["verdict"] for o in document["obligations"]], ["proved", "refuted"])

    def test_a_wrong_specification_is_said_to_be_wrong(self):
        self.change("docs/spec.smt2/accumulate.smt2", "((_ extract 31 0) exact-sum)))", "((_ extract 32 1) exact-sum)))")
        _, run = self.record("accumulate.sum", "--side", "rtl")
        self.assertEqual(run.returncode, 1)
        self.assertIn("the specification or the solver is wrong", run.stdout)

    def test_a_register_that_forgets_to_hold_is_refuted(self):
        self.change("rtl/pe/npu_pe_row.sv", "      if (load_i) begin", "      if (load_i || switch_i) begin")
        self.leave_out_mutants_of("if (load_i) begin", "state_units.py")
        document, run = self.record("pe_row.shadow")
        self.assertEqual(run.returncode, 1, run.stdout)
        found = document["obligations"][0]["counterexample"]
        self.assertEqual(found["inputs"]["load_i"], 0)
        self.assertEqual(found["inputs"]["switch_i"], 1)

    def test_an_edge_from_any_state_is_tied_and_a_difference_stops_the_flow(self):
        document, _ = self.record("accumulators", "--tie", "5000")
        self.assertEqual(document["ties"], [{"unit": "accumulators", "vectors": 5000}])
        self.change("rtl/accumulators/npu_accumulators.sv", "      acc_new_q <= psum_i;",
                    "`ifdef VERILATOR\n      acc_new_q <= psum_i ^ 32'(psum_i[7:0] == 8'd77);\n`else\n      acc_new_q <= psum_i;\n`endif")
        self.leave_out_mutants_of("acc_new_q <= psum_i;", "state_units.py")
        run = self.prove("accumulators", "--tie", "5000")
        self.assertEqual(run.returncode, 3, run.stdout)
        self.assertIn("acc_new_q': Yosys ", run.stderr)

    def test_a_register_of_another_clock_edge_stops_the_flow(self):
        self.change("rtl/pe/npu_pe_row.sv", "  assign switch_o = switch_q[0];", "  logic late;\n  always_ff @(negedge clk_i) late <= switch_q[0];\n  assign switch_o = late;")
        run = self.prove("pe_row.moves")
        self.assertEqual(run.returncode, 3, run.stdout)
        self.assertIn("rising edge of clk_i alone", run.stderr)

    def test_undriven_bits_stop_the_flow(self):
        self.change("scripts/prove/rtl/prove_accumulate.sv", "assign sum_o      = ", "logic [31:0] nothing;\n  assign sum_o = nothing ^ ")
        run = self.prove("accumulate.sum", "--side", "rtl")
        self.assertEqual(run.returncode, 3)
        self.assertIn("undriven or x bits", run.stderr)

    def test_x_bits_stop_the_flow(self):
        self.change("scripts/prove/rtl/prove_accumulate.sv", "assign sum_o      = ", "assign sum_o = (a_i == 32'd5) ? 32'bx : ")
        run = self.prove("accumulate.sum", "--side", "rtl")
        self.assertEqual(run.returncode, 3)
        self.assertIn("undriven or x bits", run.stderr)

    def test_a_select_that_leaves_its_vector_stops_the_flow(self):
        self.change("scripts/prove/rtl/prove_accumulate.sv", "assign overflow_o = ", "assign overflow_o = a_i[b_i[5:0]] & ")
        run = self.prove("accumulate.overflow", "--side", "rtl")
        self.assertEqual(run.returncode, 3)
        self.assertIn("may leave its vector", run.stderr)

    def test_a_claim_that_no_mutant_can_break_is_not_counted_as_proved(self):
        self.change("docs/spec.smt2/accumulate.smt2", "(= sum_o ((_ extract 31 0) exact-sum)))", "(or (= sum_o sum_o) (= a_i b_i)))")
        _, run = self.record("accumulate.sum", "--side", "rtl")
        self.assertEqual(run.returncode, 4, run.stdout)
        self.assertIn("none of 2 mutants was refuted", run.stdout)

    def test_no_answer_in_time_is_unknown(self):
        _, run = self.record("mac.product-i8-u8", "--side", "rtl", "--timeout", "0.4")
        self.assertEqual(run.returncode, 4)
        self.assertIn("no answer within", run.stdout)

    def test_a_mutant_whose_line_is_gone_stops_the_flow(self):
        self.change("rtl/accumulators/npu_accumulate_pkg.sv", "sum = a + b;", "sum = b + a;")
        run = self.prove("accumulate.sum", "--side", "rtl")
        self.assertEqual(run.returncode, 3)
        self.assertIn("finds its line 0 times", run.stderr)

    def test_the_two_front_ends_are_tied_and_a_difference_stops_the_flow(self):
        document, run = self.record("accumulate", "--tie", "100000", "--side", "rtl")
        self.assertEqual(document["ties"], [{"unit": "accumulate", "vectors": 100000}], run.stdout)
        self.change("rtl/accumulators/npu_accumulate_pkg.sv", "sum = a + b;",
                    "`ifdef VERILATOR\n    sum = a + b + 32'(a[7:0] == 8'd77);\n`else\n    sum = a + b;\n`endif")
        self.leave_out_mutants_of("sum = a + b;")
        run = self.prove("accumulate", "--side", "rtl", "--tie", "100000")
        self.assertEqual(run.returncode, 3, run.stdout)
        self.assertIn("sum_o: Yosys ", run.stderr)

    OWN = ("--rtl", "examples/prove/my_mac.sv", "--top", "my_mac", "--spec", "examples/prove/my_mac.smt2")

    def own(self):
        return [str(self.tree / word) if "/" in word else word for word in self.OWN]

    def test_a_unit_of_ones_own_is_proved_and_its_mutated_netlist_refuted(self):
        document, run = self.record(*self.own())
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertEqual([o["name"] for o in document["obligations"]], ["my_mac.sum.rtl", "my_mac.saturated.rtl"])
        self.assertNotIn(self.folder.name, json.dumps(document))

    def test_a_wrong_unit_of_ones_own_is_refuted(self):
        self.change("examples/prove/my_mac.sv", "sum[12] != sum[11]", "sum[12] != sum[10]")
        document, run = self.record(*self.own())
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn("acc_i", document["obligations"][0]["counterexample"]["inputs"])

    def test_a_unit_with_state_stops_the_flow(self):
        self.change("examples/prove/my_mac.sv", "assign saturated_o =", "logic q;\n  always_ff @(posedge a_i[0]) q <= w_i[0];\n  assign saturated_o = q ^")
        run = self.prove(*self.own())
        self.assertEqual(run.returncode, 3, run.stdout)
        self.assertIn("has state", run.stderr)

    def test_a_unit_of_ones_own_takes_all_three_options(self):
        for arguments, said in [(self.own()[:2], "not all given"), (["--rtl", "/nowhere.sv", *self.own()[2:]], "no such file"),
                                ([*self.own()[:5], "/nowhere.smt2"], "expected a specification")]:
            run = self.prove(*arguments)
            self.assertEqual(run.returncode, 2, run.stderr)
            self.assertIn(said, run.stderr)

    def leave_out_mutants_of(self, line_part, units="integer_units.py"):
        """Leaves out the mutants of the line that was changed by the test."""
        file = self.tree / "scripts/prove" / units
        lines = file.read_text().splitlines(keepends=True)
        file.write_text("".join(line for line in lines if line_part not in line))

    def test_usage(self):
        for arguments, said in [(["bogus"], "UNIT: is 'bogus'"), (["--timeout", "0"], "--timeout"), (["-j", "0"], "-j"), (["--nonsense"], "--nonsense"),
                                (["accumulate.sum", "--json", "/nowhere/at/all"], "cannot be written")]:
            run = self.prove(*arguments)
            self.assertEqual(run.returncode, 2, run.stderr)
            self.assertTrue(run.stderr.startswith("command line:1: "), run.stderr)
            self.assertIn(said, run.stderr)

    def test_a_specification_may_only_define(self):
        for old, new, said in [("; sum = old", "(assert false)\n; sum = old", "not allowed here"), ("; sum = old + new modulo 2^32\n", "", "no comment above"),
                               ("; sum = old", "; by: magic\n; sum = old", "by: is 'magic'"), ("; sum = old", "; uses: gone\n; sum = old", "uses: is 'gone'")]:
            file = self.tree / "docs/spec.smt2/accumulate.smt2"
            text = file.read_text()
            file.write_text(text.replace(old, new))
            run = self.prove("accumulate")
            file.write_text(text)
            self.assertEqual(run.returncode, 2, run.stderr)
            self.assertRegex(run.stderr, r"accumulate\.smt2:\d+: ")
            self.assertIn(said, run.stderr)

    def test_junit_fits_its_schema(self):
        file = self.tree / "prove.xml"
        self.change("rtl/accumulators/npu_accumulate_pkg.sv", "sum = a + b;", "sum = a - b;")
        self.assertEqual(self.prove("accumulate.sum", "--junit", str(file)).returncode, 1)
        self.assertIn('failures="1"', file.read_text())
        check = subprocess.run(["xmllint", "--noout", "--schema", str(ROOT / "docs/schemas/junit.xsd"), str(file)], capture_output=True, text=True)
        self.assertEqual(check.returncode, 0, check.stderr)


if __name__ == "__main__":
    unittest.main()
