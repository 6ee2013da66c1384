"""How large the things of each finding are in metres, read from data/object_sizes.csv."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, kw_only=True)
class SizeRow:
    """One finding: the side that is seen as a rule, and the heights that are believed."""

    finding: str
    object_class: str
    typical_m: float
    min_m: float
    max_m: float
    dwell_s: int  # what a new rule begins with
    labels: tuple[str, ...]  # what a rule may exempt


@cache
def sizes() -> dict[str, SizeRow]:
    """Return the table by finding."""
    text = resources.files("chengzhi.vision").joinpath("data", "object_sizes.csv")
    rows = csv.DictReader(text.read_text("utf-8").splitlines())
    return {row["finding"]: _row(row) for row in rows}


def _row(row: dict[str, str]) -> SizeRow:
    return SizeRow(
        finding=row["finding"],
        object_class=row["object_class"],
        typical_m=float(row["typical_m"]),
        min_m=float(row["min_m"]),
        max_m=float(row["max_m"]),
        dwell_s=int(row["dwell_s"]),
        labels=tuple(row["labels"].split()),
    )
