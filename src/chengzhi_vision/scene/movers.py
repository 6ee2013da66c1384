"""What is new in the picture whether it stands or moves: an animal has to be looked at closely."""

from __future__ import annotations

import cv2
import numpy as np

from chengzhi_vision.geometry import covered
from chengzhi_vision.scene.blobs import KERNEL, blobs_of
from chengzhi_vision.scene.static_objects import StaticView
from chengzhi_vision.thresholds import StaticLimits
from chengzhi_vision.types import Box

LARGEST = 0.02  # of the picture: a dog that fills more is named in the whole picture
SAME = 0.5  # of it under what is known already


def movers(view: StaticView, known: list[Box], limits: StaticLimits) -> list[Box]:
    """Return what is new and of the size of an animal, apart from what is known; largest first."""
    if view.new is None:
        return []
    opened = np.asarray(cv2.morphologyEx(view.new.view(np.uint8), cv2.MORPH_OPEN, KERNEL), np.uint8)
    least, most = (share * opened.size for share in (limits.min_area_share, LARGEST))
    pieces = [p for p in blobs_of(opened) if least <= p.area <= most and p.is_inside(opened.shape)]
    boxes = [p.box(view.scale) for p in sorted(pieces, key=lambda p: p.area, reverse=True)]
    return [box for box in boxes if not any(covered(box, by=one) > SAME for one in known)]
