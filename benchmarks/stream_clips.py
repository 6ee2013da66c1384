"""The clips of `benchmarks.streams`: made once from real footage with a permissive encoder."""

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

SCRATCH = Path(__file__).parent / "scratch"
SHARED = Path(os.environ.get("CHENGZHI_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
FOOTAGE = SHARED / "video" / "PETS09-S2L1_vtest.avi"
H264 = SHARED / "video" / "intel_car-detection.mp4"
FPS, SECONDS, GOP_S = 25, 40, 2
SIZES = {
    "720": (1280, 720, 2_000_000),
    "720_calm": (1280, 720, 2_000_000),
    "360": (640, 360, 500_000),
}
CALM_FROM_S = 10  # a calm clip stands still from here on
GRAIN = 3.0  # grey levels of sensor noise laid over the enlarged footage


def clip(name: str) -> Path:
    """Return the clip of a name, made if it is not there yet."""
    if name == "h264":
        return H264
    path = SCRATCH / f"stream_{name}.mkv"
    if not path.is_file():
        SCRATCH.mkdir(exist_ok=True)
        _make(path, *SIZES[name], stills_from=CALM_FROM_S if "calm" in name else SECONDS)
    return path


def _make(path: Path, width: int, height: int, bit_rate: int, *, stills_from: int) -> None:
    part = path.with_suffix(".part.mkv")
    options = {"deadline": "realtime", "cpu-used": "8", "auto-alt-ref": "0", "lag-in-frames": "0"}
    with av.open(str(part), "w") as out:
        stream: Any = out.add_stream("libvpx", rate=FPS, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.bit_rate, stream.gop_size, stream.thread_count = bit_rate, FPS * GOP_S, 1
        for index, picture in enumerate(_pictures(width, height, stills_from)):
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    part.replace(path)


def _pictures(width: int, height: int, stills_from: int) -> Iterator[np.ndarray[Any, Any]]:
    """Yield the footage enlarged, with grain, as often as the rate asks."""
    chance = np.random.default_rng(7)
    grain = [chance.normal(0, GRAIN, (height, width, 1)).astype(np.int16) for _ in range(5)]
    count = 0
    with av.open(str(FOOTAGE)) as source:
        for frame in source.decode(video=0):
            if count < stills_from * FPS:
                fresh = cv2.resize(frame.to_ndarray(format="bgr24"), (width, height))
                plain = fresh.astype(np.int16)
            while count * 10 < (frame.pts + 1) * FPS:  # the footage has ten pictures a second
                yield np.clip(plain + grain[count % 5], 0, 255).astype(np.uint8)
                count += 1
                if count >= FPS * SECONDS:
                    return
