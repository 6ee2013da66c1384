"""Decoders of key frames, lent from picture to picture.

A key frame needs nothing of what came before it, so a camera watched by key frames needs no decoder
of its own: a few serve them all, and their buffers stay warm. At 720p that spares each camera 3 MB.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from typing import Any

import av

Kind = tuple[str, bytes]
#: Streams of these say everything themselves, or in what goes before their packets.
COMPLETE = frozenset(
    {"h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4", "mpeg2video", "mjpeg"}
)
MOST_IDLE = 8  # opening another one takes a tenth of a millisecond
MOST_PICTURES = 50  # then it is closed: it keeps the buffers of all pictures that were out at once


@dataclass(eq=False)
class _Decoder:
    kind: Kind
    own: Any
    pictures: int = 0


class KeyFrameDecoders:
    """Decodes single key frames of many streams, a few at a time."""

    def __init__(self, *, at_once: int) -> None:
        self._turn = BoundedSemaphore(at_once)
        self._idle: deque[_Decoder] = deque(maxlen=MOST_IDLE)
        self._lock = Lock()

    def decode(self, packet: Any, kind: Kind) -> list[Any]:
        """Return the picture of a key frame of a stream of some kind.

        A decoder that holds a picture back for reordering gives it at once: no other follows.
        """
        with self._turn, self._lent(kind) as own:
            pictures = list(own.decode(packet))
            with suppress(av.EOFError):
                pictures += own.decode(None)
            own.flush_buffers()
            return pictures

    @property
    def idle(self) -> int:
        """Return how many decoders wait for work."""
        return len(self._idle)

    @contextmanager
    def _lent(self, kind: Kind) -> Iterator[Any]:
        """Lend a decoder of this kind; one that failed is not used again."""
        decoder = self._taken(kind) or _Decoder(kind=kind, own=_opened(kind))
        yield decoder.own
        decoder.pictures += 1
        if decoder.pictures < MOST_PICTURES:
            with self._lock:
                self._idle.append(decoder)

    def _taken(self, kind: Kind) -> _Decoder | None:
        """Take the one of this kind that was used last: its buffers are warm."""
        with self._lock:
            found = next((one for one in reversed(self._idle) if one.kind == kind), None)
            if found is not None:
                self._idle.remove(found)
            return found


def kind_of(own: Any) -> Kind | None:
    """Return the kind of a stream by its unopened decoder; None where it needs its own."""
    name = str(own.codec.name)
    return (name, bytes(own.extradata or b"")) if name in COMPLETE else None


def _opened(kind: Kind) -> Any:
    name, extradata = kind
    decoder = av.CodecContext.create(name, "r")
    decoder.thread_count = 1
    decoder.skip_frame = "NONKEY"
    if extradata:
        decoder.extradata = extradata
    return decoder


SHARED = KeyFrameDecoders(at_once=os.cpu_count() or 1)
