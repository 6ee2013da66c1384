"""A frame as the decoder left it: grey straight from its luma plane, colour only when asked for.

Most frames are judged on a small grey picture. Turning each into colour first would cost as much
as the rest of the chain and hold 2.8 MB a camera at 720p.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from chengzhi_vision.types import Frame, Picture

PLANAR = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "nv12", "gray"})
FULL_RANGE = 2
KEPT_WIDTH = 640
#: Luma of most cameras runs from 16 to 235; the chain knows grey from 0 to 255.
GAIN = 255 / 219
OFFSET = -16 * GAIN
FULL_RANGE_OF = cv2.convertScaleAbs(
    np.maximum(np.arange(256, dtype=np.uint8), 16), alpha=GAIN, beta=OFFSET
).ravel()


class DecodedFrame(Frame):
    """A frame whose pictures are made on demand."""

    _picture: Any
    _image: Picture | None

    def __init__(self, *, index: int, pts: float, at: float, picture: Any) -> None:
        for name, value in {"index": index, "pts": pts, "at": at, "_picture": picture}.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_image", None)

    @property
    def image(self) -> Picture:
        """The picture in colour (BGR), made once until `release`."""
        image = self._image
        if image is None:
            image = self._picture.to_ndarray(format="bgr24")
            object.__setattr__(self, "_image", image)
        return image

    @property
    def size(self) -> tuple[int, int]:
        return (self._picture.width, self._picture.height)

    def grey(self, size: tuple[int, int] | None) -> Picture:
        """Return the grey picture, shrunk to a size where one is given."""
        if self._picture.format.name not in PLANAR:
            return super().grey(size)
        luma = _luma_plane(self._picture)
        small: Picture = (
            luma
            if size is None
            else cv2.resize(luma, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
        )
        if self._is_full_range:
            return small.copy() if size is None else small
        return cv2.LUT(small, FULL_RANGE_OF).astype(np.uint8)

    def release(self) -> None:
        """Let go of the colour picture; it is made again if somebody asks."""
        object.__setattr__(self, "_image", None)

    def shrink(self) -> None:
        """Keep only a small picture, enough to show what was seen last."""
        self.release()
        width, height = self.size
        if width > KEPT_WIDTH:
            size = (KEPT_WIDTH, max(height * KEPT_WIDTH // width // 2 * 2, 2))
            small = self._picture.reformat(width=size[0], height=size[1])
            object.__setattr__(self, "_picture", small)

    @property
    def _is_full_range(self) -> bool:
        picture = self._picture
        is_full = picture.format.name.startswith(("yuvj", "gray"))
        return bool(is_full or picture.color_range == FULL_RANGE)


def _luma_plane(picture: Any) -> Picture:
    """Return the luma plane without copying it; its rows may be longer than the picture."""
    plane = picture.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return rows[: picture.height, : picture.width]
