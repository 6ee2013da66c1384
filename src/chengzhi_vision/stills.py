"""JPEG stills of frames, encoded at most once per frame."""

from __future__ import annotations

import hashlib

import cv2

from chengzhi_vision.types import Frame, Still


class StillMaker:
    """Encodes one frame on demand."""

    def __init__(self, frame: Frame, *, quality: int) -> None:
        self.frame, self.quality = frame, quality
        self._still: Still | None = None

    def __call__(self) -> Still:
        if self._still is None:
            options = [cv2.IMWRITE_JPEG_QUALITY, self.quality]
            _, data = cv2.imencode(".jpg", self.frame.image, options)
            self._still = Still(pts=self.frame.pts, at=self.frame.at, jpeg=data.tobytes())
        return self._still


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
