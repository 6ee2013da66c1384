"""Pictures to JPEG and back."""

from __future__ import annotations

import cv2
import numpy as np

from chengzhi_vision.types import Picture


def encoded(image: Picture, *, quality: int) -> bytes:
    """Return a picture as JPEG."""
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return bytes(data.tobytes())


def decoded(data: bytes) -> Picture | None:
    """Return the pixels (BGR) of a JPEG, PNG or WebP, or None when it is none or damaged."""
    pixels = np.frombuffer(data, np.uint8)
    image = cv2.imdecode(pixels, cv2.IMREAD_COLOR) if pixels.size else None
    return None if image is None else image.astype(np.uint8, copy=False)


def narrowed(image: Picture, width: int) -> Picture:
    """Return a picture that is at most so wide, in its own proportions."""
    height, wide = image.shape[:2]
    if wide <= width:
        return image
    size = (width, max(round(height * width / wide), 1))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
