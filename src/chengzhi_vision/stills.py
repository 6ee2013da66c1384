"""JPEG stills of frames, encoded at most once per frame."""

from __future__ import annotations

import hashlib

from chengzhi_vision.jpeg import encoded
from chengzhi_vision.types import Frame, Still


class StillMaker:
    """Encodes one frame on demand."""

    def __init__(self, frame: Frame, *, quality: int) -> None:
        self.frame, self.quality = frame, quality
        self._still: Still | None = None

    def __call__(self) -> Still:
        if self._still is None:
            jpeg = encoded(self.frame.image, quality=self.quality)
            self._still = Still(pts=self.frame.pts, at=self.frame.at, jpeg=jpeg)
        return self._still


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
