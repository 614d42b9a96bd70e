"""From the labels in the data to classes, counted from 0."""

from collections.abc import Sequence

import numpy as np

from stages.storage.arrays import Array, ByteArray


def classes_of(labels: Array, names: Sequence[str]) -> ByteArray:
    """Return each label's class, (n,) uint8, of at most 256.

    Where all labels, (n,) uint8 or UTF-8 words, are among the names, a label's class is the place of its name; else
    the labels are the classes' numbers. Raises ValueError where they are neither.
    """
    found, places = np.unique(labels, return_inverse=True)
    texts = [label.decode() if isinstance(label, bytes) else str(label) for label in found.tolist()]
    numbers = [str(number) for number in range(len(names))]
    for known in (list(names), numbers):
        if set(texts) <= set(known):
            return np.array([known.index(text) for text in texts], np.uint8)[places]
    odd = next(text for text in texts if text not in (names if set(texts) & set(names) else numbers))
    expected = f"a name of a class ({', '.join(names)[:100]}), or all labels whole numbers from 0 to {len(names) - 1}"
    raise ValueError(f"has the label '{odd}', expected {expected}")
