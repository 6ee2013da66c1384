"""Write places as rows of JSON and read them again: what a stay needs to go on after a restart."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

from chengzhi_vision.dwell.asked import Asked, Tries
from chengzhi_vision.dwell.look import Look, packed, unpacked
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.dwell.witness import Witness
from chengzhi_vision.geometry import row as box_row
from chengzhi_vision.types import Box, FindingKind, ObjectClass, Still

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
    "found_at",
    "not_before",
    "alert_count",
    "alerted_at",
    "start_unknown",
    "is_lost",
    "is_dated",
    "is_old",
    "dating",
]


def pieces_of(places: Iterable[Place]) -> list[bytes]:
    """Return the places worth keeping as a JSON list, in pieces; a passing car is not."""
    pieces: list[bytes] = []
    for place in places:
        if place.dwell_s >= MIN_DWELL_S:
            pieces += [b", "] * bool(pieces) + _pieces(place)
    return [b"[", *pieces, b"]"]


def places_of(rows: Sequence[dict[str, Any]]) -> list[Place]:
    """Return the places of a former run.

    :raises KeyError, TypeError, ValueError: a row is not one of ours.
    """
    return [_place(row) for row in rows]


def _row(place: Place) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(place, name) for name in NUMBERS}
    row |= {"kind": place.kind, "zone": place.zone, "label": place.label}
    row |= {"box": box_row(place.box), "anchor": packed(place.anchor)}
    row |= {"before": _packed(place.before)}
    row |= {"asked": {kind: _asked_row(asked) for kind, asked in place.asked.items()}}
    witness = place.witness
    return row | {"witness": witness and [packed(witness.thing), packed(witness.ground)]}


def _packed(look: Look | None) -> str | None:
    return None if look is None else packed(look)


def _asked_row(asked: Asked) -> dict[str, Any]:
    return {
        "early": _tries_row(asked.early),
        "late": None if asked.late is None else _tries_row(asked.late),
        "sure_of": None if asked.sure_of is None else box_row(asked.sure_of),
        "refused_at": asked.refused_at,
        "refusals": asked.refusals,
    }


def _tries_row(tries: Tries) -> list[Any]:
    asked_at = tries.asked_at if isfinite(tries.asked_at) else None
    return [tries.count, tries.named, asked_at, tries.agreed, tries.is_disputed]


def _pieces(place: Place) -> list[bytes]:
    """Return a row as text; a picture is put in as it is, for its text needs no escaping."""
    row, still = json.dumps(_row(place))[:-1], place.first
    if still is None:
        return [f'{row}, "first": null}}'.encode()]
    moments = json.dumps({"pts": still.pts, "at": still.at})[:-1]
    head = f'{row}, "first": {moments}, "jpeg": "'
    return [head.encode(), base64.b64encode(still.jpeg), b'"}}']


def _place(row: dict[str, Any]) -> Place:
    first, witness = row["first"], row["witness"]
    return Place(
        kind=ObjectClass(row["kind"]),
        zone=row["zone"],
        label=row["label"],
        box=_box(row["box"]),
        anchor=unpacked(row["anchor"]),
        before=None if row["before"] is None else unpacked(row["before"]),
        witness=None if witness is None else Witness(unpacked(witness[0]), unpacked(witness[1])),
        first=None if first is None else _still(first),
        asked={FindingKind(kind): _asked(one) for kind, one in row["asked"].items()},
        **{name: row[name] for name in NUMBERS},
    )


def _asked(row: dict[str, Any]) -> Asked:
    return Asked(
        early=_tries(row["early"]),
        late=None if row["late"] is None else _tries(row["late"]),
        sure_of=None if row["sure_of"] is None else _box(row["sure_of"]),
        refused_at=row["refused_at"],
        refusals=row["refusals"],
    )


def _tries(row: list[Any]) -> Tries:
    count, named, asked_at, agreed, is_disputed = row
    return Tries(
        count=count,
        named=named,
        asked_at=float("-inf") if asked_at is None else asked_at,
        agreed=agreed,
        is_disputed=is_disputed,
    )


def _box(row: list[float]) -> Box:
    x, y, w, h = row
    return Box(x=x, y=y, w=w, h=h)


def _still(row: dict[str, Any]) -> Still:
    return Still(pts=row["pts"], at=row["at"], jpeg=base64.b64decode(row["jpeg"]))
