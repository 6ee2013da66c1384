"""The last seconds of compressed video, kept so that a clip can begin before its cause."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Lock
from weakref import WeakSet


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One compressed packet; times in seconds of the stream."""

    pts: float
    dts: float
    duration: float
    is_key: bool
    payload: bytes


class Room:
    """The memory of all rings of a process: where most are awake at once, each keeps less.

    After a start all that stands there reaches its dwell at once, and all rings wake together.
    """

    def __init__(self, *, a_ring: int, least: int) -> None:
        self.a_ring, self.least = a_ring, least
        self._rings: WeakSet[PacketRing] = WeakSet()
        self._lock = Lock()

    def join(self, ring: PacketRing) -> None:
        with self._lock:
            self._rings.add(ring)

    def share(self) -> int:
        """Return the bytes that a ring which is awake may keep now."""
        with self._lock:
            sizes = [ring.size for ring in self._rings]
        return max(self.a_ring * len(sizes), self.least) // max(sum(map(bool, sizes)), 1)


ROOM = Room(a_ring=1024**2, least=64 * 1024**2)


class PacketRing:
    """Holds packets from the key frame before the wanted moment on, within a byte budget."""

    def __init__(self, *, keep_s: float, max_bytes: int, room: Room = ROOM) -> None:
        self.keep_s, self.max_bytes = keep_s, max_bytes
        self._room, self._share = room, max_bytes
        room.join(self)
        self._pieces: deque[Piece] = deque()
        self._groups: deque[int] = deque()  # how many pieces each group of pictures has
        self._bytes = 0
        self.is_resting = False
        self._lock = Lock()

    def add(self, piece: Piece) -> None:
        """Append a packet and let go of whole groups of pictures that are too old."""
        with self._lock:
            if piece.is_key or not self._groups:
                self._groups.append(0)
            self._groups[-1] += 1
            self._pieces.append(piece)
            self._bytes += len(piece.payload)
        share = self._room.share() if piece.is_key else self._share
        with self._lock:
            self._share = share
            self._trim(piece.pts)

    def rest(self, *, is_resting: bool) -> None:
        """Keep nothing while no alarm can be near (see `fleet/preroll.py`)."""
        if is_resting and not self.is_resting:
            self.clear()
        self.is_resting = is_resting

    def clear(self) -> None:
        with self._lock:
            self._pieces.clear()
            self._groups.clear()
            self._bytes = 0

    def cut(self, *, start: float, end: float) -> list[Piece]:
        """Return the packets from the last key frame at or before `start` up to `end`."""
        with self._lock:
            pieces = [piece for piece in self._pieces if piece.dts <= end]
        keys = [i for i, piece in enumerate(pieces) if piece.is_key]
        first = [i for i in keys if pieces[i].pts <= start] or keys
        return (
            pieces[(first[-1] if pieces and pieces[first[-1]].pts <= start else first[0]) :]
            if first
            else []
        )

    @property
    def size(self) -> int:
        return self._bytes

    def _trim(self, now: float) -> None:
        while len(self._groups) > 1:
            second = self._groups[0]
            is_old = self._pieces[second].pts <= now - self.keep_s
            if not is_old and self._bytes <= min(self.max_bytes, self._share):
                return
            for _ in range(second):
                self._bytes -= len(self._pieces.popleft().payload)
            self._groups.popleft()
