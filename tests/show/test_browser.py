"""The page of a model of pixels in Chromium: drawing by mouse, touch, pen and keyboard, and its other controls."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from stages.drawing.weights import NO, YES
from stages.images.form import PIXELS, SIDE
from stages.models.records import OneVsAll
from stages.storage.arrays import ByteArray
from tests.helpers import run
from tests.show.driver import (
    answers,
    check_it_kept_to_itself,
    draw_by,
    element,
    needs_chromium,
    number,
    pixels_painted,
    texts,
)

pytestmark = needs_chromium


def pixels_seen(page: Chrome) -> ByteArray:
    return pixels_painted(page, element(page, "#seen"))[..., 3].ravel()


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
    assert number(page, "#why-score") == pytest.approx(z[0, 3], abs=0.005)


@pytest.mark.parametrize("kind", ["mouse", "touch"])
def test_what_is_drawn_is_answered_as_classify_answers_a_picture_of_what_the_model_sees(
    page: Chrome, place: Path, tmp_path: Path, kind: str
) -> None:
    draw_by(page, kind)
    Image.fromarray(pixels_seen(page).reshape(SIDE, SIDE)).save(tmp_path / "seen.png")
    command = ["python", "-m", "classify", str(tmp_path / "seen.png"), "--json"]
    (row,) = json.loads(run(place, *command))
    assert element(page, "#answer").text == str(row["digit"])
    probabilities = page.execute_script("return classify(arguments[0]).probabilities", pixels_seen(page).tolist())
    assert probabilities == row["probabilities"]


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


def test_blue_says_yes_and_red_says_no_as_in_the_pictures(page: Chrome, model: OneVsAll) -> None:
    element(page, ".start").click()
    element(page, "#step").send_keys(Keys.END)
    for digit, canvas in enumerate(page.find_elements("css selector", ".tile canvas")):
        painted = pixels_painted(page, canvas).reshape(PIXELS, 4)
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


def test_arrow_keys_go_from_cell_to_cell_and_enter_opens(page: Chrome) -> None:
    first = page.find_elements("css selector", ".cell[tabindex='0']")[0]
    first.send_keys(Keys.ARROW_DOWN)
    page.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    label = page.switch_to.active_element.get_attribute("aria-label")
    page.switch_to.active_element.send_keys(Keys.ENTER)
    assert page.switch_to.active_element.get_attribute("aria-expanded") == "true"
    heading = element(page, "#behind h3").text
    assert label.replace(" taken", ", taken") == heading or "recognised" in heading


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


def test_in_all_this_nothing_was_asked_for_and_nothing_went_wrong(page: Chrome, place: Path) -> None:
    check_it_kept_to_itself(page, place / "show.html")
