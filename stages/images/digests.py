"""Recognises the known data sets by the sha256 of their pixels and of their labels."""

import hashlib

from stages.images.form import Data, Images

MNIST = "mnist-original"
SAMPLE = "mnist-sample"
DIGESTS = {
    MNIST: (
        "7c10294c67b639de8f83465d100ca1aeef34d0f422dea714dc17b471eba6dd92",
        "335cca9e885f1e8e2df6da7e5a1033c4f3c31b421b41eb5e7b83f14d28b35366",
    ),
    SAMPLE: (
        "2913c6b6527114b7307e1086335a7665e3f94c74aba3d67525e6f116bf5ae20f",
        "41b7b0a9d94690a3a2f54a1d01a9f1cc1b9512e3954fb737ad5ed9f66972403d",
    ),
}


def dataset_name(data: Images | Data) -> str:
    """Return the name of a known data set, or 'unknown'."""
    found = tuple(hashlib.sha256(array.data).hexdigest() for array in data[:2])
    return next((name for name, digests in DIGESTS.items() if digests == found), "unknown")
