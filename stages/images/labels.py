"""Turns the labels of the data into class numbers, from 0."""

from collections.abc import Sequence

import numpy as np

from stages.storage.arrays import Array, ByteArray


def classes_of(labels: Array, names: Sequence[str]) -> ByteArray:
    """Return the class number of each label, (n,) uint8, of at most 256 classes.

    If all labels, (n,) uint8 or UTF-8 words, are names of classes, the number is the name's position. Otherwise the
    labels must be the class numbers. Raises ValueError if they are neither.
    """
    found, places = np.unique(labels, return_inverse=True)
    texts = [label.decode() if isinstance(label, bytes) else str(label) for label in found.tolist()]
    numbers = [str(number) for number in range(len(names))]
    for known in (list(names), numbers):
        if set(texts) <= set(known):
            return np.array([known.index(text) for text in texts], np.uint8)[places]
    odd = next(text for text in texts if text not in (names if set(texts) & set(names) else numbers))
    expected = f"a class name ({', '.join(names)[:100]}), or only whole numbers from 0 to {len(names) - 1}"
    raise ValueError(f"has the label '{odd}', expected {expected}")
