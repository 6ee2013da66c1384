"""Look at a picture, decide what is hidden, and make the copy that may be published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from chengzhi_redaction import faces as face_model
from chengzhi_redaction import things as thing_model
from chengzhi_redaction.faces import Faces
from chengzhi_redaction.folder import models_folder
from chengzhi_redaction.plates import plate_finder
from chengzhi_redaction.policy import can_carry, head_of, regions_of
from chengzhi_redaction.things import Things
from chengzhi_redaction.types import (
    PLATES,
    Area,
    Found,
    PartFinder,
    Picture,
    Region,
    Seen,
    ThingFinder,
    ThingKind,
)

TILED_FROM = 300  # pixels of the long side: all but small pictures are looked at in four parts too
TILE = 0.6
EDGE = 3.0
CROPS, CARRIERS = 6, 12  # heads and vehicles that are looked at enlarged
CROP_BELOW = 0.12  # heads smaller than this share of the picture are looked at enlarged
VERSION = "1"


@dataclass(frozen=True, kw_only=True)
class Redactor:
    """Finds what a published copy of a picture must not show."""

    things: ThingFinder
    faces: PartFinder | None
    plates: PartFinder | None = None

    @property
    def method(self) -> str:
        """Name what looked, so that a record can say it."""
        parts = ["things"]
        parts += ["faces"] if self.faces else []
        parts += [PLATES] if self.plates else []
        return f"{'+'.join(parts)}/{VERSION}"

    def regions(self, picture: Picture, *, known: Sequence[Seen] = ()) -> tuple[Region, ...]:
        """Return what to hide; `known` are things that the caller knows to be there."""
        seen = [*known, *looked(self.things, picture)]
        faces = self._faces(picture, seen)
        return regions_of(seen, faces=faces, plates=self._plates(picture, seen))

    def _faces(self, picture: Picture, seen: Sequence[Seen]) -> list[Found]:
        if self.faces is None:
            return []
        found = list(self.faces.find(picture))
        for head in _small_heads(picture, seen):
            found += _in(self.faces, picture, head)
        return found

    def _plates(self, picture: Picture, seen: Sequence[Seen]) -> list[Found]:
        if self.plates is None:
            return []
        found = list(self.plates.find(picture))
        for area in [*_parts(picture), *_carriers(seen)]:
            found += _in(self.plates, picture, area)
        return found


def redactor_from(folder: Path) -> Redactor | None:
    """Return the redactor of a folder of models; None where it lacks what finds people."""
    needed = (folder / thing_model.FILE, folder / thing_model.ANCHORS)
    if not all(path.is_file() for path in needed):
        return None
    faces = Faces(folder) if (folder / face_model.FILE).is_file() else None
    return Redactor(things=Things(folder), faces=faces, plates=plate_finder())


@cache
def _opened(folder: Path) -> Redactor | None:
    return redactor_from(folder)


def installed() -> Redactor | None:
    """Return the redactor of the models that are installed here; they are opened once.

    Where there are none it looks again next time: models may be brought while a program runs.
    """
    found = _opened(models_folder())
    if found is None:
        _opened.cache_clear()
    return found


def looked(finder: ThingFinder, picture: Picture) -> list[Seen]:
    """Return what is in a picture; a large one is looked at in four overlapping parts too."""
    height, width = picture.shape[:2]
    found = list(finder.things(picture))
    for tile in _parts(picture):
        seen = [_moved(one, tile) for one in finder.things(_crop(picture, tile))]
        found += [one for one in seen if not _is_cut(one.area, tile, width, height)]
    return found


def _parts(picture: Picture) -> list[Area]:
    """Return the overlapping parts in which all but a small picture is looked at again."""
    height, width = picture.shape[:2]
    if max(height, width) < TILED_FROM:
        return []
    wide, high = TILE * width, TILE * height
    return [
        Area(x=left, y=top, w=wide, h=high)
        for left in (0.0, width - wide)
        for top in (0.0, height - high)
    ]


def _carriers(seen: Sequence[Seen]) -> list[Area]:
    """Return what may carry a plate, each once, largest first."""
    areas = [one.area for one in seen if can_carry(one)]
    kept: list[Area] = []
    for area in sorted(areas, key=lambda area: -area.w * area.h):
        if not any(area.is_like(other) for other in kept):
            kept.append(area)
    return [area.grown(0.05, 0.05) for area in kept[:CARRIERS]]


def _is_cut(area: Area, tile: Area, width: int, height: int) -> bool:
    """Tell whether a box ends where its part of the picture does, though the picture goes on."""
    return (
        (area.x < tile.x + EDGE and tile.x > EDGE)
        or (area.y < tile.y + EDGE and tile.y > EDGE)
        or (area.right > tile.right - EDGE and tile.right < width - EDGE)
        or (area.bottom > tile.bottom - EDGE and tile.bottom < height - EDGE)
    )


def _small_heads(picture: Picture, seen: Sequence[Seen]) -> list[Area]:
    """Return the heads that are too small for one look at the whole, largest first."""
    limit = CROP_BELOW * max(picture.shape[:2])
    heads = [head_of(one.area) for one in seen if one.kind is ThingKind.PERSON]
    small = [head for head in heads if 16 <= head.w < limit]
    return sorted(small, key=lambda head: -head.w)[:CROPS]


def _in(finder: PartFinder, picture: Picture, area: Area) -> list[Found]:
    crop = _crop(picture, area)
    if min(crop.shape[:2]) < 8:
        return []
    left, top = max(int(area.x), 0), max(int(area.y), 0)
    return [
        replace(one, area=replace(one.area, x=one.area.x + left, y=one.area.y + top))
        for one in finder.find(crop)
    ]


def _moved(one: Seen, tile: Area) -> Seen:
    area = replace(one.area, x=one.area.x + int(tile.x), y=one.area.y + int(tile.y))
    return replace(one, area=area)


def _crop(picture: Picture, area: Area) -> Picture:
    top, left = max(int(area.y), 0), max(int(area.x), 0)
    return picture[top : max(int(area.bottom), 0), left : max(int(area.right), 0)]
