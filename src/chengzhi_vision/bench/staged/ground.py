"""How large things are where they stand: one line per background, fitted or given."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chengzhi_vision.bench.cutouts.types import Split
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.errors import BenchInvalid
from chengzhi_vision.types import Box, ObjectClass, Picture

PERSON_M = 1.72
FEW = 6
FIELDS = ("horizon", "person", "left", "right", "top", "bottom")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The ground of a view; all values are shares of the picture's width or height.

    `horizon` is where a person's height would vanish (it may lie above the picture), `person`
    how tall a person is whose feet touch the lower edge; the rest bounds where things stand.
    """

    horizon: float = 0.1
    person: float = 0.42
    left: float = 0.04
    right: float = 0.96
    top: float = 0.52
    bottom: float = 0.94

    def px_per_m(self, y: float, *, height: int) -> float:
        """Return how many pixels a meter has for a thing whose foot is at `y`."""
        share = max(y / height - self.horizon, 0.02) / (1 - self.horizon)
        return share * self.person * height / PERSON_M


@dataclass(frozen=True, kw_only=True)
class Background:
    """A clip to put things into."""

    clip: Path
    ground: Ground
    split: Split = Split.TEST
    sorts: tuple[str, ...] = ()
    still: tuple[Box, ...] = ()


def read_backgrounds(path: Path, *, videos: Sequence[Path]) -> list[Background]:
    """Read the described backgrounds whose clip lies in one of the folders."""
    table = tomllib.loads(path.read_text("utf-8"))
    found = []
    for row in table["backgrounds"]:
        clips = [folder / row["clip"] for folder in videos if (folder / row["clip"]).is_file()]
        if clips:
            found.append(_background(row, clips[0]))
    return found


def _background(row: dict[str, Any], clip: Path) -> Background:
    return Background(
        clip=clip,
        ground=_ground(row),
        split=Split(row["split"]),
        sorts=tuple(row.get("sorts", ())),
    )


def read_ground(path: Path) -> Ground:
    """Read the ground of one clip: the six values as TOML."""
    try:
        return _ground(tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise BenchInvalid(f"地面文件 {path} 读不懂：{error}。") from error


def _ground(table: dict[str, Any]) -> Ground:
    return Ground(**{name: float(table[name]) for name in FIELDS if name in table})


def fitted_ground(pictures: Sequence[Picture], detector: Detector | None) -> Ground:
    """Return a ground fitted to the people seen in a clip, or the usual street view."""
    people: list[tuple[float, float]] = []
    for picture in pictures if detector is not None else ():
        assert detector is not None
        height = picture.shape[0]
        people += [
            (d.box.bottom / height, d.box.h / height)
            for d in detector.detect(picture)
            if d.kind is ObjectClass.PERSON and d.score >= 0.5 and d.box.bottom < height - 4
        ]
    if len(people) < FEW:
        return Ground()
    return _fitted(np.array(people))


def _fitted(people: Any) -> Ground:
    feet, heights = people[:, 0], people[:, 1]
    slope = float(np.polyfit(feet, heights, 1)[0]) if np.ptp(feet) > 0.1 else 0.0
    middle, tall = float(np.median(feet)), float(np.median(heights))
    slope = min(max(slope, 0.1), 1.6)
    horizon = min(max(middle - tall / slope, -1.0), 0.6)
    person = min(max(tall * (1 - horizon) / max(middle - horizon, 0.05), 0.1), 0.95)
    top = min(max(float(np.percentile(feet, 10)), 0.35), 0.7)
    return Ground(horizon=horizon, person=person, top=top)
