"""Where the stages read and write, below the current folder."""

from pathlib import Path

IMAGES = Path("data/mnist")
TRAIN = Path("data/train")
TEST = Path("data/test")
MODELS = Path("data/models")
OVA = MODELS / "ova.npy"
METRICS = Path("metrics")
PLOTS = Path("plots")
