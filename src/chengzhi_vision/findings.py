"""The kinds of finding and the matter code of each, read from data/finding_kinds.csv."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from chengzhi_vision.types import FindingKind, ObjectClass, ZoneKind


class Person(StrEnum):
    """Where people must be for a kind of finding (人与物的关系)."""

    NEAR = "near"
    AWAY = "away"


@dataclass(frozen=True, kw_only=True)
class KindRow:
    """One kind of finding: its GB/T 47678.5 code, zones and what must stand there.

    `proof` is the class a detector must see in a thing that only the static generator proposed;
    `person` says whether somebody has to stay beside it (near) or must not (away).
    """

    kind: FindingKind
    matter_code: str
    name: str
    zone_kinds: frozenset[ZoneKind]
    classes: frozenset[ObjectClass]
    generator: str
    proof: ObjectClass | None
    person: Person | None
    dwell_s: float
    exempt: frozenset[str]
    is_ready: bool
    source: str


@cache
def kind_table() -> dict[FindingKind, KindRow]:
    """Return the table of finding kinds."""
    text = resources.files("chengzhi_vision.data").joinpath("finding_kinds.csv")
    rows = csv.DictReader(text.read_text("utf-8").splitlines())
    return {row.kind: row for row in map(_read_row, rows)}


def _read_row(row: dict[str, str]) -> KindRow:
    return KindRow(
        kind=FindingKind(row["kind"]),
        matter_code=row["matter_code"],
        name=row["name"],
        zone_kinds=frozenset(ZoneKind(z) for z in row["zone_kinds"].split(";") if z),
        classes=frozenset(ObjectClass(name) for name in row["classes"].split(";") if name),
        generator=row["generator"],
        proof=ObjectClass(row["proof"]) if row["proof"] else None,
        person=Person(row["person"]) if row["person"] else None,
        dwell_s=float(row["dwell_s"]),
        exempt=frozenset(label for label in row["exempt"].split(";") if label),
        is_ready=row["ready"] == "yes",
        source=row["source"],
    )
