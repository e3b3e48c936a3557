#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""table_test.py: the table of obligations in docs/proofs.md is held against units and specification, and a gap in either is told."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Table(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.tree = pathlib.Path(self.folder.name)
        for part in ("scripts/prove", "docs/spec.smt2"):
            shutil.copytree(ROOT / part, self.tree / part, ignore=shutil.ignore_patterns("__pycache__"))
        for file in ("docs/spec.md", "docs/proofs.md"):
            shutil.copy(ROOT / file, self.tree / file)

    def tearDown(self):
        self.folder.cleanup()

    def table(self, *arguments):
        return subprocess.run([sys.executable, str(self.tree / "scripts/prove/table.py"), *arguments], capture_output=True, text=True)

    def change(self, file, old, new):
        text = (self.tree / file).read_text()
        self.assertEqual(text.count(old), 1, f"{file}: {old}")
        (self.tree / file).write_text(text.replace(old, new))

    def refused(self, said):
        run = self.table("--check")
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        self.assertIn(said, run.stdout)
        self.assertRegex(run.stdout, r"^docs/proofs\.md:\d+: ")

    def test_the_shipped_table_is_what_the_units_say(self):
        run = self.table("--check")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_a_claim_that_is_not_in_the_table_is_told(self):
        self.change("docs/spec.smt2/relu.smt2", "(define-fun claim-relu ()", "(define-fun claim-relu-of-all ()")
        self.refused("the table is not what the units say")

    def test_a_rule_that_nobody_proves_is_told(self):
        self.change("docs/spec.md", "7. **relu(x)**", "9. **another**: rule.\n7. **relu(x)**")
        self.refused("rule 17.5.9 is neither proved nor named")

    def test_a_unit_of_a_rule_that_is_gone_is_told(self):
        self.change("docs/spec.md", "7. **relu(x)**", "**relu(x)**")
        self.refused("rule 17.5.7 stands in no section")

    def test_a_record_brings_its_times_and_the_others_stay(self):
        record = self.tree / "record.json"
        record.write_text(json.dumps({"host": {"times": [{"name": "relu.relu.rtl", "seconds": 123.44, "twins": []}]}}))
        before = (self.tree / "docs/proofs.md").read_text().splitlines()
        self.assertEqual(self.table(str(record)).returncode, 0)
        changed = [(a, b) for a, b in zip(before, (self.tree / "docs/proofs.md").read_text().splitlines()) if a != b]
        self.assertEqual(len(changed), 1)
        self.assertIn("| `relu.relu` | z3 | 123.4 |", changed[0][1])
        self.assertEqual(self.table("--check").returncode, 0)


if __name__ == "__main__":
    unittest.main()
