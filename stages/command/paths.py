"""The files and folders of the stages, relative to the current folder."""

from pathlib import Path

IMAGES = Path("data/mnist")
TRAIN = Path("data/train")
VALIDATION = Path("data/validation")
TEST = Path("data/test")
DIGIT_MODELS = Path("data/models/digits")
OVA = Path("data/models/ova.npy")
METRICS = Path("metrics")
PLOTS = Path("plots")
