"""A frame as the decoder left it: grey straight from its luma plane, colour only when asked for.

Most frames are judged on a small grey picture. Turning each into colour first would cost as much
as the rest of the chain and hold 2.8 MB a camera at 720p.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from av import InvalidDataError
from numpy.typing import NDArray

from chengzhi_vision.sources.colors import in_color
from chengzhi_vision.types import Frame, Picture

PLANAR = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "nv12", "gray"})
HALVED = frozenset({"yuv420p", "yuvj420p"})  # color at half the width and height of the luma
FULL_RANGE = 2
Again = Callable[[], Any]  # decodes the picture once more
KEPT_WIDTH = 640
#: Luma of most cameras runs from 16 to 235; the chain knows grey from 0 to 255.
GAIN = 255 / 219
OFFSET = -16 * GAIN
TINT_GAIN = 255 / 224
FULL_TINT_OF = cv2.convertScaleAbs(
    np.arange(256, dtype=np.uint8), alpha=TINT_GAIN, beta=128 * (1 - TINT_GAIN)
).ravel()
FULL_RANGE_OF = cv2.convertScaleAbs(
    np.maximum(np.arange(256, dtype=np.uint8), 16), alpha=GAIN, beta=OFFSET
).ravel()


class DecodedFrame(Frame):
    """A frame whose pictures are made on demand."""

    _picture: Any
    _image: Picture | None
    _again: Again | None
    _size: tuple[int, int]
    _is_small: bool

    def __init__(
        self, *, index: int, pts: float, at: float, picture: Any = None, again: Again | None = None
    ) -> None:
        for name, value in {"index": index, "pts": pts, "at": at, "_picture": picture}.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_image", None)
        object.__setattr__(self, "_again", again)
        object.__setattr__(self, "_is_small", False)
        self._hold(picture)

    def open(self) -> bool:
        """Decode a frame that was only promised; one that waits takes a twentieth of the memory."""
        if self._picture is None and self._again is not None:
            try:
                self._hold(self._again())
            except (InvalidDataError, IndexError):
                return False  # a damaged packet costs its frame, not the stream
        return True

    def _hold(self, picture: Any) -> None:
        object.__setattr__(self, "_picture", picture)
        if picture is not None:
            object.__setattr__(self, "_size", (picture.width, picture.height))

    @property
    def image(self) -> Picture:
        """The picture in colour (BGR), made once until `release`."""
        image = self._image
        if image is None:
            image = in_color(self._shown)
            object.__setattr__(self, "_image", image)
        return image

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    @property
    def is_small(self) -> bool:
        return self._is_small

    def grey(self, size: tuple[int, int] | None) -> Picture:
        """Return the grey picture, shrunk to a size where one is given."""
        picture = self._shown
        if picture.format.name not in PLANAR:
            return super().grey(size)
        luma = _plane(picture, 0)
        small: Picture = (
            luma
            if size is None
            else cv2.resize(luma, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        )
        if self._is_full_range:
            return small.copy() if size is None else small
        return _spread(small, FULL_RANGE_OF)

    def release(self) -> None:
        """Let go of the colour picture; it is made again if somebody asks."""
        object.__setattr__(self, "_image", None)

    def colors(self, size: tuple[int, int]) -> Picture:
        """Return single points of the picture in color, straight from its three planes."""
        picture = self._shown
        if self._image is not None or picture.format.name not in HALVED:
            return super().colors(size)
        luma, blue, red = (_points(_plane(picture, index), size) for index in range(3))
        if not self._is_full_range:  # plane by plane is four times as fast as three in one
            luma = _spread(luma, FULL_RANGE_OF)
            blue, red = _spread(blue, FULL_TINT_OF), _spread(red, FULL_TINT_OF)
        points = cv2.merge((luma, red, blue))
        return cv2.cvtColor(points, cv2.COLOR_YCrCb2BGR).astype(np.uint8, copy=False)

    def shrink(self) -> None:
        """Keep what shows what was seen last: how to decode it again, or a small picture."""
        self.release()
        width, height = self.size
        if self._again is not None:
            object.__setattr__(self, "_picture", None)
        elif width > KEPT_WIDTH:
            size = (KEPT_WIDTH, max(height * KEPT_WIDTH // width // 2 * 2, 2))
            small = self._picture.reformat(width=size[0], height=size[1], threads=1)
            object.__setattr__(self, "_picture", small)
            object.__setattr__(self, "_size", size)
            object.__setattr__(self, "_is_small", True)

    @property
    def _shown(self) -> Any:
        if self._picture is None and self._again is not None:
            return self._again()
        return self._picture

    @property
    def _is_full_range(self) -> bool:
        picture = self._shown
        is_full = picture.format.name.startswith(("yuvj", "gray"))
        return bool(is_full or picture.color_range == FULL_RANGE)


def _spread(plane: Picture, levels: NDArray[Any]) -> Picture:
    """Return a plane with its levels spread over all there are."""
    return cv2.LUT(plane, levels).astype(np.uint8, copy=False)


def _points(plane: Picture, size: tuple[int, int]) -> Picture:
    return cv2.resize(plane, size, interpolation=cv2.INTER_NEAREST).astype(np.uint8, copy=False)


def _plane(picture: Any, index: int) -> Picture:
    """Return a plane without copying it; its rows may be longer than the picture."""
    plane = picture.planes[index]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]
