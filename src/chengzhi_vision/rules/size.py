"""Is a thing of this class as large as it can be at this place, by the camera's perspective?"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from chengzhi_vision.perspective import PERSON_M, Perspective, expected_height
from chengzhi_vision.types import Box, ObjectClass


@cache
def believed_heights() -> dict[ObjectClass, tuple[float, float]]:
    """Return the heights in metres that are believed of each class, from the table."""
    text = resources.files("chengzhi_vision.data").joinpath("object_sizes.csv")
    rows = csv.DictReader(text.read_text("utf-8").splitlines())
    return {ObjectClass(row["class"]): (float(row["min_m"]), float(row["max_m"])) for row in rows}


def fits(box: Box, kind: ObjectClass, perspective: Perspective | None) -> bool:
    """Tell whether a box is believable in size; without a perspective every box is.

    Above the horizon nothing stands on the ground, so nothing fits there.
    """
    if perspective is None:
        return True
    person = expected_height(perspective, box.bottom)
    if person <= 0:
        return False
    low, high = believed_heights().get(kind, (0.0, float("inf")))
    return low <= box.h / person * PERSON_M <= high
