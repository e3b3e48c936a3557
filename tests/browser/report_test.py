#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""report_test.py ASSAY: makes reports with the command and uses them in headless Chromium as a person would."""
import copy
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import browser  # noqa: E402
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

ASSAY = str(pathlib.Path(sys.argv.pop(1)).resolve()) if len(sys.argv) > 1 else "assay"
OPEN = '<script type="application/json" id="record">'


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.driver = browser.start()
        cls.temporary = tempfile.TemporaryDirectory(prefix="assay-browser-")
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.assay("run", "--test", "gemm", "--config", "int8_4x4", "--fault", "pe.psum[1][2]:7@100", "--max-mismatches", "1", "--out", "failure", code=1)
        cls.assay("run", "--test", "gemm", "--config", "int8_4x4", "--html", "pass.html", code=0)
        cls.failure = cls.folder / "failure/report.html"

    @classmethod
    def tearDownClass(cls):
        cls.driver.quit()
        cls.temporary.cleanup()

    @classmethod
    def assay(cls, *arguments, code):
        done = subprocess.run([ASSAY, *arguments], cwd=cls.folder, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr

    def open(self, page):
        self.driver.get_log("browser")
        self.driver.get(page.as_uri())

    def at(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def assert_quiet(self):
        """Nothing on the console, no part that could not be drawn, no page that is wider than its window."""
        self.assertEqual([entry["message"] for entry in self.driver.get_log("browser")], [])
        self.assertNotIn("could not be drawn", self.at("main").text)
        self.assertTrue(self.driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth"))

    def test_the_page_says_what_the_record_says(self):
        self.open(self.failure)
        record = json.loads((self.folder / "failure/mismatch.json").read_text())
        self.assertEqual(self.at(".badge").text, "MISMATCH")
        self.assertIn("pe.psum[1][2] differs in cycle 100", self.at("header").text)
        self.assertIn(record["first"]["decoded"]["rtl"]["value"].replace("-", ""), self.at("#first").text.replace(",", ""))
        self.assertIn("7", [bit.text for bit in self.all("#first .bits thead .differs")])
        self.assertEqual(len(self.all("#differences tbody tr")), len(record["mismatches"]))
        self.assertFalse(self.at("#plain").get_attribute("open"))
        self.assert_quiet()

    def test_the_slider_moves_through_the_cycles(self):
        self.open(self.failure)
        slider, shown = self.at("#heat-cycle"), self.at("#heat-shown")
        self.assertTrue(shown.text.startswith("100 of 100–"), shown.text)
        self.assertEqual([c.get_attribute("data-r") + c.get_attribute("data-c") for c in self.all(".map td.now")], ["12"])
        slider.send_keys(Keys.ARROW_RIGHT)
        self.assertTrue(shown.text.startswith("101 of 100–"), shown.text)
        self.assertEqual([c.get_attribute("data-r") + c.get_attribute("data-c") for c in self.all(".map td.now")], ["22"])
        self.assertEqual([c.get_attribute("data-r") + c.get_attribute("data-c") for c in self.all(".map td.before")], ["12"])
        self.at(".map td[data-r='2'][data-c='2']").click()  # not in the list of differences, which ends with the first
        self.assertRegex(self.at("#heat-said").text, r"^pe\.psum\[2\]\[2\] in cycle 101: RTL [0-9a-f]{8} = -?[\d,]+, model [0-9a-f]{8} = -?[\d,]+$")
        self.at("[aria-label='one cycle back']").click()
        self.assertTrue(shown.text.startswith("100 of 100–"), shown.text)
        self.assert_quiet()

    def test_a_cell_tells_its_values_by_mouse_and_by_keyboard(self):
        self.open(self.failure)
        said = self.at("#heat-said")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", said)
        ActionChains(self.driver).move_to_element(self.at(".map td[data-r='0'][data-c='0']")).perform()
        self.assertTrue(said.text.startswith("pe.psum[0][0] in cycle 100: "), said.text)
        self.assertNotIn("RTL", said.text)
        ActionChains(self.driver).move_to_element(self.at(".map td[data-r='1'][data-c='2']")).perform()
        self.assertRegex(said.text, r"^pe\.psum\[1\]\[2\] in cycle 100: RTL [0-9a-f]{8} = -?[\d,]+, model [0-9a-f]{8} = -?[\d,]+$")
        self.assertEqual(len(said.find_elements(By.CSS_SELECTOR, "mark")), 2)
        self.at(".map td[data-r='1'][data-c='2']").send_keys(Keys.ARROW_RIGHT)
        self.assertTrue(said.text.startswith("pe.psum[1][3] in cycle 100: "), said.text)
        self.assert_quiet()

    def test_another_field_has_its_own_map(self):
        self.open(self.failure)
        options = self.all("#heat-field option")
        self.assertGreater(len(options), 1)
        other = next(o for o in options if o.text == "accumulators.mem")
        other.click()
        self.assertIn("accumulators.mem[", self.at("#heat-said").text)
        self.assertGreater(len(self.all(".map td")), 100)
        self.assert_quiet()

    def test_the_copy_button_copies_the_line(self):
        self.open(self.failure)
        record = json.loads((self.folder / "failure/mismatch.json").read_text())
        self.driver.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
        self.at("#copy-reproduce").click()
        self.driver.implicitly_wait(2)
        self.at("#reproduce .copyable .said:not(:empty)")
        self.driver.implicitly_wait(0)
        self.assertEqual(self.at("#reproduce .copyable .said").text, "copied")
        pasted = self.driver.execute_async_script("const done = arguments[0]; navigator.clipboard.readText().then(done, e => done(String(e)))")
        self.assertEqual(pasted, record["reproduce"])
        self.assert_quiet()

    def test_the_history_turns_from_digits_to_numbers(self):
        self.open(self.failure)
        row = self.at("#history tr.diverges")
        before = row.text
        self.assertTrue(before.startswith("100"), before)
        self.assertEqual(len(row.find_elements(By.CSS_SELECTOR, "mark")), 2)
        self.at("#history-form").click()
        self.assertNotEqual(self.at("#history tr.diverges").text, before)
        self.assert_quiet()

    def test_two_faults_are_listed_as_two_causes_and_a_smaller_vector_says_from_what(self):
        self.assay("run", "--test", "gemm", "--config", "int8_4x4", "--resync", "--fault", "pe.psum[1][2]:7@100", "--fault", "accumulators.acc_new[3]:31@151",
                   "--out", "causes", code=1)
        self.open(self.folder / "causes/report.html")
        causes = [row.text for row in self.all("#causes tbody tr")]
        self.assertEqual(len(causes), 2)
        self.assertTrue(causes[0].startswith("100 pe.psum[1][2]"), causes)
        self.assertTrue(causes[1].startswith("151 accumulators.acc_new[3]"), causes)
        self.assert_quiet()
        self.assay("shrink", "failure", "--out", "small", code=1)
        self.open(self.folder / "small/report.html")
        self.assertRegex(self.at("#run").text, r"made smaller from\s+gemm, seed 0x1: items [\d,]+ to 1, ")
        self.assert_quiet()

    def test_narrow_dark_and_printed_it_stays_readable(self):
        self.open(self.failure)
        light = self.driver.execute_script("return getComputedStyle(document.body).backgroundColor")
        for width in (1280, 800, 420):
            browser.resize(self.driver, width)
            self.assert_quiet()
        browser.resize(self.driver, 1280)
        browser.prefer(self.driver, "dark")
        self.assertNotEqual(self.driver.execute_script("return getComputedStyle(document.body).backgroundColor"), light)
        browser.prefer(self.driver, media="print")
        self.assertFalse(self.at("nav").is_displayed())
        self.assertTrue(self.at("#first").is_displayed())
        browser.prefer(self.driver)

    def test_a_pass_shows_its_counts_and_no_difference(self):
        self.open(self.folder / "pass.html")
        self.assertEqual(self.at(".badge").text, "PASS")
        self.assertIn("planned comparisons done, no difference", self.at("header").text)
        self.assertEqual(self.all("#first, #spread, #differences, #history, #waves"), [])
        self.assertTrue(self.at("#comparisons").is_displayed())
        self.assert_quiet()

    def test_without_scripts_the_terminal_report_is_there(self):
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            self.open(self.failure)
            self.assertIn("MISMATCH  gemm on int8_4x4", self.at("#plain pre").text)
        finally:
            self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

    def show(self, record):
        """The page of a record as it is not made every day."""
        text = self.failure.read_text()
        start = text.index(OPEN) + len(OPEN)
        page = self.folder / "odd.html"
        page.write_text(text[:start] + json.dumps(record).replace("<", "\\u003c") + text[text.index("</script>", start):])
        self.open(page)

    def test_odd_records_are_drawn_too(self):
        usual = json.loads((self.folder / "failure/mismatch.json").read_text())
        story = ["skew", "operation", "history", "spread", "diagnosis", "waves", "signature", "resync", "shrunk_from"]

        def but(**changes):
            record = copy.deepcopy(usual)
            record.update(changes)
            return record

        first = usual["first"]
        nan = {"rtl": {"value": "nan", "class": "quiet NaN"}, "model": {"value": "-inf", "class": "infinity"}, "ulp": None, "ulp_reason": "a side is NaN"}
        no_values = {**first, "kind": "assertion", "rtl": None, "model": None, "xor": None, "decoded": None, "width": None, "format": None, "index": []}
        config = usual["config"]
        odd = {
            "nothing that explains": {key: value for key, value in usual.items() if key not in story},
            "null where it explains": but(**{key: None for key in story}),
            "an assertion": but(first=no_values, mismatches=[no_values]),
            "not a number": but(first={**first, "format": "fp32", "rtl": "7fc00000", "model": "ff800000", "xor": "80400000", "decoded": nan}),
            "a wide field": but(first={**first, "rtl": "f" * 512, "model": "0" * 512, "xor": "f" * 512, "width": 2048, "decoded": None, "format": None}),
            "zero size": but(config={**config, "rows": 0, "cols": 0}, cycles=0, counters={}, comparisons={}, outputs={"beats": 0, "jobs": [], "accuracy": None}),
            "many": but(mismatches=[{**first, "cycle": 100 + i, "index": [i % 4, i % 3]} for i in range(20000)], spread=None),
            "markup": but(test="<img src=x onerror=alert(1)>", reason="</script><b>", reproduce="<script>alert(1)</script>"),
            "empty story": but(spread={**(usual.get("spread") or {}), "fields": [], "elements": 0, "field_count": 0},
                               history={"from": None, "to": None, "cycle": None, "elements": [], "pins": [], "left_out": 0, "reason": "no cycle is held"}),
            "128 x 128": but(config={**config, "rows": 128, "cols": 128}, spread={"from": 100, "to": 101, "elements": 128, "field_count": 1, "map_cycles": 2, "fields": [
                {"block": "pe", "field": "psum", "shape": [128, 128], "first": 100, "count": 128, "elements": [], "map": [[100, r, 127 - r] for r in range(128)]}]}),
        }
        for name, record in odd.items():
            with self.subTest(name):
                self.show(record)
                self.assertEqual(self.at("h1").text.split(" on ")[0], record["test"])
                self.assertEqual(self.all("main img, main b"), [])
                self.assert_quiet()


if __name__ == "__main__":
    unittest.main(verbosity=1)
