"""The last day of each camera as small stills on the worker's own disk, within a byte limit.

A still is a JPEG of 640 pixels' width named by its moment in milliseconds, so a restart finds
them all again and nothing else is to be kept. All cameras share one limit: what goes is the oldest
of all, so that every camera reaches back equally far. The spool comes first: stills take only what
it cannot come to need, and give way where it has no room.
"""

from __future__ import annotations

import errno
import re
from array import array
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from chengzhi_vision.errors import VisionError
from chengzhi_vision.jpeg import decoded, encoded, narrowed
from chengzhi_vision.types import Frame, Picture
from chengzhi_vision.whole import write_whole

WIDTH = 640
QUALITY = 60
EVERY_S = 20.0
KEEP_S = 24.5 * 3600
MOST_BYTES = 128 * 1024 * 1024  # of one camera: a day of stills of 28 KB
TOTAL_MB = 12 * 1024  # of all cameras: a day of a hundred
SUFFIX, PART = ".jpg", ".part"
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
        total_bytes: int = TOTAL_MB * 2**20,
        room: Callable[[], int] | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """`room` tells the bytes that the disk still grants; `clock` lets go of cameras that are gone."""
        self.folder, self.every_s, self.keep_s = folder, every_s, keep_s
        self.most_bytes, self.total_bytes = most_bytes, total_bytes
        self.room, self.clock = room, clock
        self._known = {path.name: _found(path) for path in _folders(folder)}
        self._tried: dict[str, int] = {}
        self._lock = Lock()
        self._let_go(self.size - total_bytes)

    @property
    def size(self) -> int:
        """Return the bytes of all stills."""
        return sum(line.size for line in list(self._known.values()))

    def offer(self, camera: str, frame: Frame) -> bool:
        """Keep a frame when the last still is old enough; tell whether it was kept.

        :raises OSError: the disk has no room for it; the next try is made when the next is due.
        """
        moment = round(frame.at * 1000)
        with self._lock:
            line = self._known.setdefault(camera, _Line(moments=array("q"), size=0))
            last = self._tried.get(camera, line.moments[-1] if line.moments else None)
            if last is not None and 0 <= moment - last < self.every_s * 1000:
                return False
            self._tried[camera] = moment
            data = encoded(narrowed(frame.image, WIDTH), quality=QUALITY)
            self._claim(len(data))
            write_whole(self._path(camera, moment), data)
            line.moments.append(moment)
            line.size += len(data)
            self._prune(camera, line, now=moment)
        return True

    def make_way(self, wanted: int) -> int:
        """Let go of so many bytes, the oldest of all cameras first; return how many went."""
        with self._lock:
            return self._let_go(wanted)

    def stills(self, camera: str, *, since: float, until: float) -> list[StoredStill]:
        """Return the stills between two moments in order."""
        with self._lock:
            line = self._known.get(camera)
            moments = sorted(line.moments) if line else []
        return [
            StoredStill(at=moment / 1000, path=self._path(camera, moment))
            for moment in moments
            if since <= moment / 1000 <= until
        ]

    def _path(self, camera: str, moment: int) -> Path:
        return self.folder / camera / f"{moment}{SUFFIX}"

    def _prune(self, camera: str, line: _Line, *, now: int) -> None:
        while len(line.moments) > 1 and (
            line.size > self.most_bytes or now - line.moments[0] > self.keep_s * 1000
        ):
            self._drop(camera, line)
        self._let_go(self.size - self.total_bytes)
        if self.clock is not None:
            self._forget(before=round((self.clock() - self.keep_s) * 1000))

    def _forget(self, *, before: int) -> None:
        """Let go of what is too old, also of cameras that are watched elsewhere now."""
        for camera, line in self._known.items():
            while line.moments and line.moments[0] < before:
                self._drop(camera, line)

    def _claim(self, wanted: int) -> None:
        """Make sure that the disk grants so many bytes, by letting go of the oldest if need be.

        :raises OSError: it does not.
        """
        if self.room is None:
            return
        lacking = wanted - self.room()
        if lacking > 0 and self._let_go(lacking) < lacking:
            raise OSError(errno.ENOSPC, "no room for stills beside the spool")

    def _let_go(self, wanted: int) -> int:
        gone = 0
        while gone < wanted:
            lines = [
                (line.moments[0], camera) for camera, line in self._known.items() if line.moments
            ]
            if not lines:
                break
            _, camera = min(lines)
            gone += self._drop(camera, self._known[camera])
        return gone

    def _drop(self, camera: str, line: _Line) -> int:
        """Delete the oldest still of a camera and return its bytes."""
        path = self._path(camera, line.moments.pop(0))
        with suppress(FileNotFoundError):
            size = path.stat().st_size
            path.unlink()
            line.size -= size
            return size
        return 0


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []


def _found(folder: Path) -> _Line:
    """Return the stills of a camera that a former run left; what it left half written goes."""
    moments, size = array("q"), 0
    for path in folder.iterdir():
        if path.suffix == SUFFIX and NAME.fullmatch(path.stem):
            moments.append(int(path.stem))
            size += path.stat().st_size
        elif path.suffix == PART:
            path.unlink(missing_ok=True)
    return _Line(moments=array("q", sorted(moments)), size=size)


def read_total_mb(text: str) -> int:
    """Return how many MB the stills of all cameras may take.

    :raises VisionError: that is no number.
    """
    if text and not text.isdecimal():
        raise VisionError(f"--stills-total-mb：应为整数 MB，例如 12288，得到 {text!r}。")
    return int(text) if text else TOTAL_MB
