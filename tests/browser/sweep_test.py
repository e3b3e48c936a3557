#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sweep_test.py ASSAY: runs sweeps with the command and uses their page in headless Chromium as a person would."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import browser  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402

ASSAY = str(pathlib.Path(sys.argv.pop(1)).resolve()) if len(sys.argv) > 1 else "assay"
WRONG = """schema: assay/vector/1
program:
  - gemm: {name: good, a: [[1, 2], [5, 6]], b: [[3], [4]], raw: true}
  - gemm: {name: bad, a: [[1, 2]], b: [[3], [4]], raw: true, expect: [[12]]}
"""
SUITE = """schema: assay/suite/1
name: page
description: one <b>wrong</b> vector & some good ones
tests:
  - {file: wrong.yaml, configs: int8_4x4, seeds: {from: 1, to: 3}, stage: V1}
  - {test: gemm, configs: int8_4x4, seeds: 3, stage: V2}
"""


class SweepPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.driver = browser.start()
        cls.temporary = tempfile.TemporaryDirectory(prefix="assay-browser-")
        cls.folder = pathlib.Path(cls.temporary.name)
        (cls.folder / "wrong.yaml").write_text(WRONG)
        (cls.folder / "s.yaml").write_text(SUITE)
        for seed, out in (("1", "first"), ("2", "run")):
            done = subprocess.run([ASSAY, "sweep", "--suite", "s.yaml", "--seed", seed, "--out", out, "--database", "all.db", "-j", "1"], cwd=cls.folder,
                                  capture_output=True, text=True, check=False)
            assert done.returncode == 1, done.stdout + done.stderr
        cls.report = json.loads((cls.folder / "run/report.json").read_text())

    @classmethod
    def tearDownClass(cls):
        cls.driver.quit()
        cls.temporary.cleanup()

    def setUp(self):
        self.driver.get_log("browser")
        self.driver.get((self.folder / "run/report.html").as_uri())

    def tearDown(self):
        self.assertEqual(self.driver.get_log("browser"), [])
        self.assertLessEqual(*self.driver.execute_script("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"))

    def at(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def test_it_opens_with_the_verdict_and_the_causes_and_shows_text_as_text(self):
        self.assertEqual(self.at("h1").text, "Sweep page: fail")
        self.assertIn("one <b>wrong</b> vector & some good ones", self.at("body").text)
        self.assertEqual(self.all("p b"), [])
        self.assertEqual(self.all("h2")[0].text, "Failures by cause")
        self.assertEqual(self.at("section.bucket strong").text, "known")  # the run before had it

    def test_the_copy_button_copies_the_line_that_runs_the_failure_again(self):
        self.driver.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
        button = self.at("section.bucket button")
        button.click()
        self.driver.implicitly_wait(2)
        self.assertEqual(self.driver.execute_async_script(
            "const [button, done] = arguments; const look = () => button.textContent === 'copied' ? done('copied') : setTimeout(look, 20); look();", button), "copied")
        self.driver.implicitly_wait(0)
        pasted = self.driver.execute_async_script("const done = arguments[0]; navigator.clipboard.readText().then(done, e => done(String(e)))")
        self.assertEqual(pasted, self.report["buckets"][0]["first"]["reproduce"])

    def test_links_lead_to_the_failure_and_to_its_smallest_vector(self):
        links = [link.get_attribute("href") for link in self.all("section.bucket a")]
        self.assertEqual(len(links), 2)
        for link, test in zip(links, ("wrong", "wrong_shrunk")):
            self.driver.get(link)
            self.assertEqual(self.at("h1").text.split(" on ")[0], test)

    def test_tests_stand_by_stage_and_the_slowest_have_their_lines(self):
        self.assertEqual([h.text for h in self.all("h3")], ["V1", "V2"])
        self.assertEqual(len([h for h in self.all("h2") if h.text == "Slowest vectors"]), 1)
        self.assertEqual(len(self.all("td .run")), 6)

    def test_the_trend_has_a_column_for_each_run_that_says_its_numbers(self):
        self.assertEqual(len(self.all("svg.trend")), 3)
        titles = self.driver.execute_script("return [...document.querySelectorAll('svg.trend')].map(s => [...s.querySelectorAll('title')].map(t => t.textContent))")
        self.assertEqual([len(t) for t in titles], [2, 2, 2])
        self.assertTrue(titles[1][0].endswith("1 causes, 1 new"), titles)
        self.assertTrue(titles[1][1].endswith("1 causes, 0 new"), titles)
        heights = self.driver.execute_script("return [...document.querySelectorAll('svg.trend rect.bad')].map(r => r.getBoundingClientRect().height)")
        self.assertGreater(heights[0], 5)

    def test_dark_and_narrow_it_stays_readable(self):
        light = self.driver.execute_script("return getComputedStyle(document.body).color")
        browser.prefer(self.driver, "dark")
        self.assertNotEqual(self.driver.execute_script("return getComputedStyle(document.body).color"), light)
        browser.prefer(self.driver)
        for width in (1280, 800, 560):
            browser.resize(self.driver, width)
            self.assertLessEqual(*self.driver.execute_script("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"))
        browser.resize(self.driver, 1280)


if __name__ == "__main__":
    unittest.main(verbosity=1)
