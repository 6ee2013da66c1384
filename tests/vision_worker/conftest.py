"""Fixtures of the camera worker's tests: data, model, and clips drawn on the spot."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from chengzhi_vision.camera_worker import Surroundings
from chengzhi_vision.detectors.setup import is_ready, models_folder, pinned_model
from chengzhi_vision.detectors.ssdlite import SsdLite
from chengzhi_vision.spool.store import Spool
from chengzhi_vision.thresholds import thresholds

from .scenes import FPS, HEIGHT, WIDTH, Scene, Thing

ROOT = Path(__file__).parents[2]


@pytest.fixture
def video_data() -> Path:
    folder = Path(os.environ.get("CHENGZHI_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "video").is_dir():
        pytest.skip("shared/data/video is not here")
    return folder / "video"


@pytest.fixture(scope="session")
def ssdlite() -> SsdLite:
    spec, folder = pinned_model(), models_folder()
    folder = folder if folder.is_absolute() else ROOT / folder
    if not is_ready(spec, folder=folder):
        pytest.skip("the SSDLite model is not here: run chengzhi-vision models")
    detector = SsdLite(spec, folder=folder, floor=thresholds().detector.floor)
    detector.load()
    return detector


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    """What a camera worker gets from outside, without a detector."""
    return Surroundings(
        clock=time.time,
        chance=lambda: 0.0,
        spool=Spool(tmp_path / "spool"),
        state_folder=tmp_path / "state",
        detector=None,
    )


@pytest.fixture
def make_clip(tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of clips: scenes encoded with a permissive codec."""

    def make(*things: Thing, seconds: float, codec: str = "mpeg4", name: str = "clip.mp4") -> Path:
        path = tmp_path / name
        write_clip(path, Scene(things=things), seconds=seconds, codec=codec)
        return path

    return make


def write_clip(path: Path, scene: Scene, *, seconds: float, codec: str) -> None:
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream(codec, rate=int(FPS))
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.bit_rate, stream.gop_size = 3_000_000, 10
        for index in range(round(seconds * FPS)):
            frame = av.VideoFrame.from_ndarray(scene.picture(index / FPS), format="bgr24")
            frame.pts, frame.time_base = index, Fraction(1, int(FPS))
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
