"""Where Chromium is, and the program that drives it: of one version, from one package."""

import shutil

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
