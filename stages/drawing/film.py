"""Films: frames as an mp4 that browsers play, and as an animated GIF."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import imageio.v3 as iio
import numpy as np
from imageio.plugins.pyav import PyAVPlugin
from PIL import Image, ImageSequence

from stages.storage.arrays import ByteArray
from stages.storage.errors import RenderingError

Frames = Sequence[ByteArray]
Colour = tuple[int, int, int]


def write_mp4(path: Path, frames: Frames, fps: float) -> None:
    """Write H.264 with the index at the file's start; raise RenderingError unless all frames can be read again."""
    try:
        with iio.imopen(path, "w", plugin=PyAVPlugin, options={"movflags": "faststart"}) as film:
            film.init_video_stream("libx264", fps=fps, pixel_format="yuv420p")
            stream: Any = film._video_stream  # imageio has no setting for the threads, and the bytes depend on them
            stream.codec_context.thread_count = 1
            for frame in frames:
                film.write_frame(frame)
        found = sum(1 for _ in iio.imiter(path, plugin="pyav"))
    except OSError:
        raise
    except Exception as error:
        raise RenderingError(f"{path}: the video cannot be encoded ({error})") from error
    if found != len(frames):
        raise RenderingError(f"{path}: the video has {found} frames, expected {len(frames)}")


def write_gif(path: Path, frames: Frames, fps: float, palette: Sequence[Colour]) -> None:
    """Write an endless GIF in one palette; raise RenderingError unless it lasts as long as it should."""
    duration = 10 * max(1, round(100 / fps))  # GIF counts hundredths of a second
    colours = Image.new("P", (1, 1))
    colours.putpalette([value for colour in palette for value in colour])
    pictures = [Image.fromarray(frame).quantize(palette=colours, dither=Image.Dither.NONE) for frame in frames]
    indices = [np.asarray(picture) for picture in pictures]
    iio.imwrite(path, indices, mode="P", palette=colours.getpalette(), duration=duration, loop=0, optimize=True)
    with Image.open(path) as gif:
        found = sum(frame.info["duration"] for frame in ImageSequence.Iterator(gif))
    if found != duration * len(frames):
        raise RenderingError(f"{path}: the GIF lasts {found} ms, expected {duration * len(frames)}")
