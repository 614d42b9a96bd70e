"""Write four data sets as users have them: shapes, letters, wines and stripes."""

import csv
import gzip
from pathlib import Path

import cv2
import numpy as np
from sklearn.datasets import load_wine

SHAPES = ["triangle", "square", "circle", "cross", "ring"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WINES = ["barolo", "grignolino", "barbera"]


def write_shapes(folder: Path) -> None:
    """Write shapes.npz: 28x28, five classes by number, 300 to train on and 100 to test."""
    rng = np.random.default_rng(1)
    labels = rng.permutation(np.arange(400) % 5)
    pixels = np.stack([shape(label, rng) for label in labels])
    parts = {"x_train": pixels[:300], "y_train": labels[:300], "x_test": pixels[300:], "y_test": labels[300:]}
    np.savez(folder / "shapes.npz", **parts)


def shape(label: int, rng: np.random.Generator) -> np.ndarray:
    """Return a shape on noise, (28, 28) uint8."""
    image = rng.integers(0, 60, (28, 28), dtype=np.uint8)
    (x, y), r = rng.integers(13, 16, 2).tolist(), int(rng.integers(7, 10))
    corners = np.array([(x - r, y + r), (x + r, y + r), (x, y - r)])
    match SHAPES[label]:
        case "triangle":
            cv2.fillPoly(image, [corners], 220)
        case "square":
            cv2.rectangle(image, (x - r, y - r), (x + r, y + r), 220, cv2.FILLED)
        case "circle":
            cv2.circle(image, (x, y), r, 220, cv2.FILLED)
        case "cross":
            cv2.line(image, (x - r, y - r), (x + r, y + r), 220, 2)
            cv2.line(image, (x - r, y + r), (x + r, y - r), 220, 2)
        case "ring":
            cv2.circle(image, (x, y), r, 220, 2)
    return image


def write_letters(folder: Path) -> None:
    """Write letters/a to letters/z, 20 pictures of 16x16 in each."""
    rng = np.random.default_rng(2)
    fonts = [cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX]
    for letter in LETTERS:
        (folder / "letters" / letter).mkdir(parents=True)
        for at in range(20):
            image = rng.integers(0, 50, (16, 16), dtype=np.uint8)
            place = (int(rng.integers(2, 5)), int(rng.integers(11, 13)))
            cv2.putText(image, letter, place, fonts[at % 4], 0.45, 230, 1, cv2.LINE_AA)
            cv2.imwrite(str(folder / "letters" / letter / f"{at}.png"), image)


def write_wines(folder: Path) -> None:
    """Write wine.csv: 178 wines with 13 numbers each, and which of three sorts they are."""
    wine = load_wine()
    with (folder / "wine.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*wine.feature_names, "label"])
        writer.writerows([*row, WINES[sort]] for row, sort in zip(wine.data.tolist(), wine.target, strict=True))


def write_stripes(folder: Path) -> None:
    """Write stripes/: images of 20x20 and their labels, 1 and 2, as IDX."""
    rng = np.random.default_rng(3)
    labels = rng.integers(1, 3, 160).astype(np.uint8)
    pixels = rng.integers(0, 90, (160, 20, 20), dtype=np.uint8)
    for image, label in zip(pixels, labels, strict=True):
        at = int(rng.integers(7, 12))
        image[(slice(at, at + 2), slice(None)) if label == 1 else (slice(None), slice(at, at + 2))] = 200
    (folder / "stripes").mkdir()
    for name, head, array in (("images-idx3", [160, 20, 20], pixels), ("labels-idx1", [160], labels)):
        content = bytes([0, 0, 8, len(head)]) + np.array(head, ">u4").tobytes() + array.tobytes()
        (folder / f"stripes/{name}-ubyte.gz").write_bytes(gzip.compress(content))


WRITERS = {"shapes.npz": write_shapes, "letters/": write_letters, "wine.csv": write_wines, "stripes/": write_stripes}
