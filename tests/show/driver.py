"""Open the page in Chromium by chromedriver, draw on it, and read what it shows."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.remote.webelement import WebElement

from stages.core.examples import normalise
from stages.features.kinds import FEATURES
from stages.models.ova import predict, probabilities, scores
from stages.models.records import OneVsAll
from stages.storage.arrays import ByteArray, FloatArray

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
needs_chromium = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver")

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--proxy-server=127.0.0.1:9"]
LOGS = {"browser": "ALL", "performance": "ALL"}
PAINTED = "return [...arguments[0].getContext('2d').getImageData(0, 0, 28, 28).data]"
A_3 = [(-22, -28), (-5, -36), (12, -34), (18, -22), (10, -10), (-6, -3), (10, 0), (20, 12), (16, 28), (0, 36)]
A_3 += [(-20, 30)]


@contextmanager
def opened(file: Path) -> Iterator[Chrome]:
    """Open a page in a browser without a network."""
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    options.set_capability("goog:loggingPrefs", LOGS)
    for flag in FLAGS:
        options.add_argument(flag)
    driver = Chrome(options, Service(DRIVER))
    driver.get(file.as_uri())
    yield driver
    driver.quit()


def check_it_kept_to_itself(page: Chrome, file: Path) -> None:
    """Assert that a page has requested nothing but itself, and logged no error."""
    messages = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    assert asked[0] == file.as_uri()
    assert [url[:80] for url in asked[1:] if not url.startswith(("data:", "blob:"))] == []
    assert [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE"] == []


def element(page: Chrome, selector: str) -> WebElement:
    return page.find_element("css selector", selector)


def texts(page: Chrome, selector: str) -> list[str]:
    return page.execute_script("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", selector)


def look(page: Chrome, width: int, scheme: str) -> None:
    size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def number(page: Chrome, selector: str) -> float:
    return float(element(page, selector).text.replace("\N{MINUS SIGN}", "-"))


def pixels_painted(page: Chrome, canvas: WebElement) -> ByteArray:
    """Return the pixels of a canvas of 28 by 28, (28, 28, 4)."""
    return np.array(page.execute_script(PAINTED, canvas), np.uint8).reshape(28, 28, 4)


def answers(model: OneVsAll, pixels: ByteArray) -> tuple[FloatArray, FloatArray, list[int]]:
    """Return the pipeline's scores, probabilities and digits of images, whatever the model sees of them."""
    seen = FEATURES[model.features](pixels)
    z = scores(model.weights, model.bias, normalise(seen, np.zeros(len(seen), np.uint8)))
    return z, probabilities(z), predict(z).tolist()


def draw_by(page: Chrome, kind: str) -> None:
    pad, pointer = element(page, "#pad"), PointerInput(kind, kind)
    actions = ActionBuilder(page, mouse=pointer, duration=0)
    size = pad.rect["width"] / 100
    actions.pointer_action.move_to(pad, *(int(size * place) for place in A_3[0])).pointer_down()
    for x, y in A_3[1:]:
        actions.pointer_action.move_to(pad, int(size * x), int(size * y))
    actions.pointer_action.pointer_up()
    actions.perform()
