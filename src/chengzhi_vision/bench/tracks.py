"""Run the detector and the tracker over a clip, every frame, for a score against truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chengzhi_vision.detectors.looking import look
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.sources.video import VideoSource
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.tracking.tracker import Tracker
from chengzhi_vision.types import Box, ObjectClass

EVERY_FRAME = 1000.0


@dataclass(frozen=True, kw_only=True)
class TrackRow:
    """One line of a MOT file: frames count from 1."""

    frame: int
    track_id: int
    box: Box


def follow(clip: Path, detector: Detector, *, tiles: int) -> Iterator[TrackRow]:
    """Yield the people of a clip; `tiles` looks per side besides the whole picture."""
    tracker = Tracker(thresholds().track)
    source = VideoSource(str(clip), fps=EVERY_FRAME, keyframes_only=False, ring=None)
    for frame in source.frames(started_at=0.0, stop=lambda: False):
        height, width = frame.image.shape[:2]
        parts = parts_of(width, height, tiles=tiles)
        seen = [d for d in look(detector, frame.image, parts) if d.kind is ObjectClass.PERSON]
        for track in tracker.update(seen, pts=frame.pts):
            box = track.detection.box
            yield TrackRow(frame=frame.index + 1, track_id=track.track_id, box=box)


def parts_of(width: int, height: int, *, tiles: int) -> list[Box]:
    """Return overlapping parts that cover the picture; none for tiles = 1."""
    if tiles < 2:
        return []
    side_x, side_y = 1.4 * width / tiles, 1.4 * height / tiles
    steps = [i / (tiles - 1) for i in range(tiles)]
    return [
        Box(x=(width - side_x) * i, y=(height - side_y) * j, w=side_x, h=side_y)
        for i in steps
        for j in steps
    ]


def read_mot(path: Path) -> list[TrackRow]:
    """Read a MOT text file: frame, id, left, top, width, height, …"""
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        TrackRow(
            frame=int(float(r[0])),
            track_id=int(float(r[1])),
            box=Box(x=float(r[2]), y=float(r[3]), w=float(r[4]), h=float(r[5])),
        )
        for r in rows
    ]
