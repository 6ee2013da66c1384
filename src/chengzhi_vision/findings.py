"""The kinds of finding and the matter code of each, read from data/finding_kinds.csv."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from chengzhi_vision.types import FindingKind, ObjectClass, ZoneKind


@dataclass(frozen=True, kw_only=True)
class KindRow:
    """One kind of finding: its GB/T 47678.5 code, zones and what must stand there."""

    kind: FindingKind
    matter_code: str
    name: str
    zone_kinds: frozenset[ZoneKind]
    object_class: ObjectClass | None
    generator: str
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
        object_class=ObjectClass(row["object_class"]) if row["object_class"] else None,
        generator=row["generator"],
        is_ready=row["ready"] == "yes",
        source=row["source"],
    )
