"""A convolutional network of 1.2 million weights: PyTorch's own MNIST example, with its own settings.

From github.com/pytorch/examples, mnist/main.py: the layers, Adadelta with learning rate 1.0, times 0.7 after each
epoch, batches of 64, seed 1. The example trains for 14 epochs; here they are fewer, because there is no GPU.
"""

from typing import Any

import numpy as np
import torch

from stages.images.form import DIGITS, LARGEST_PIXEL, SIDE
from stages.storage.arrays import ByteArray, IntArray

MEAN, STD = 0.1307, 0.3081  # of all pixels, scaled to 0-1
BATCH, RATE, GAMMA, SEED = 64, 1.0, 0.7, 1
AT_A_TIME = 1000  # images that are classified in one batch


def network() -> Any:
    """Return the network, untrained."""
    n = torch.nn
    convolutions = [n.Conv2d(1, 32, 3), n.ReLU(), n.Conv2d(32, 64, 3), n.ReLU(), n.MaxPool2d(2), n.Dropout(0.25)]
    seen = 64 * (SIDE // 2 - 2) ** 2
    dense = [n.Flatten(), n.Linear(seen, 128), n.ReLU(), n.Dropout(0.5), n.Linear(128, len(DIGITS))]
    return n.Sequential(*convolutions, *dense)


def inputs(pixels: ByteArray) -> Any:
    """Return images, (n, 784), in the network's form, (n, 1, 28, 28) float32, normalised."""
    shares = torch.from_numpy(np.array(pixels)).to(torch.float32) / LARGEST_PIXEL
    return ((shares - MEAN) / STD).reshape(-1, 1, SIDE, SIDE)


def trained_network(pixels: ByteArray, labels: ByteArray, epochs: int) -> Any:
    """Return the network, trained for some epochs."""
    torch.manual_seed(SEED)
    X, y, model = inputs(pixels), torch.from_numpy(labels.astype(np.int64)), network()
    optimiser: Any = torch.optim.Adadelta(model.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.StepLR(optimiser, step_size=1, gamma=GAMMA)
    model.train()
    for _ in range(epochs):
        order: Any = torch.randperm(len(X))
        for rows in order.split(BATCH):
            optimiser.zero_grad()
            loss: Any = torch.nn.functional.cross_entropy(model(X[rows]), y[rows])
            loss.backward()
            optimiser.step()
        schedule.step()
    return model.eval()


def read(model: Any, pixels: ByteArray) -> IntArray:
    """Return the network's answers, (n,)."""
    with torch.no_grad():
        parts = [model(part).argmax(dim=1) for part in inputs(pixels).split(AT_A_TIME)]
    return np.asarray(torch.cat(parts).numpy())


def numbers(model: Any) -> int:
    """Return the number of weights."""
    return sum(parameter.numel() for parameter in model.parameters())
