"""The types of arrays."""

import numpy as np
import numpy.typing as npt

ByteArray = npt.NDArray[np.uint8]  # pixels 0-255, labels 0-9, y 0 or 1, digests
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
