"""The last day of each camera as small stills on the worker's own disk, within a byte limit.

A still is a JPEG of 640 pixels' width named by its moment in milliseconds, so a restart finds
them all again and nothing else is to be kept.
"""

from __future__ import annotations

import re
from array import array
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from chengzhi_vision.jpeg import decoded, encoded, narrowed
from chengzhi_vision.types import Frame, Picture
from chengzhi_vision.whole import write_whole

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
            return decoded(self.path.read_bytes())
        except OSError:
            return None


@dataclass
class _Line:
    """The stills of one camera: their moments in milliseconds and their bytes together."""

    moments: array[int]
    size: int


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
        self._known: dict[str, _Line] = {}
        self._lock = Lock()

    def offer(self, camera: str, frame: Frame) -> bool:
        """Keep a frame when the last still is old enough; tell whether it was kept."""
        moment = round(frame.at * 1000)
        with self._lock:
            line = self._line(camera)
            if line.moments and 0 <= moment - line.moments[-1] < self.every_s * 1000:
                return False
            data = encoded(narrowed(frame.image, WIDTH), quality=QUALITY)
            write_whole(self._path(camera, moment), data)
            line.moments.append(moment)
            line.size += len(data)
            self._prune(camera, line, now=moment)
        return True

    def stills(self, camera: str, *, since: float, until: float) -> list[StoredStill]:
        """Return the stills between two moments in order."""
        with self._lock:
            moments = sorted(self._line(camera).moments)
        return [
            StoredStill(at=moment / 1000, path=self._path(camera, moment))
            for moment in moments
            if since <= moment / 1000 <= until
        ]

    def _line(self, camera: str) -> _Line:
        if camera not in self._known:
            folder = self.folder / camera
            found = folder.glob(f"*{SUFFIX}") if folder.is_dir() else ()
            paths = [path for path in found if NAME.fullmatch(path.stem)]
            self._known[camera] = _Line(
                moments=array("q", sorted(int(path.stem) for path in paths)),
                size=sum(path.stat().st_size for path in paths),
            )
        return self._known[camera]

    def _path(self, camera: str, moment: int) -> Path:
        return self.folder / camera / f"{moment}{SUFFIX}"

    def _prune(self, camera: str, line: _Line, *, now: int) -> None:
        while len(line.moments) > 1 and (
            line.size > self.most_bytes or now - line.moments[0] > self.keep_s * 1000
        ):
            path = self._path(camera, line.moments.pop(0))
            with suppress(FileNotFoundError):
                line.size -= path.stat().st_size
                path.unlink()
