"""Keep the marks of a camera over a restart: one JSON file, replaced as a whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chengzhi_vision.dwell.look import Look, packed, unpacked
from chengzhi_vision.fitting import read_size
from chengzhi_vision.geometry import row as sides
from chengzhi_vision.recheck.mark import Mark, Sighting
from chengzhi_vision.types import Box, ObjectClass
from chengzhi_vision.whole import write_whole

VERSION = 1
NUMBERS = ("reported_at", "checked_at", "present_at", "absent_s", "gone_at")


def marks_path(folder: Path, code: str) -> Path:
    return folder / f"{code}.marks.json"


def save_marks(marks: list[Mark], path: Path) -> None:
    """Write the marks so that they are whole or absent."""
    write_whole(path, json.dumps({"version": VERSION, "marks": [_row(m) for m in marks]}))


def load_marks(path: Path) -> list[Mark]:
    """Return the marks of a former run; an unreadable or older file counts as none."""
    try:
        table = json.loads(path.read_text("utf-8"))
        return [_mark(row) for row in table["marks"]] if table["version"] == VERSION else []
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _row(mark: Mark) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(mark, name) for name in NUMBERS}
    row |= {"finding_id": mark.finding_id, "kind": mark.kind, "last": mark.last, "view": mark.view}
    row |= {"box": sides(mark.box), "frame": mark.frame}
    looks = {"anchor": mark.anchor, "before": mark.before, "round": mark.round}
    return row | {name: None if look is None else packed(look) for name, look in looks.items()}


def _mark(row: dict[str, Any]) -> Mark:
    x, y, w, h = row["box"]
    return Mark(
        finding_id=row["finding_id"],
        kind=ObjectClass(row["kind"]),
        box=Box(x=x, y=y, w=w, h=h),
        anchor=unpacked(row["anchor"]),
        before=_look(row["before"]),
        round=_look(row["round"]),
        last=Sighting(row["last"]),
        view=row.get("view", ""),
        frame=read_size(row.get("frame")),
        **{name: row[name] for name in NUMBERS},
    )


def _look(text: str | None) -> Look | None:
    return None if text is None else unpacked(text)
