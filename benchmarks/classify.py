"""Measure how well digits in pictures are found and read: `python -m benchmarks.classify`, twenty minutes.

Needs the test set and the models of the last `dvc repro`. The first table is for a folder of labelled pictures, which
benchmarks/handwriting.py describes, or else for drawn ones. Prints Markdown and writes it into benchmarks/classify.md.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from sklearn.datasets import load_digits

from benchmarks.doubt import doubt_table
from benchmarks.handwriting import Read, goals_table, read_folder, read_of
from benchmarks.measure import ROOT, sizes, table
from classify.answers import Answer, answers_of, features_of
from classify.pictures import Picture
from stages.command.paths import OVA, TEST
from stages.command.process import run
from stages.core.examples import Examples, normalise
from stages.images.form import DIGITS, SIDE
from stages.models.examples import read_examples_for
from stages.models.ova import predict, scores
from stages.models.records import OneVsAll, read_ova
from stages.storage.arrays import Array, ByteArray
from stages.storage.errors import DamagedError
from stages.storage.files import write_text
from stages.storage.npy import read_array

PAGE = ROOT / "benchmarks/classify.md"
START, END = "<!-- a model of {} -->\n", "<!-- end of {} -->\n"
LONGEST_ROW = 8
SCANNED, SCAN_SIDE, SCAN_MARGIN = 16, 160, 40  # load_digits: its brightest level; the side and margin of its pictures
Pair = tuple[int, int]  # a label and the digit that was read: -1 if not exactly one digit was found


def photo(image: Array, rng: np.random.Generator) -> ByteArray:
    """Return light digits on dark, 0-255, as a photo of dark ink: enlarged, off-centre, unevenly lit, noisy, a JPEG."""
    factor = rng.uniform(4, 9)
    ink = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC).astype(np.float32) / 255
    height, width = (int(side * rng.uniform(1.2, 1.8)) for side in ink.shape)
    top, left = rng.integers(height - ink.shape[0]), rng.integers(width - ink.shape[1])
    sheet = np.zeros((height, width), np.float32)
    sheet[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    paper, pen = rng.uniform(200, 250), rng.uniform(20, 90)
    grey = (paper + (pen - paper) * sheet) * light(height, width, rng)
    grey += rng.normal(0, rng.uniform(2, 8), grey.shape)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 95))]
    written = cv2.imencode(".jpg", np.clip(grey, 0, 255).astype(np.uint8), quality)[1]
    return np.asarray(cv2.imdecode(written, cv2.IMREAD_COLOR), np.uint8)


def light(height: int, width: int, rng: np.random.Generator) -> Array:
    """Return a gradient of light in a random direction, (height, width), that loses a tenth to four tenths."""
    angle, lost = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 0.4)
    y, x = np.linspace(-0.5, 0.5, height)[:, None], np.linspace(-0.5, 0.5, width)
    slope: Array = np.cos(angle) * x + np.sin(angle) * y
    return 1 - lost * (slope + 0.7)


def scan(image: Array) -> ByteArray:
    """Return an image of load_digits, (8, 8) in 0-16, as a picture of dark ink with a margin."""
    size = (SCAN_SIDE, SCAN_SIDE)
    ink = cv2.resize(np.asarray(255 / SCANNED * image, np.float32), size, interpolation=cv2.INTER_CUBIC)
    paper = 255 - np.pad(np.clip(ink, 0, 255), SCAN_MARGIN).astype(np.uint8)
    return np.repeat(paper[:, :, None], 3, axis=2)


def answers(pixels: ByteArray, model: OneVsAll) -> list[Answer]:
    """Return the answers to a picture; none if it is refused."""
    height, width = pixels.shape[:2]
    try:
        return answers_of(Picture(pixels, 1, (width, height)), model)
    except DamagedError:
        return []


def read_alone(pictures: Iterator[ByteArray], labels: Sequence[int], model: OneVsAll) -> list[Pair]:
    """Return each picture's label and the digit that was read."""
    found = (answers(pixels, model) for pixels in pictures)
    return [(int(label), one[0].likeliest if len(one) == 1 else -1) for label, one in zip(labels, found, strict=True)]


def accuracy_row(name: str, read: list[Pair]) -> list[str]:
    """Return a row: the number of pictures, the share with exactly one digit found, the share read rightly."""
    one, right = sum(got >= 0 for _, got in read), sum(label == got for label, got in read)
    return [name, f"{len(read):,}", f"{one / len(read):.2%}", f"{right / len(read):.2%}"]


def errors_row(read: list[Pair], digit: int) -> list[str]:
    """Return a row: the share of a digit's pictures that is read rightly, and the most frequent wrong answers."""
    got = Counter(answer for label, answer in read if label == digit)
    wrong = [(other, n) for other, n in got.most_common() if other != digit][:3]
    said = ", ".join(f"{'several or none' if other < 0 else other} ({n})" for other, n in wrong)
    return [str(digit), str(got.total()), f"{got[digit] / got.total():.0%}", said]


def rows_row(test: Examples, model: OneVsAll, length: int, rows: int) -> list[str]:
    """Return a table's row: in how many rows of `length` test images, side by side, just as many digits are found."""
    rng = np.random.default_rng(length)
    right = 0
    for _ in range(rows):
        row = np.hstack([test.X[i].reshape(SIDE, SIDE) for i in rng.integers(len(test.labels), size=length)])
        right += len(answers(photo(row, rng), model)) == length
    return [str(length), str(rows), f"{right / rows:.1%}"]


def drawn_ones(test: Examples, model: OneVsAll, rows: int) -> Iterator[Read]:
    """Yield how drawn pictures are read, `rows` of each kind: five digits in a row, one digit, one digit in 28x28."""
    rng = np.random.default_rng(0)
    for _ in range(rows):
        some = rng.integers(len(test.labels), size=5)
        images, label = [test.X[i].reshape(SIDE, SIDE) for i in some], "".join(str(test.labels[i]) for i in some)
        small = np.repeat(255 - np.roll(images[0], 2)[:, :, None], 3, axis=2)
        for shown, text in (
            (photo(np.hstack(images), rng), label),
            (photo(images[0], rng), label[0]),
            (small, label[0]),
        ):
            yield read_of(answers(shown, model), text, "drawn", shown.shape[:2] == (SIDE, SIDE))


def report(test: Examples, model: OneVsAll, images: int, scanned: int, rows_each: int) -> str:
    """Return the tables as Markdown: for some test images, for `load_digits`, and for rows of each length."""
    rng = np.random.default_rng(0)
    pixels, labels = test.X[:images], test.labels[:images]
    seen = normalise(features_of(model)(np.ascontiguousarray(pixels)), labels)
    plain = predict(scores(model.weights, model.bias, seen))
    photos = read_alone((photo(image.reshape(SIDE, SIDE), rng) for image in pixels), labels.tolist(), model)
    bunch = load_digits()
    scans = read_alone(map(scan, bunch.images[:scanned]), bunch.target[:scanned].tolist(), model)
    alone = [
        accuracy_row("MNIST's test images, as the pipeline has them", list(zip(labels, plain, strict=True))),
        accuracy_row("the same, drawn as photos", photos),
        accuracy_row("scikit-learn's `load_digits`, enlarged", scans),
    ]
    rows = [rows_row(test, model, length, rows_each) for length in range(2, LONGEST_ROW + 1)]
    return "\n".join(
        [
            table(["pictures of one digit", "pictures", "one digit found", "read rightly"], alone),
            table(["digits in a row", "rows, drawn as photos", "right number found"], rows),
            table(
                ["`load_digits`", "pictures", "read rightly", "most frequent wrong answers (how often)"],
                [errors_row(scans, digit) for digit in DIGITS],
            ),
        ]
    )


def main() -> None:
    """Measure, print, and write the tables into the page, in the part for the model's kind of features."""
    flags = sizes(__doc__, folder=True, images=14_000, scans=1797, rows=200, scribbles=300)
    cv2.setNumThreads(1)
    model = read_ova(OVA)
    test = normalise(read_array(TEST / "pixels.npy", "uint8", (None, None)), read_examples_for(model, OVA, TEST).labels)
    reads = read_folder(flags.folder, model) if flags.folder else list(drawn_ones(test, model, flags.rows))
    tables = [
        goals_table(reads),
        doubt_table(test, reads, model, flags.scribbles),
        report(test, model, flags.images, flags.scans, flags.rows),
    ]
    measured = "\n".join(tables)
    print(measured)
    write_text(PAGE, with_part(PAGE.read_text(encoding="utf-8"), model.features, measured))


def with_part(page: str, features: str, measured: str) -> str:
    """Return the page with the new tables in the part for a kind of features."""
    start, end = (mark.format(features) for mark in (START, END))
    before, _, rest = page.partition(start)
    return f"{before}{start}\n{measured}\n{end}{rest.partition(end)[2]}"


if __name__ == "__main__":
    run(main)
