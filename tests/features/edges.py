"""Images at the edge of what there is."""

import numpy as np

from stages.storage.arrays import ByteArray
from tests.helpers import sample


def edge_images() -> dict[str, ByteArray]:
    """Return images that are no digits, and one upside down."""
    names = ("blank", "dot", "corner", "bar", "dash", "slant", "flat", "ends", "faint")
    images = {name: np.zeros((28, 28), np.uint8) for name in names}
    images["dot"][9, 20] = images["corner"][27, 27] = 255
    images["bar"][4:24, 3] = images["dash"][27, 2:25] = images["slant"][range(28), range(28)] = 255
    images["flat"][range(14), range(0, 28, 2)] = images["ends"][::27] = 255
    images["faint"][3:5, 3] = 1
    images["full"] = np.full((28, 28), 255, np.uint8)
    images["checks"] = (np.indices((28, 28)).sum(axis=0) % 2 * 255).astype(np.uint8)
    images["noise"] = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    images["upside down"] = sample().pixels[1234][::-1].reshape(28, 28)
    return {name: image.reshape(1, 784) for name, image in images.items()}
