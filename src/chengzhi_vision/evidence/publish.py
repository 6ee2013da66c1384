"""Published copies of stills: faces and plates made unreadable by the shared redaction library.

The originals are stored apart. What was hidden goes into the manifest, so that the server makes
the same copy from the original and a person can see, and mend, what was covered.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chengzhi_redaction import faces as face_model
from chengzhi_redaction.faces import Faces
from chengzhi_redaction.folder import models_folder
from chengzhi_redaction.mosaic import hide
from chengzhi_redaction.plates import plate_finder
from chengzhi_redaction.redactor import Redactor
from chengzhi_redaction.types import Area, PartFinder, Region, Seen, ThingKind
from chengzhi_redaction.types import Picture as Shown
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.findings import kind_table
from chengzhi_vision.fitting import resized
from chengzhi_vision.jpeg import decoded, encoded
from chengzhi_vision.types import Box, Finding, Still

QUALITY = 85
CARRIERS = frozenset(str(kind) for kind in ThingKind)


class DetectorThings:
    """The worker's own detector, as the redaction library wants to ask it."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector

    def things(self, picture: Shown) -> Sequence[Seen]:
        """Return people and vehicles; what is neither carries no face and no plate."""
        return [
            Seen(kind=ThingKind(seen.kind), area=_area(seen.box), score=seen.score)
            for seen in self._detector.detect(picture)
            if str(seen.kind) in CARRIERS
        ]


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Finds what is hidden and makes copies; `with_files` also writes them beside the originals."""

    redactor: Redactor
    with_files: bool = False

    def regions(self, still: Still, finding: Finding) -> tuple[Region, ...]:
        """Return what a published copy of a still must not show."""
        picture = _opened(still)
        return self.redactor.regions(picture, known=known_things(finding, picture))


def publisher(
    detector: Detector | None, *, with_files: bool = False, faces: PartFinder | None = None
) -> Publisher | None:
    """Return the maker of published copies, or None when nothing can find people.

    The face model is taken from the model folder where it lies there; without it, or where
    CHENGZHI_FACES is 0, the whole head of everybody near is hidden.
    """
    if detector is None:
        return None
    if faces is None and os.environ.get("CHENGZHI_FACES") != "0":
        faces = _faces(models_folder())
    redactor = Redactor(things=DetectorThings(detector), faces=faces, plates=plate_finder())
    return Publisher(redactor=redactor, with_files=with_files)


def published(still: Still, regions: Sequence[Region]) -> bytes:
    """Return a JPEG copy of a still without the detail of the regions."""
    picture = _opened(still)
    hide(picture, regions)
    return encoded(picture, quality=QUALITY)


def cover(picture: Shown, detector: Detector | None, *, finding: Finding | None = None) -> None:
    """Hide faces and plates in a picture in place, as far as they are found."""
    maker = publisher(detector)
    if maker is not None:
        known = [] if finding is None else known_things(finding, picture)
        hide(picture, maker.redactor.regions(picture, known=known))


def known_things(finding: Finding, picture: Shown) -> list[Seen]:
    """Return the person or vehicle that a finding is about: it stands there, whoever looks."""
    kinds = CARRIERS & {str(kind) for kind in kind_table()[finding.kind].classes}
    if finding.box.area <= 0:
        return []
    area = _area(resized(finding.box, finding.frame, (picture.shape[1], picture.shape[0])))
    return [Seen(kind=ThingKind(k), area=area, score=finding.score) for k in sorted(kinds)]


@cache
def _faces(folder: Path) -> Faces | None:
    """Open the face model once for all cameras."""
    return Faces(folder) if (folder / face_model.FILE).is_file() else None


def _opened(still: Still) -> Shown:
    image = decoded(still.jpeg)
    assert image is not None, "a still was encoded by ourselves"
    return image


def _area(box: Box) -> Area:
    return Area(x=box.x, y=box.y, w=box.w, h=box.h)
