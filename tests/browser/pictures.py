#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pictures.py REPORT.html NAME=SELECTOR[..SELECTOR]… [--out DIR] [--cycle C] [--width W]

Pictures of parts of a report, as docs/ shows them: DIR/NAME.png from the first selected element to the last. --cycle sets the heat map's slider.
"""
import argparse
import base64
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import browser  # noqa: E402

MARGIN = 8


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("parts", nargs="+")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("docs"))
    parser.add_argument("--cycle", type=int)
    parser.add_argument("--width", type=int, default=1000)
    arguments = parser.parse_args()
    driver = browser.start()
    try:
        driver.get(arguments.report.resolve().as_uri())
        browser.resize(driver, arguments.width, 1000)
        if arguments.cycle is not None:
            driver.execute_script("const s = document.getElementById('heat-cycle'); s.value = arguments[0]; s.dispatchEvent(new Event('input'))", arguments.cycle)
        browser.resize(driver, arguments.width, driver.execute_script("return document.documentElement.scrollHeight"))
        for part in arguments.parts:
            name, _, selectors = part.partition("=")
            first, _, last = selectors.partition("..")
            top = driver.execute_script("return document.querySelector(arguments[0]).getBoundingClientRect().top", first)
            bottom = driver.execute_script("return document.querySelector(arguments[0]).getBoundingClientRect().bottom", last or first)
            clip = {"x": 0, "y": max(0, top - MARGIN), "width": arguments.width, "height": bottom - top + 2 * MARGIN, "scale": 1}
            shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "clip": clip})
            (arguments.out / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))
    finally:
        driver.quit()


if __name__ == "__main__":
    main()
