"""The last day of each camera as small stills on the worker's own disk, within a byte limit.

A still is a JPEG of 640 pixels' width named by its moment in milliseconds, so a restart finds
them all again and nothing else is to be kept.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import cv2
import numpy as np

from chengzhi_vision.types import Frame, Picture

WIDTH = 640
QUALITY = 60
EVERY_S = 20.0
KEEP_S = 24.5 * 3600
MOST_BYTES = 128 * 1024 * 1024  # of one camera: a day of stills of 28 KB
SUFFIX = ".jpg"
NAME = re.compile(r"\d{10,16}")


@dataclass(frozen=True, kw_only=True)
class StoredStill:
    """One still on disk and the moment it shows."""

    at: float
    path: Path

    def picture(self) -> Picture | None:
        """Return its pixels, or None when it is damaged or already gone."""
        try:
            data = np.frombuffer(self.path.read_bytes(), np.uint8)
        except OSError:
            return None
        image = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
        return None if image is None else image.astype(np.uint8)


class StillRing:
    """Stills of all cameras of this worker."""

    def __init__(
        self,
        folder: Path,
        *,
        every_s: float = EVERY_S,
        keep_s: float = KEEP_S,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.folder, self.every_s, self.keep_s = folder, every_s, keep_s
        self.most_bytes = most_bytes
        self._known: dict[str, deque[tuple[float, int]]] = {}
        self._lock = Lock()

    def offer(self, camera: str, frame: Frame) -> bool:
        """Keep a frame when the last still is old enough; tell whether it was kept."""
        with self._lock:
            known = self._list(camera)
            if known and 0 <= frame.at - known[-1][0] < self.every_s:
                return False
            data = _jpeg(frame.image)
            _write(self._path(camera, frame.at), data)
            known.append((_name_at(frame.at), len(data)))
            self._prune(camera, known, now=frame.at)
        return True

    def stills(self, camera: str, *, since: float, until: float) -> list[StoredStill]:
        """Return the stills between two moments in order."""
        with self._lock:
            moments = [at for at, _ in self._list(camera)]
        return [
            StoredStill(at=at, path=self._path(camera, at))
            for at in sorted(moments)
            if since <= at <= until
        ]

    def _list(self, camera: str) -> deque[tuple[float, int]]:
        if camera not in self._known:
            folder = self.folder / camera
            found = folder.glob(f"*{SUFFIX}") if folder.is_dir() else ()
            rows = [(int(p.stem) / 1000, p.stat().st_size) for p in found if NAME.fullmatch(p.stem)]
            self._known[camera] = deque(sorted(rows))
        return self._known[camera]

    def _path(self, camera: str, at: float) -> Path:
        return self.folder / camera / f"{round(at * 1000)}{SUFFIX}"

    def _prune(self, camera: str, known: deque[tuple[float, int]], *, now: float) -> None:
        total = sum(size for _, size in known)
        while len(known) > 1 and (total > self.most_bytes or now - known[0][0] > self.keep_s):
            at, size = known.popleft()
            self._path(camera, at).unlink(missing_ok=True)
            total -= size


def _name_at(at: float) -> float:
    return round(at * 1000) / 1000


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)


def _jpeg(image: Picture) -> bytes:
    height, width = image.shape[:2]
    if width > WIDTH:
        size = (WIDTH, max(round(height * WIDTH / width), 1))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    _, data = cv2.imencode(SUFFIX, image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return bytes(data.tobytes())
