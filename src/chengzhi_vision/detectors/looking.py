"""Let a detector look at the whole picture and, where zones are small, closer at each zone."""

from __future__ import annotations

from collections.abc import Sequence

from chengzhi_vision.config import Camera, Zone
from chengzhi_vision.detectors.boxes import moved, suppress
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.geometry import bounds, square
from chengzhi_vision.rules.violations import watched
from chengzhi_vision.thresholds import DetectorLimits
from chengzhi_vision.types import Box, Detection, ObjectClass, Picture

MIN_TILE = 160.0
EDGE = 3.0


def tiles(camera: Camera, *, width: int, height: int) -> list[Box]:
    """Return the parts of the picture worth a closer look, in pixels."""
    limits = camera.limits.detector
    found: list[Box] = []
    for zone in camera.zones:
        tile = _tile(zone, limits, width, height)
        if tile is not None and tile not in found:
            found.append(tile)
    return found


def _tile(zone: Zone, limits: DetectorLimits, width: int, height: int) -> Box | None:
    if not watched(zone) - {ObjectClass.OBJECT}:
        return None
    around = bounds(zone.polygon)
    side = max(around.w, around.h) * limits.tile_margin
    side = max(side, MIN_TILE)
    if side > limits.tile_share * max(width, height):
        return None
    return square(around.center, side=side, width=width, height=height)


def look(
    detector: Detector,
    image: Picture,
    parts: Sequence[Box],
    *,
    whole: Sequence[Detection] | None = None,
) -> list[Detection]:
    """Return what the detector sees in the picture and in its parts, one box per object.

    `whole` is what it sees in the whole picture, where that is known already.
    """
    found = list(detector.detect(image) if whole is None else whole)
    for part in parts:
        seen = look_at_part(detector, image, part)
        found += [d for d in seen if not _is_cut(d.box, part, image)]
    return suppress(found)


def look_at_part(detector: Detector, image: Picture, part: Box) -> list[Detection]:
    """Return what the detector sees in one part, in pixels of the picture."""
    left, top = int(part.x), int(part.y)
    crop = image[top : int(part.bottom), left : int(part.right)]
    return [moved(d, dx=left, dy=top) for d in detector.detect(crop)]


def _is_cut(box: Box, part: Box, image: Picture) -> bool:
    """Tell whether a box ends at the edge of the part where the picture goes on."""
    height, width = image.shape[:2]
    return (
        (box.x < part.x + EDGE and part.x > EDGE)
        or (box.y < part.y + EDGE and part.y > EDGE)
        or (box.right > part.right - EDGE and part.right < width - EDGE)
        or (box.bottom > part.bottom - EDGE and part.bottom < height - EDGE)
    )
