"""Published copies of stills: heads and number plates made unreadable, as far as they are found.

A small detector misses people, so this is a help, not a guarantee: the originals are stored
apart and only the copies may be shown outside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.geometry import clip
from chengzhi_vision.types import Box, Detection, ObjectClass, Picture, Still

HEAD_SHARE, PLATE_FROM, PLATE_TO = 0.3, 0.45, 1.0
BLOCKS = 6
QUALITY = 85


def publisher(detector: Detector | None) -> Callable[[Still], bytes | None] | None:
    """Return the maker of published copies, or None when nothing can find people."""
    return None if detector is None else lambda still: published(still, detector)


def published(still: Still, detector: Detector) -> bytes | None:
    """Return a JPEG copy with heads and plates pixelated."""
    image = cv2.imdecode(np.frombuffer(still.jpeg, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        return None
    picture = image.astype(np.uint8)
    hide(picture, secret_parts(detector.detect(picture)))
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return bytes(data.tobytes())


def secret_parts(detections: Sequence[Detection]) -> list[Box]:
    """Return the head of each person and rider and the plate band of each vehicle."""
    parts = []
    for seen in detections:
        box = seen.box
        if seen.kind in (ObjectClass.PERSON, ObjectClass.TWO_WHEELER):
            parts.append(Box(x=box.x, y=box.y, w=box.w, h=box.h * HEAD_SHARE))
        if seen.kind in (ObjectClass.VEHICLE, ObjectClass.TWO_WHEELER):
            top, high = box.y + box.h * PLATE_FROM, box.h * (PLATE_TO - PLATE_FROM)
            parts.append(Box(x=box.x, y=top, w=box.w, h=high))
    return parts


def hide(picture: Picture, parts: Sequence[Box]) -> None:
    """Pixelate parts of a picture in place."""
    height, width = picture.shape[:2]
    for part in parts:
        box = clip(part, width=width, height=height)
        left, top = int(box.x), int(box.y)
        patch = picture[top : int(box.bottom) + 1, left : int(box.right) + 1]
        if patch.size == 0:
            continue
        coarse = cv2.resize(patch, (BLOCKS, BLOCKS), interpolation=cv2.INTER_AREA)
        size = (patch.shape[1], patch.shape[0])
        patch[:] = cv2.resize(coarse, size, interpolation=cv2.INTER_NEAREST)
