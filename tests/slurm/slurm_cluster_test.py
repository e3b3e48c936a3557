# SPDX-License-Identifier: Apache-2.0
"""A sweep on a real Slurm cluster of one node: a task is killed, the node is lost in the middle, and every planned vector is accounted for exactly once.

usage: slurm_cluster_test.py ASSAY"""
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import cluster

ASSAY = str(Path(sys.argv.pop(1)).resolve()) if len(sys.argv) > 1 else "build/bin/assay"
SHARDS = 6
SUITE = "schema: assay/suite/1\ntests:\n  - {test: [gemm, stress], configs: [int8_4x4, int8_8x8], stall: [none, random], seeds: %d}\n"


def processes_with(*words):
    """Numbers of the processes whose command line has all the words."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if all(word in line for word in words):
            found.append(int(entry.name))
    return found


def kill_all(numbers):
    for number in numbers:
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            pass


class SlurmCluster(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="assay-slurm-")
        self.folder = Path(self.place.name)
        self.cluster = cluster.Cluster(self.folder)
        self.addCleanup(self.place.cleanup)
        self.addCleanup(self.end)
        self.cluster.start()

    def end(self):
        kill_all(processes_with(str(self.folder / "run")))
        self.cluster.stop()

    def assay(self, *arguments, codes=(0,)):
        done = subprocess.run([ASSAY, *arguments], cwd=self.folder, env=self.cluster.environment, capture_output=True, text=True)
        self.assertIn(done.returncode, codes, done.stdout + done.stderr)
        return done.stdout

    def sealed(self):
        return len(list((self.folder / "run/chunks").glob("*.zst")))

    def begin(self, seeds):
        (self.folder / "s.yaml").write_text(SUITE % seeds)
        # In the cache before tasks begin, so that they spend their time on vectors.
        for config in ("int8_4x4", "int8_8x8"):
            self.assay("run", "--test", "minimal", "--config", config)
        said = self.assay("sweep", "--suite", "s.yaml", "--out", "run", "--launcher", "slurm", "--shards", str(SHARDS))
        self.assertIn(f"shards 0-{SHARDS - 1}", said)
        self.vectors = 8 * seeds

    def wait_until_idle(self, seconds):
        cluster.wait_for("the queue is empty", lambda: not self.cluster.busy(), seconds)

    def check_all_there_once(self):
        report = json.loads((self.folder / "run/report.json").read_text())
        self.assertEqual((report["verdict"], report["missing"], report["vectors"]), ("pass", 0, self.vectors))
        with sqlite3.connect(self.folder / "run/results.db") as database:
            self.assertEqual(database.execute("SELECT count(*), count(DISTINCT i), min(i), max(i) FROM results").fetchone(),
                             (self.vectors, self.vectors, 0, self.vectors - 1))
        (self.folder / "here").mkdir()
        self.assay("sweep", "--suite", "s.yaml", "--out", "here/run", "-j", "2")
        with sqlite3.connect(self.folder / "run/results.db") as one, sqlite3.connect(self.folder / "here/run/results.db") as other:
            rows = "SELECT i, seed, verdict, cycles, compared, hash FROM results ORDER BY i"
            self.assertEqual(one.execute(rows).fetchall(), other.execute(rows).fetchall())

    def test_a_sweep_runs_as_an_array_and_the_report_comes_behind_it(self):
        try:
            self.begin(3)
            self.wait_until_idle(240)
            self.check_all_there_once()
        except AssertionError:
            print(self.cluster.logs(), file=sys.stderr)
            raise

    def test_a_killed_task_and_a_lost_node_cost_no_vector_and_count_none_twice(self):
        try:
            self.begin(600)
            run = str(self.folder / "run")
            cluster.wait_for("a worker runs", lambda: processes_with("sweep-worker", run), 120)
            cluster.wait_for("a chunk is sealed", self.sealed, 120)
            tasks = processes_with("resume", run, "--shard")
            self.assertTrue(tasks)
            os.kill(tasks[0], signal.SIGKILL)  # one task: its worker goes with it
            time.sleep(1)
            before = self.sealed()
            # The node: its daemon, its step managers and all they started.
            self.cluster.kill("slurmd")
            kill_all(processes_with("slurmstepd"))
            kill_all(processes_with(run))
            self.assertLess(before * 64, self.vectors)  # in the middle of it
            cluster.wait_for("the node is down", lambda: "down" in self.cluster.states(), 120)
            self.cluster.start_node()
            cluster.wait_for("the node is back", lambda: "down" not in self.cluster.states(), 120)
            self.wait_until_idle(900)
            # The killed task ended as failed: its shard alone is submitted again.
            said = self.assay("resume", "run", "--launcher", "slurm")
            if "every shard is finished" not in said:
                self.wait_until_idle(600)
            self.assay("report", "run")
            self.check_all_there_once()
        except AssertionError:
            print(self.cluster.logs(), file=sys.stderr)
            raise


if __name__ == "__main__":
    cluster.require_programs()
    unittest.main(verbosity=2)
