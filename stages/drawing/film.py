"""Films from frames: an mp4 that browsers play, and an animated GIF. The same bytes on every processor."""

import io
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import imageio.v3 as iio
import numpy as np
from PIL import Image, ImageSequence

from stages.drawing.planes import planes
from stages.drawing.text import Colour
from stages.storage.arrays import ByteArray
from stages.storage.errors import RenderingError, StageError
from stages.storage.files import replacing

# A fixed quantiser, no decisions by floating-point costs, no assembly and no threads give the same bytes everywhere, in
# an eighth of x264's usual time without assembly. The colours are those of `planes`.
FIXED = "asm=0:bframes=0:scenecut=0"
QUICK = "me=dia:subme=0:weightp=0:8x8dct=0"
COLOURS = "colorprim=bt709:transfer=bt709:colormatrix=bt709"
X264 = {"preset": "superfast", "qp": "20", "x264-params": f"{FIXED}:{QUICK}:{COLOURS}"}
CONTAINER = {"movflags": "faststart", "fflags": "bitexact"}  # the index comes first; no library's version is written


def write_mp4(path: Path, frames: Iterable[ByteArray], fps: float) -> None:
    """Write H.264 of frames (height, width, 3) uint8. Raise RenderingError unless all frames can be read again."""
    try:
        with replacing(path) as temporary:
            sent = encode(temporary, frames, fps)
            with av.open(temporary) as film:
                found = sum(1 for _ in film.decode(video=0))
            if found != sent:
                raise RenderingError(f"{path}: the video has {found} frames, expected {sent}")
    except StageError:
        raise
    except Exception as error:
        raise RenderingError(f"{path}: the video cannot be encoded ({error})") from error


def encode(path: Path, frames: Iterable[ByteArray], fps: float) -> int:
    """Write an mp4. Return the number of frames."""
    sent = 0
    with av.open(path, "w", options=CONTAINER) as film:
        stream = film.add_stream("libx264", rate=Fraction(fps).limit_denominator(1000), options=X264)
        stream.pix_fmt, stream.thread_count = "yuv420p", 1
        for sent, frame in enumerate(frames, start=1):
            if sent == 1:
                stream.height, stream.width, _ = frame.shape
            film.mux(stream.encode(av.VideoFrame.from_ndarray(planes(frame), format="yuv420p")))
        film.mux(stream.encode())
    return sent


def write_gif(path: Path, frames: Sequence[ByteArray], fps: float, palette: Sequence[Colour]) -> None:
    """Write an endless GIF of frames from `indexed`. Raise RenderingError unless its duration is as expected."""
    duration = 10 * max(1, round(100 / fps))  # GIF counts hundredths of a second
    colours = [value for colour in palette for value in colour]
    options: Any = {"mode": "P", "palette": colours, "duration": duration, "loop": 0, "optimize": True}
    content = iio.imwrite("<bytes>", frames, extension=".gif", **options)  # imageio prints too much on a full disk
    with Image.open(io.BytesIO(content)) as gif:
        found = sum(frame.info["duration"] for frame in ImageSequence.Iterator(gif))
    if found != duration * len(frames):
        raise RenderingError(f"{path}: the GIF lasts {found} ms, expected {duration * len(frames)}")
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def indexed(frame: ByteArray, palette: Sequence[Colour]) -> ByteArray:
    """Return the nearest colour of a palette, as its index, for each pixel of a frame: (height, width) uint8."""
    colours = Image.new("P", (1, 1))
    colours.putpalette([value for colour in palette for value in colour])
    return np.asarray(Image.fromarray(frame).quantize(palette=colours, dither=Image.Dither.NONE))
