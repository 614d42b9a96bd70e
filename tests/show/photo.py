"""Give the page a photograph, wait until it is read, and return what was found."""

import base64
import io
import time
from pathlib import Path

from PIL import Image
from selenium.webdriver import Chrome

from stages.storage.arrays import ByteArray
from tests.show.driver import element

AN_EDGE = 2  # pixels: by how much two programs may differ on where a stroke's soft edge ends
GIVE = """const [kind, name, bytes] = arguments;
const content = Uint8Array.from(atob(bytes), character => character.charCodeAt(0));
const given = new DataTransfer();
given.items.add(new File([content], name, {type: "image/png"}));
const options = {bubbles: true, cancelable: true, dataTransfer: given, clipboardData: given};
const event = kind === "paste" ? new ClipboardEvent(kind, options) : new DragEvent(kind, options);
return document.querySelector("#learn").dispatchEvent(event);"""
FOUND = "return [...document.querySelectorAll('#photo-lines button')].map(button => button.dataset.box)"
PLACES = "return [...document.querySelectorAll('#photo-lines ol')].map(line => line.children.length)"


def png(pixels: ByteArray) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def said(page: Chrome, name: str) -> str:
    """Wait until the page has read a picture; return its message."""
    for _ in range(600):
        text = element(page, "#photo-said").text
        if name in text and not text.startswith("Reading"):
            return text
        time.sleep(0.05)
    raise AssertionError(text)


def choose(page: Chrome, file: Path) -> str:
    element(page, "#photo-file").send_keys(str(file))
    return said(page, file.name)


def boxes(page: Chrome) -> list[list[int]]:
    return [[int(number) for number in box.split(",")] for box in page.execute_script(FOUND)]


def digits_in_lines(page: Chrome) -> list[int]:
    """Return the number of digits in each line."""
    lines: list[int] = page.execute_script(PLACES)
    return lines
