"""Zones follow the street: when a camera was pushed a little, they are moved with the picture."""

from __future__ import annotations

from dataclasses import replace

from chengzhi_vision.config import Camera, Zone
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.types import Box


def moved_camera(camera: Camera, dx: float, dy: float) -> Camera:
    """Return the camera with all its zones moved by some pixels."""
    return replace(camera, zones=tuple(_moved_zone(zone, dx, dy) for zone in camera.zones))


def move_places(places: list[Place], dx: float, dy: float) -> None:
    """Move places with the picture; their clocks go on."""
    for place in places:
        box = place.box
        place.box = Box(x=box.x + dx, y=box.y + dy, w=box.w, h=box.h)


def _moved_zone(zone: Zone, dx: float, dy: float) -> Zone:
    return replace(zone, polygon=tuple((x + dx, y + dy) for x, y in zone.polygon))
