"""The page in Chromium: it answers as the pipeline does, to the last bit, for whoever draws, by whatever means."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from stages.command.paths import OVA, TEST, TRAIN
from stages.core.examples import Examples, normalise
from stages.drawing.weights import NO, YES
from stages.images.form import PIXELS, SIDE
from stages.models.examples import read_examples
from stages.models.learning import accuracies, costs_at
from stages.models.ova import predict, probabilities, scores
from stages.models.records import OneVsAll, read_ova
from stages.storage.arrays import ByteArray, FloatArray
from tests.helpers import run
from tests.show.driver import CHROMIUM, DRIVER

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver")

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--proxy-server=127.0.0.1:9"]
LOGS = {"browser": "ALL", "performance": "ALL"}
CLASSIFY = """const bits = numbers => [...new BigUint64Array(Float64Array.from(numbers).buffer)].map(String);
const all = Uint8Array.from(atob(arguments[0]), character => character.charCodeAt(0));
return Array.from({length: all.length / 784}, (_, i) => {
  const {scores, probabilities, digit} = classify(all.slice(784 * i, 784 * (i + 1)));
  return [bits(scores), bits(probabilities), digit];
});"""
SEEN = """const seen = document.getElementById("seen");
const {data} = seen.getContext("2d").getImageData(0, 0, 28, 28);
return [...data].filter((_, i) => i % 4 === 3);"""
PAINTED = "return [...arguments[0].getContext('2d').getImageData(0, 0, 28, 28).data]"
WIDER = (
    "return [...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 0.5).length"
)
A_3 = [(-22, -28), (-5, -36), (12, -34), (18, -22), (10, -10), (-6, -3), (10, 0), (20, 12), (16, 28), (0, 36)]
A_3 += [(-20, 30)]


@pytest.fixture(scope="module")
def browser(shown: Path) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    options.set_capability("goog:loggingPrefs", LOGS)
    for flag in FLAGS:
        options.add_argument(flag)
    driver = Chrome(options, Service(DRIVER))
    driver.get((shown / "show.html").as_uri())
    yield driver
    driver.quit()


@pytest.fixture
def page(browser: Chrome) -> Chrome:
    """Return the page on a desk, in light colours, with nothing drawn."""
    look(browser, 1280, "light")
    if element(browser, "#answer").text:
        element(browser, "#clear").click()
    return browser


@pytest.fixture(scope="module")
def test_set(shown: Path) -> Examples:
    return read_examples(shown / TEST)


@pytest.fixture(scope="module")
def model(shown: Path) -> OneVsAll:
    return read_ova(shown / OVA)


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


def pixels_seen(page: Chrome) -> ByteArray:
    return np.array(page.execute_script(SEEN), np.uint8)


def answers(model: OneVsAll, pixels: ByteArray) -> tuple[FloatArray, FloatArray, list[int]]:
    z = scores(model.weights, model.bias, normalise(pixels, np.zeros(len(pixels), np.uint8)))
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


def test_it_computes_the_same_bits(page: Chrome, model: OneVsAll, test_set: Examples) -> None:
    rng = np.random.default_rng(0)
    odd = [
        np.zeros(PIXELS),
        np.full(PIXELS, 255),
        np.arange(PIXELS) % 2,
        np.eye(1, PIXELS)[0],
        rng.integers(0, 256, PIXELS),
    ]
    pixels = np.concatenate([test_set.X[:500], np.array(odd, np.uint8)])
    found = page.execute_script(CLASSIFY, base64.b64encode(pixels.tobytes()).decode())
    z, p, digits = answers(model, pixels)
    for at, expected in enumerate((z, p)):
        bits = np.array([[int(word) for word in image[at]] for image in found], np.uint64)
        assert (bits == expected.view(np.uint64)).all()
    assert [image[2] for image in found] == digits


def test_it_refuses_what_is_no_image(page: Chrome) -> None:
    said = page.execute_script("try { classify([1, 2, 3]) } catch (error) { return error.message }")
    assert said == "classify takes 784 bytes, got 3"


def test_while_nothing_is_drawn_it_says_so(page: Chrome) -> None:
    assert element(page, "#answer").text == ""
    assert element(page, "#sure").text == "Nothing is drawn yet."
    assert set(texts(page, ".bar output")) == {""}
    assert not pixels_seen(page).any()
    assert not element(page, "#why").is_displayed()


@pytest.mark.parametrize("kind", ["mouse", "touch", "pen"])
def test_what_is_drawn_is_answered_as_the_pipeline_answers_what_the_model_sees(
    page: Chrome, model: OneVsAll, kind: str
) -> None:
    draw_by(page, kind)
    seen = pixels_seen(page)
    drawn = np.argwhere(seen.reshape(28, 28))
    assert 20 <= (drawn.max(axis=0) - drawn.min(axis=0) + 1).max() <= 21
    middle = (drawn * seen[seen > 0][:, None]).sum(axis=0) / seen.sum(dtype=int)
    assert middle == pytest.approx([14, 14], abs=0.1)
    z, p, (digit,) = answers(model, seen[None])
    assert element(page, "#answer").text == str(digit) == "3"
    percents = [float(text) for text in texts(page, ".bar output")]
    assert round(sum(percents), 1) == 100
    assert percents == pytest.approx(100 * p[0], abs=0.1)
    assert float(element(page, "#why-score").text.replace("\N{MINUS SIGN}", "-")) == pytest.approx(z[0, 3], abs=0.005)


@pytest.mark.parametrize("kind", ["mouse", "touch"])
def test_what_is_drawn_is_answered_as_classify_answers_a_picture_of_what_the_model_sees(
    page: Chrome, shown: Path, tmp_path: Path, kind: str
) -> None:
    draw_by(page, kind)
    Image.fromarray(pixels_seen(page).reshape(SIDE, SIDE)).save(tmp_path / "seen.png")
    command = ["python", "-m", "classify", str(tmp_path / "seen.png"), "--json"]
    (row,) = json.loads(run(shown, *command))
    assert element(page, "#answer").text == str(row["digit"])
    (found,) = page.execute_script(CLASSIFY, base64.b64encode(pixels_seen(page).tobytes()).decode())
    assert [int(bits) for bits in found[1]] == np.array(row["probabilities"]).view(np.uint64).tolist()


def test_undo_goes_back_also_behind_clear(page: Chrome) -> None:
    draw_by(page, "mouse")
    element(page, "#clear").click()
    assert element(page, "#answer").text == ""
    element(page, "#undo").click()
    assert element(page, "#answer").text == "3"
    element(page, "#undo").click()
    assert element(page, "#answer").text == ""


def test_the_keyboard_draws(page: Chrome, model: OneVsAll) -> None:
    page.execute_script("document.getElementById('pad').focus()")
    ActionChains(page).send_keys(6 * Keys.ARROW_UP + " " + 14 * Keys.ARROW_DOWN + " " + 4 * Keys.ARROW_RIGHT).perform()
    assert element(page, "#answer").text == "1" == str(answers(model, pixels_seen(page)[None])[2][0])
    ActionChains(page).send_keys(Keys.BACKSPACE).perform()
    assert element(page, "#answer").text == ""


def test_one_starts_from_a_test_image_and_may_draw_on_it(page: Chrome, model: OneVsAll, test_set: Examples) -> None:
    fives = test_set.X[test_set.labels == 5]
    for image in fives[:2]:
        element(page, ".start:nth-of-type(6)").click()
        assert (pixels_seen(page) == image).all()
        assert element(page, "#answer").text == str(answers(model, image[None])[2][0])
    draw_by(page, "mouse")
    assert (pixels_seen(page) != fives[1]).any()


def test_why_adds_up_for_each_digit_that_is_chosen(page: Chrome, model: OneVsAll) -> None:
    draw_by(page, "mouse")
    z, _, _ = answers(model, pixels_seen(page)[None])
    element(page, ".bar:nth-of-type(4) input").send_keys(Keys.ARROW_DOWN)
    for digit in range(4, 7):
        assert texts(page, ".why-digit") == [str(digit)] * 2
        parts = [
            float(element(page, f"#why-{part}").text.replace("\N{MINUS SIGN}", "-"))
            for part in ("yes", "no", "bias", "score")
        ]
        assert round(sum(parts[:3]), 2) == parts[3] == round(z[0, digit], 2)
        element(page, f".bar:nth-of-type({digit + 1}) input").send_keys(Keys.ARROW_DOWN)


def test_the_slider_goes_through_the_learning(page: Chrome, model: OneVsAll, shown: Path, test_set: Examples) -> None:
    shares = zip(accuracies(model, test_set), accuracies(model, read_examples(shown / TRAIN)), strict=True)
    slider = element(page, "#step")
    slider.send_keys(Keys.HOME)
    for step, (test, training), costs in zip(model.kept_at, shares, costs_at(model).T, strict=True):
        assert element(page, "#iteration").text == f"iteration {step}"
        assert element(page, "#accuracy").text == f"{100 * test:.2f} %"
        assert element(page, "#training").text == f"{100 * training:.2f} %"
        assert texts(page, ".tile output") == [f"{cost:.3f}" for cost in costs]
        slider.send_keys(Keys.ARROW_RIGHT)


def test_blue_says_yes_and_red_says_no_as_in_the_pictures(page: Chrome, model: OneVsAll) -> None:
    element(page, ".start").click()
    element(page, "#step").send_keys(Keys.END)
    for digit, canvas in enumerate(page.find_elements("css selector", ".tile canvas")):
        painted = np.array(page.execute_script(PAINTED, canvas)).reshape(PIXELS, 4)
        seen, blue = painted[:, 3] > 20, painted[:, 2] > painted[:, 0]
        assert seen.sum() > 100
        assert (blue == (model.weights[:, digit] > 0))[seen].all()
    for name, colour in (("yes", YES), ("no", NO)):
        assert element(page, f"#why-{name}").value_of_css_property("color") == f"rgba{(*colour, 1)}"


def test_it_plays_to_the_end_and_stops(page: Chrome) -> None:
    slider, play = element(page, "#step"), element(page, "#play")
    slider.send_keys(Keys.END, Keys.ARROW_LEFT)
    play.click()
    assert play.text == "Stop"
    page.implicitly_wait(3)
    assert page.find_element("xpath", "//button[@id='play'][.='Play']")
    page.implicitly_wait(0)
    assert slider.get_property("value") == slider.get_attribute("max")
    play.click()
    assert (play.text, slider.get_property("value")) == ("Stop", "0")
    play.click()
    assert play.text == "Play"


def test_a_cell_opens_its_images_with_their_scores(page: Chrome, model: OneVsAll, test_set: Examples) -> None:
    z = scores(model.weights, model.bias, test_set)
    pairs = list(zip(test_set.labels.tolist(), predict(z).tolist(), strict=True))
    actual, predicted = next(pair for pair in pairs if pair[0] != pair[1])
    rows = [row for row, pair in enumerate(pairs) if pair == (actual, predicted)]
    cell = page.find_elements("css selector", ".cell")[10 * actual + predicted]
    assert cell.text == str(len(rows))
    cell.click()
    images = page.find_elements("css selector", "#behind li button")
    shown = sorted(image.text.replace("\N{MINUS SIGN}", "-") for image in images)
    assert shown == sorted(f"{actual} {z[row, actual]:+.2f}\n{predicted} {z[row, predicted]:+.2f}" for row in rows)
    images[0].click()
    assert (test_set.X[rows] == pixels_seen(page)).all(axis=1).any()
    assert element(page, "#answer").text == str(predicted)


def test_arrow_keys_go_from_cell_to_cell_and_enter_opens(page: Chrome) -> None:
    first = page.find_elements("css selector", ".cell[tabindex='0']")[0]
    first.send_keys(Keys.ARROW_DOWN)
    page.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    label = page.switch_to.active_element.get_attribute("aria-label")
    page.switch_to.active_element.send_keys(Keys.ENTER)
    assert page.switch_to.active_element.get_attribute("aria-expanded") == "true"
    heading = element(page, "#behind h3").text
    assert label.replace(" taken", ", taken") == heading or "recognised" in heading


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_overflows(page: Chrome, width: int, scheme: str) -> None:
    draw_by(page, "mouse")
    look(page, width, scheme)
    assert page.execute_script(WIDER) == 0
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    paper = page.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert (int(paper[4:].split(",")[0]) > 128) == (scheme == "light")


def test_a_screen_reader_finds_a_name_for_all_that_is_used(page: Chrome) -> None:
    nodes = page.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    used = [
        node for node in nodes if node.get("role", {}).get("value") in {"button", "slider", "radio", "image", "link"}
    ]
    assert len(used) > 100
    assert [node for node in used if not node["name"].get("value") and not node.get("ignored")] == []


def test_the_film_plays(page: Chrome) -> None:
    page.execute_script("document.querySelector('video').load()")
    page.set_script_timeout(10)
    loaded = "const done = arguments[0]; const video = document.querySelector('video');"
    loaded += "const tell = () => done([video.videoWidth, video.videoHeight]);"
    loaded += "video.readyState ? tell() : video.addEventListener('loadedmetadata', tell)"
    assert page.execute_async_script(loaded) == [1280, 720]


def test_in_all_this_nothing_was_asked_for_and_nothing_went_wrong(page: Chrome, shown: Path) -> None:
    messages = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    assert asked[0] == (shown / "show.html").as_uri()
    assert [url[:80] for url in asked[1:] if not url.startswith("data:")] == []
    assert [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE"] == []
