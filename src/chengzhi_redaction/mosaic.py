"""Take the detail out of parts of a picture, so that nobody can bring it back."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from chengzhi_redaction.types import Area, Picture, Region, RegionKind

#: At most so many averages remain along each side. A plate's font is known: whoever had six
#: averages could try all numbers until they fit, so a plate keeps two.
CELLS = {
    RegionKind.FACE: 4,
    RegionKind.HEAD: 6,
    RegionKind.PLATE: 2,
    RegionKind.BAND: 4,
    RegionKind.HAND: 2,
}
CELL_PX = 8  # and each of them is the average of at least so many pixels a side,
STEP = 16  # rounded to so many levels of brightness
COARSE_CELLS = 32  # of a whole picture in which nobody looked for faces


def hide(picture: Picture, regions: Sequence[Region]) -> None:
    """Replace the regions in place by smooth averages; there is no noise to subtract."""
    for region in regions:
        patch = _patch(picture, region.area)
        if patch.size:
            patch[:] = _averaged(patch, CELLS[region.kind])


def coarse(picture: Picture) -> Picture:
    """Return the whole picture as a coarse sketch: where nothing can look for faces."""
    height, width = picture.shape[:2]
    scale = COARSE_CELLS / max(height, width)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8)


def _patch(picture: Picture, area: Area) -> Picture:
    height, width = picture.shape[:2]
    left, top = max(int(area.x), 0), max(int(area.y), 0)
    right, bottom = min(int(np.ceil(area.right)), width), min(int(np.ceil(area.bottom)), height)
    return picture[top : max(bottom, top), left : max(right, left)]


def _averaged(patch: Picture, cells: int) -> Picture:
    height, width = patch.shape[:2]
    size = (_cells(width, cells), _cells(height, cells))
    small = cv2.resize(patch, size, interpolation=cv2.INTER_AREA)
    small = small // STEP * STEP + STEP // 2
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8)


def _cells(side: int, most: int) -> int:
    return max(1, min(most, side // CELL_PX))
