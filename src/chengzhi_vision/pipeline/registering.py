"""Zones and places follow the picture: when a camera was pushed a little, when its size changes.

So does how tall people look: their height goes by the row, and the rows lie elsewhere now.
"""

from __future__ import annotations

from dataclasses import replace

from chengzhi_vision.config import Camera, Zone
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.fitting import factors, resized
from chengzhi_vision.geometry import moved
from chengzhi_vision.perspective import shifted
from chengzhi_vision.types import Size


def moved_camera(camera: Camera, dx: float, dy: float) -> Camera:
    """Return the camera with all its zones, and the marks of its perspective, moved by some pixels."""
    zones = tuple(_moved_zone(zone, dx, dy) for zone in camera.zones)
    return replace(camera, zones=zones, perspective=shifted(camera.perspective, dx, dy))


def move_places(places: list[Place], dx: float, dy: float) -> None:
    """Move places with the picture; their clocks go on."""
    for place in places:
        place.box = moved(place.box, dx, dy)


def resize_places(places: list[Place], before: Size, now: Size) -> tuple[float, float]:
    """Tell places in pixels of frames of another size, and return by what; their clocks go on."""
    for place in places:
        place.box = resized(place.box, before, now)
        place.elsewhere, place.beside = None, ()
        for asked in place.asked.values():
            asked.sure_of = None
    return factors(before, now)


def _moved_zone(zone: Zone, dx: float, dy: float) -> Zone:
    return replace(zone, polygon=tuple((x + dx, y + dy) for x, y in zone.polygon))
