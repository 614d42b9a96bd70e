"""Draw the answers: a box around each digit, and a card with its crop, its answer and a bar for each class."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from classify.answers import Answer
from classify.pictures import Picture
from classify.words import UNSURE as SURE_FROM
from classify.words import named, said
from stages.images.form import SIDE
from stages.storage.files import replacing

Place = tuple[int, int]

DRAWINGS = (".png", ".jpg", ".webp")
HIGHEST = 16_000  # pixels of a page: WebP allows 16,383, and such a page takes 60 MB of memory
MARGIN, GAP = 32, 16
COLUMNS, CARD_WIDTH, CARD_HEIGHT = 4, 272, 144
WIDTH = COLUMNS * (CARD_WIDTH + GAP) - GAP
TALLEST = 900  # pixels: the picture fits into WIDTH and this
ENLARGED = 6  # times: the greatest enlargement of a small picture
CELL = 4  # pixels of the drawing on a side of the crop's pixels
BAR, BAR_STEP, BARS_HEIGHT = 8, 11, 48
PAGE, CARD, EDGE, INK, QUIET, PALE = "#f4f4f1", "white", "#dededa", "#282828", "#828282", "#b9cfe4"
SURE, UNSURE = "#0173b2", "#d55e00"  # that colour-blind people can tell apart, also in grey


class Sheet:
    """Pictures with their answers, one below the other, drawn into a file; when it is full, another file follows.

    The second page of photo.png is photo-2.png. A page is written whole or not at all; one at a time is in memory.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.pages = path, 0
        self.panels: list[Image.Image] = []

    def add(self, picture: Picture, answers: Sequence[Answer]) -> None:
        """Add a picture and its answers; raise UnavailableError if a page is full and cannot be written."""
        one = panel(picture, answers)
        if self.panels and height_of([*self.panels, one]) > HIGHEST:
            self.close()
        self.panels.append(one)

    def close(self) -> None:
        """Write the page if it is not empty; raise UnavailableError if that fails."""
        if not self.panels:
            return
        self.pages += 1
        name = self.path.name if self.pages == 1 else f"{self.path.stem}-{self.pages}{self.path.suffix}"
        with replacing(self.path.with_name(name)) as temporary:
            draw(self.panels).save(temporary)
        self.panels = []


def height_of(panels: Sequence[Image.Image]) -> int:
    """Return the height of a page of panels, in pixels."""
    return sum(one.height + GAP for one in panels) + 2 * MARGIN - GAP


def draw(panels: Sequence[Image.Image]) -> Image.Image:
    """Return a page: the panels, one below the other."""
    page = Image.new("RGB", (WIDTH + 2 * MARGIN, height_of(panels)), PAGE)
    top = MARGIN
    for one in panels:
        page.paste(one, (MARGIN, top))
        top += one.height + GAP
    return page


def panel(picture: Picture, answers: Sequence[Answer]) -> Image.Image:
    """Return a picture with its boxes, and below it a card for each digit."""
    marked = with_boxes(picture, answers)
    rows = -(-len(answers) // COLUMNS)
    image = Image.new("RGB", (WIDTH, marked.height + rows * (CARD_HEIGHT + GAP)), PAGE)
    image.paste(marked, ((WIDTH - marked.width) // 2, 0))
    for i, answer in enumerate(answers):
        row, column = divmod(i, COLUMNS)
        place = column * (CARD_WIDTH + GAP), marked.height + GAP + row * (CARD_HEIGHT + GAP)
        draw_card(image, place, answer)
    return image


def with_boxes(picture: Picture, answers: Sequence[Answer]) -> Image.Image:
    """Return a picture, scaled for the page, with a box around each digit and the answer above the box."""
    image = Image.fromarray(picture.pixels)
    factor = min(WIDTH / image.width, TALLEST / image.height, ENLARGED)
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    shown = image.resize(size, Image.Resampling.LANCZOS)
    pen = ImageDraw.Draw(shown)
    for answer in answers:
        left, top, width, height = (edge * factor / picture.scale for edge in answer.found.box)
        pen.rectangle((left - 5, top - 5, left + width + 5, top + height + 5), outline=colour_of(answer), width=3)
        draw_tag(pen, (round(left - 5), round(top - 5)), answer, round(min(max(height / 3, 13), 30)))
    return shown


def draw_tag(pen: ImageDraw.ImageDraw, place: Place, answer: Answer, size: int) -> None:
    """Draw an answer as a flag on a box's upper left corner, inside the picture."""
    left, bottom = place[0], max(place[1], size + 4)
    pen.rectangle((left, bottom - size - 4, left + size, bottom), fill=colour_of(answer))
    write(pen, (left + size // 2, bottom - size // 2 - 2), said(answer), size, "white", "mm")


def draw_card(image: Image.Image, place: Place, answer: Answer) -> None:
    """Draw a digit's crop, its answer, the answer's probability, and a bar for each class."""
    pen = ImageDraw.Draw(image)
    left, top = place
    pen.rounded_rectangle((left, top, left + CARD_WIDTH - 1, top + CARD_HEIGHT - 1), 10, fill=CARD, outline=EDGE)
    seen = Image.fromarray(answer.found.pixels.reshape(SIDE, SIDE))
    image.paste(seen.resize((CELL * SIDE, CELL * SIDE), Image.Resampling.NEAREST), (left + GAP, top + GAP))
    right = left + 2 * GAP + CELL * SIDE
    write(pen, (right, top + GAP + 22), said(answer), 40, colour_of(answer), "lm")
    sure = f"{100 * answer.sure:.1f} %"
    write(pen, (left + CARD_WIDTH - GAP, top + GAP + 24), sure, 18, QUIET, "rm")
    draw_bars(pen, (right, top + CARD_HEIGHT - GAP - 14), answer)


def draw_bars(pen: ImageDraw.ImageDraw, place: Place, answer: Answer) -> None:
    """Draw the probabilities as bars, each above the name of its class if there is room for names."""
    left, bottom = place
    many = len(answer.probabilities)
    step = min(BAR_STEP, 10 * BAR_STEP // many)
    for digit in range(many):
        x = left + digit * step
        height = round(BARS_HEIGHT * float(answer.probabilities[digit]))
        fill = colour_of(answer) if digit == answer.likeliest else PALE
        pen.rectangle((x, bottom - height, x + BAR * step // BAR_STEP - 1, bottom), fill=fill)
        if step == BAR_STEP:
            write(pen, (x + BAR // 2, bottom + 9), named(digit), 11, INK if digit == answer.likeliest else QUIET, "mm")


def colour_of(answer: Answer) -> str:
    """Return the colour of an answer: UNSURE if the model does not know it or is not sure of it, else SURE."""
    return UNSURE if answer.digit is None or answer.sure < SURE_FROM else SURE


def write(pen: ImageDraw.ImageDraw, place: Place, text: str, size: int, colour: str, anchor: str) -> None:
    """Write text at a place; anchor says where in the text that is, as Pillow names it."""
    pen.text(place, text, fill=colour, font=ImageFont.load_default(size), anchor=anchor)
