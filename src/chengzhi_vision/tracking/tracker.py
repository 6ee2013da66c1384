"""Follow boxes by overlap: Kalman prediction and two rounds of Hungarian assignment.

The second round lets weak boxes continue a track but never start one (Zhang et al.,
ByteTrack, ECCV 2022, section 3).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from chengzhi_vision.geometry import iou_matrix, row
from chengzhi_vision.thresholds import TrackLimits
from chengzhi_vision.tracking.motion import Motion
from chengzhi_vision.types import Box, Detection, ObjectClass, Track

FORBIDDEN = 1e3


@dataclass
class _Path:
    track_id: int
    motion: Motion
    detection: Detection
    born: float
    seen: float
    step: float = 0.0
    predicted: Box = field(init=False)


class Tracker:
    """Gives each box an identity that lasts while it can be followed."""

    def __init__(self, limits: TrackLimits) -> None:
        self.limits = limits
        self._paths: list[_Path] = []
        self._next = 1

    def update(self, detections: Sequence[Detection], *, pts: float) -> list[Track]:
        """Return the tracks seen in this frame, each with its new box."""
        self._paths = [p for p in self._paths if pts - p.seen <= self.limits.lost_s]
        for path in self._paths:
            path.predicted = path.motion.predict(pts)
        strong = [d for d in detections if d.score >= self._start_score(d)]
        weak = [d for d in detections if self.limits.weak_score <= d.score < self._start_score(d)]
        seen, free, rest = self._assign(self._paths, strong)
        continued, _, _ = self._assign(free, weak)
        return self._advance([*seen, *continued], pts) + [self._start(d, pts) for d in rest]

    def _start_score(self, detection: Detection) -> float:
        is_person = detection.kind is ObjectClass.PERSON
        return self.limits.person_start_score if is_person else self.limits.start_score

    def _assign(
        self, paths: list[_Path], detections: Sequence[Detection]
    ) -> tuple[list[tuple[_Path, Detection]], list[_Path], list[Detection]]:
        if not paths or not detections:
            return [], list(paths), list(detections)
        overlap = iou_matrix(
            np.array([row(p.predicted) for p in paths]),
            np.array([row(d.box) for d in detections]),
        )
        same = np.array([[p.detection.kind is d.kind for d in detections] for p in paths])
        allowed = same & (overlap >= self.limits.match_iou)
        rows, columns = linear_sum_assignment(np.where(allowed, 1 - overlap, FORBIDDEN))
        pairs = [
            (i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True) if allowed[i, j]
        ]
        used, taken = {i for i, _ in pairs}, {j for _, j in pairs}
        return (
            [(paths[i], detections[j]) for i, j in pairs],
            [p for i, p in enumerate(paths) if i not in used],
            [d for j, d in enumerate(detections) if j not in taken],
        )

    def _advance(self, pairs: list[tuple[_Path, Detection]], pts: float) -> list[Track]:
        tracks = []
        for path, detection in pairs:
            path.step = _speed(path.detection.box, detection.box, pts - path.seen)
            path.motion.correct(detection.box)
            path.detection, path.seen = detection, pts
            tracks.append(_track(path, pts))
        return tracks

    def _start(self, detection: Detection, pts: float) -> Track:
        motion = Motion(detection.box, pts=pts)
        path = _Path(self._next, motion, detection, born=pts, seen=pts)
        self._next += 1
        self._paths.append(path)
        return _track(path, pts)


def _speed(before: Box, now: Box, elapsed: float) -> float:
    """Return sizes per second between two sights: a filter forgets a braking car too slowly."""
    (ax, ay), (bx, by) = before.center, now.center
    size = max(math.sqrt(now.area), 1.0)
    return math.hypot(bx - ax, by - ay) / size / max(elapsed, 1e-3)


def _track(path: _Path, pts: float) -> Track:
    return Track(
        track_id=path.track_id,
        detection=path.detection,
        speed=min(path.motion.speed, path.step),
        age_s=pts - path.born,
    )
