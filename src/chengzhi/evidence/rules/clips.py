"""The copy of a recording: small, slow, silent, heads and plates hidden in every picture."""

import io
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import av
import cv2
import numpy as np

from chengzhi.evidence.rules.copies import DAMAGED, NoSuchCopy
from chengzhi_redaction.mosaic import hide
from chengzhi_redaction.policy import regions_of
from chengzhi_redaction.types import PartFinder, Picture, Region, ThingFinder

LONG_SIDE = 960
RATE = 5
REACH = 2  # what is seen in a picture is hidden in so many before and after it, too
LONGEST_S = 120.0
ENCODER, COPY_FORMAT = "libvpx", "webm"
OPTIONS = {"deadline": "realtime", "cpu-used": "8", "crf": "24"}
BIT_RATE = 900_000
Look = Callable[[Picture], Sequence[Region]]


def hidden_clip(content: bytes, *, things: ThingFinder, plates: PartFinder | None = None) -> bytes:
    """Return a recording of five pictures a second without sound and without metadata.

    Every person's head and every vehicle's lower band is hidden besides the plates that are found:
    a moving picture shows each of them many times.

    :raises NoSuchCopy: the recording is damaged.
    """
    try:
        return _encoded(content, lambda picture: _regions(picture, things, plates))
    except av.error.FFmpegError:
        raise NoSuchCopy(DAMAGED) from None


def _regions(picture: Picture, things: ThingFinder, plates: PartFinder | None) -> Sequence[Region]:
    found = plates.find(picture) if plates else ()
    return regions_of(things.things(picture), faces=(), plates=found, spares_bodies=False)


def _encoded(content: bytes, look: Look) -> bytes:
    out = io.BytesIO()
    with (
        av.open(io.BytesIO(content), "r") as source,
        av.open(out, "w", format=COPY_FORMAT) as target,
    ):
        stream: Any = None
        for picture in _covered(_sampled(source), look):
            stream = stream or _stream(target, picture)
            frame: Any = av.VideoFrame.from_ndarray(picture, format="bgr24")
            target.mux(stream.encode(frame))
        if stream is not None:
            target.mux(stream.encode(None))
    return out.getvalue()


def _stream(target: Any, picture: Picture) -> Any:
    stream = target.add_stream(ENCODER, rate=RATE, options=OPTIONS)
    stream.height, stream.width = picture.shape[:2]
    stream.pix_fmt, stream.bit_rate = "yuv420p", BIT_RATE
    stream.time_base = Fraction(1, RATE)
    return stream


def _sampled(source: Any) -> Iterator[Picture]:
    """Yield five pictures a second, by the stream's own clock."""
    due = 0.0
    first: float | None = None
    for frame in source.decode(video=0):
        at = frame.time if frame.time is not None else due
        first = at if first is None else first
        if at - first + 1e-6 < due:
            continue
        if due > LONGEST_S:
            return
        due += 1 / RATE
        yield _small(frame.to_ndarray(format="bgr24"))


def _small(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    scale = min(LONG_SIDE / max(height, width), 1.0)
    even = (max(int(width * scale) // 2 * 2, 2), max(int(height * scale) // 2 * 2, 2))
    return cv2.resize(picture, even, interpolation=cv2.INTER_AREA).astype(np.uint8)


def _covered(pictures: Iterator[Picture], look: Look) -> Iterator[Picture]:
    """Hide in each picture what was seen in it, in those just before and in those just after."""
    waiting: deque[tuple[Picture, Sequence[Region]]] = deque()
    seen: deque[Sequence[Region]] = deque(maxlen=2 * REACH + 1)
    for picture in pictures:
        regions = look(picture)
        waiting.append((picture, regions))
        seen.append(regions)
        if len(waiting) > REACH:
            yield _hidden(waiting.popleft()[0], seen)
    while waiting:
        if len(seen) > len(waiting) + REACH:
            seen.popleft()
        yield _hidden(waiting.popleft()[0], seen)


def _hidden(picture: Picture, seen: Sequence[Sequence[Region]]) -> Picture:
    hide(picture, [region for regions in seen for region in regions])
    return picture
