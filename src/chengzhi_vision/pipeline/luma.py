"""The grey picture the chain works on."""

from __future__ import annotations

import cv2

from chengzhi_vision.types import Picture

LUMA_WIDTH = 640


def luma_of(image: Picture) -> tuple[Picture, float]:
    """Return the grey picture, at most 640 wide, and its scale."""
    height, width = image.shape[:2]
    if width <= LUMA_WIDTH:
        return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype("uint8"), 1.0
    scale = LUMA_WIDTH / width
    size = (LUMA_WIDTH, max(round(height * scale), 1))
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype("uint8"), scale
