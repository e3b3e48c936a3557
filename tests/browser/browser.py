# SPDX-License-Identifier: Apache-2.0
"""Headless Chromium for the tests of the HTML report. Ends with 77 (skipped) and a reason where there is none."""
import os
import shutil
import sys

SKIPPED = 77
DRIVERS = ["chromedriver", "/usr/lib/chromium/chromedriver"]
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
except ImportError:
    # Debian's package belongs to Debian's interpreter, whatever python3 comes first in PATH.
    if os.path.realpath(sys.executable) != os.path.realpath("/usr/bin/python3") and "ASSAY_PYTHON" not in os.environ:
        os.environ["ASSAY_PYTHON"] = "system"
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("skipped: python3-selenium is not installed")
    sys.exit(SKIPPED)


def found(names):
    return next((path for path in map(shutil.which, names) if path), None)


def start(width=1280, height=900):
    """A driver with an empty profile; its log holds what pages say on the console."""
    browser, driver = found(BROWSERS), found(DRIVERS)
    if not browser or not driver:
        print(f"skipped: {'chromium' if not browser else 'chromium-driver'} is not installed")
        sys.exit(SKIPPED)
    options = Options()
    options.binary_location = browser
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--window-size={width},{height}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(driver), options=options)


def resize(driver, width, height=900):
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})


def prefer(driver, scheme=None, media=""):
    features = [{"name": "prefers-color-scheme", "value": scheme}] if scheme else []
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
