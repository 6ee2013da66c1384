"""The camera's own faults and the encoder: noise, vignette and VP9 in MP4."""

from __future__ import annotations

import io
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

from .types import Sensor

Picture = NDArray[np.uint8]
CODEC = "libvpx-vp9"


def picture(jpeg: bytes) -> Picture:
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB"))


def _through_lens(clean: Picture, sensor: Sensor) -> NDArray[np.float32]:
    """Soften and grey the picture a little, as a cheap lens does."""
    soft = cv2.GaussianBlur(clean, (0, 0), max(sensor.blur, 0.05)).astype(np.float32)
    grey = soft @ np.array([0.299, 0.587, 0.114], np.float32)
    toned: NDArray[np.float32] = grey[..., None] + (soft - grey[..., None]) * sensor.saturation
    return toned


def expose(clean: Picture, *, sensor: Sensor, seed: int) -> Picture:
    """Add lens softness, vignette and sensor noise; the same seed gives the same grain."""
    height, width = clean.shape[:2]
    clean_toned = _through_lens(clean, sensor)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    shade = 1 - sensor.vignette * np.clip((x**2 + y**2) / 2, 0, 1)
    rng = np.random.Generator(np.random.PCG64(seed))
    grain = rng.standard_normal((height, width, 1), np.float32) * np.float32(sensor.noise)
    lit = clean_toned * shade[..., None].astype(np.float32) + grain
    shot: Picture = np.clip(lit, 0, 255).astype(np.uint8)
    return shot


def encode(
    pictures: Iterable[Picture],
    *,
    path: Path,
    fps: int,
    size: tuple[int, int],
    crf: int,
    key_seconds: float = 2.0,
) -> None:
    """Write VP9 in MP4 with a key frame at least every `key_seconds`."""
    with av.open(str(path), "w", options={"movflags": "faststart"}) as out:
        stream = cast(VideoStream, out.add_stream(CODEC, rate=fps))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, fps)
        stream.codec_context.gop_size = int(fps * key_seconds)
        stream.options = {"crf": str(crf), "b:v": "0", "deadline": "good", "cpu-used": "3",
                          "row-mt": "1", "threads": "2", "auto-alt-ref": "0"}  # fmt: skip
        for index, shot in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(shot, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, fps)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


def save_webp(shot: Picture, path: Path, *, limit: int) -> int:
    """Write a WebP still no larger than `limit` bytes and return its size."""
    for quality in (82, 76, 70, 64, 58, 50, 42, 34):
        body = io.BytesIO()
        Image.fromarray(shot).save(body, "WEBP", quality=quality, method=6)
        if body.tell() <= limit:
            break
    path.write_bytes(body.getvalue())
    return body.tell()
