"""Which records of an import share ground with each other, or with areas that stay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely

from chengzhi.places.rules.features import Draft
from chengzhi.places.rules.topology import overlaps


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """A record that shares ground with another area; of two in one file, the later one."""

    draft: Draft
    other: str  # code
    square_metres: float
    is_sliver: bool


def crossings(drafts: Sequence[Draft], staying: Mapping[str, shapely.Geometry]) -> list[Crossing]:
    """Return every overlap in which a record of the file takes part, the largest last."""
    drawn = [draft for draft in drafts if draft.shape is not None]
    codes = [draft.code for draft in drawn] + list(staying)
    shapes = [d.shape for d in drawn if d.shape is not None] + list(staying.values())
    found = []
    for pair in overlaps(shapes):
        both = pair.second < len(drawn)
        judged, other = (pair.second, pair.first) if both else (pair.first, pair.second)
        if judged < len(drawn):
            found.append(
                Crossing(
                    draft=drawn[judged],
                    other=codes[other],
                    square_metres=pair.square_metres,
                    is_sliver=pair.is_sliver,
                )
            )
    return sorted(found, key=lambda crossing: crossing.square_metres)
