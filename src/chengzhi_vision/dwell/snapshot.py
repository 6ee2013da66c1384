"""Keep the places of a camera over a restart: one JSON file, replaced as a whole."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from chengzhi_vision.dwell.look import packed, unpacked
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.geometry import row as box_row
from chengzhi_vision.types import Box, ObjectClass, Still
from chengzhi_vision.whole import write_whole

VERSION = 1
MIN_DWELL_S = 2.0
NUMBERS = [
    "since",
    "last_present",
    "score_sum",
    "seen",
    "looks",
    "steady",
    "samples",
    "vetoes",
    "company",
    "covered",
    "hidden",
    "hidden_looks",
    "hidden_vetoes",
    "backed",
    "absent_s",
    "changed_since",
    "checked_at",
    "alert_count",
    "alerted_at",
]


def save_places(places: list[Place], path: Path) -> None:
    """Write the places worth keeping; a passing car is not."""
    pieces = [f'{{"version": {VERSION}, "places": ['.encode()]
    for place in places:
        if place.dwell_s >= MIN_DWELL_S:
            pieces += [b", "] * (len(pieces) > 1) + _pieces(place)
    write_whole(path, [*pieces, b"]}"])


def load_places(path: Path) -> list[Place]:
    """Return the places of a former run; an unreadable or older file counts as none."""
    try:
        table = json.loads(path.read_text("utf-8"))
        if table["version"] != VERSION:
            return []
        return [_place(row) for row in table["places"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _row(place: Place) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(place, name) for name in NUMBERS}
    row |= {"kind": place.kind, "zone": place.zone, "label": place.label}
    row |= {"box": box_row(place.box)}
    row |= {"start_unknown": place.start_unknown, "is_lost": place.is_lost}
    row |= {"anchor": packed(place.anchor)}
    return row | {"before": None if place.before is None else packed(place.before)}


def _pieces(place: Place) -> list[bytes]:
    """Return a row as text; a picture is put in as it is, for its text needs no escaping."""
    row, still = json.dumps(_row(place))[:-1], place.first
    if still is None:
        return [f'{row}, "first": null}}'.encode()]
    moments = json.dumps({"pts": still.pts, "at": still.at})[:-1]
    head = f'{row}, "first": {moments}, "jpeg": "'
    return [head.encode(), base64.b64encode(still.jpeg), b'"}}']


def _place(row: dict[str, Any]) -> Place:
    x, y, w, h = row["box"]
    first = row["first"]
    return Place(
        kind=ObjectClass(row["kind"]),
        zone=row["zone"],
        label=row["label"],
        box=Box(x=x, y=y, w=w, h=h),
        anchor=unpacked(row["anchor"]),
        before=None if row["before"] is None else unpacked(row["before"]),
        first=None if first is None else _still(first),
        start_unknown=row["start_unknown"],
        is_lost=row["is_lost"],
        **{name: row[name] for name in NUMBERS},
    )


def _still(row: dict[str, Any]) -> Still:
    return Still(pts=row["pts"], at=row["at"], jpeg=base64.b64decode(row["jpeg"]))
