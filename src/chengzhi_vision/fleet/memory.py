"""What a camera worker knows on its way to the next one: small, and only when it changed.

The places with their clocks, how the picture looks, the marks of what was reported, and the last
manifest of the day's chain. Each lies in a file of its own; the next worker gets them as such.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from chengzhi_vision.evidence.manifest import chain_path
from chengzhi_vision.jpeg import decoded, encoded, narrowed
from chengzhi_vision.recheck.memory import marks_path
from chengzhi_vision.whole import SECRET, write_whole

LIMIT = 480 * 1024  # the server takes 512 KB
CALL_LIMIT = 2 * 2**20  # of all cameras in one call; the server takes 5 MB
STILL_WIDTH, STILL_QUALITY = 640, 60
AT_LEAST_EVERY_S = 60.0
QUIET_EVERY_S = 300.0  # where nothing stands
MARKS, CHAIN = "marks", "chain"
Key = tuple[object, ...]


class Memories:
    """Reads the files in which cameras keep what they know and tells what the server lacks.

    A stay's clock needs its start, not every later look: unchanged places go once a minute.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read_at: dict[str, list[float]] = {}
        self._sent: dict[str, tuple[Key, float]] = {}
        self._stills: dict[str, dict[Any, str]] = {}

    def news(self, codes: Iterable[str], *, now: float) -> dict[str, str]:
        """Return what to send of some cameras, as much as fits one call, who waited longest first."""
        bodies: dict[str, str] = {}
        for code in sorted(codes, key=lambda code: self._sent.get(code, ((), -1.0))[1]):
            body = self.changed(code, now=now)
            if body is not None:
                bodies[code] = body
            if sum(map(len, bodies.values())) >= CALL_LIMIT:
                break
        return bodies

    def changed(self, code: str, *, now: float) -> str | None:
        """Return what to send of a camera, or None when the server has it."""
        touched = [_touched(path) for path in self._paths(code)]
        if self._read_at.get(code) == touched:
            return None
        table = self._table(code)
        try:
            key = _key(table)
        except (KeyError, TypeError, ValueError):
            return None
        self._read_at[code] = touched
        before, sent_at = self._sent.get(code, (None, float("-inf")))
        every_s = AT_LEAST_EVERY_S if _rows(table) else QUIET_EVERY_S
        if not table or key == before and now - sent_at < every_s:
            return None
        self._sent[code] = (key, now)
        return self._small(code, table)

    def forget(self, code: str) -> None:
        """Send all again when the camera comes back."""
        for known in (self._read_at, self._sent, self._stills):
            known.pop(code, None)

    def keep(self, code: str, body: str, *, saved_at: float) -> bool:
        """Write what the last worker knew, unless our own files are younger."""
        try:
            table = json.loads(body)
            marks, chain = table.pop(MARKS, None), table.pop(CHAIN, None)
        except (ValueError, AttributeError, TypeError):
            return False
        places_file, marks_file, chain_file = self._paths(code)
        if chain is not None and _place(chain) > _place(_read(chain_file)):
            _write(chain_file, chain)
        if marks is not None and _touched(marks_file) < saved_at:
            _write(marks_file, marks)
        is_ours_younger = _touched(places_file) >= saved_at
        if table and not is_ours_younger:
            _write(places_file, table)
        return not is_ours_younger

    def _paths(self, code: str) -> tuple[Path, Path, Path]:
        marks, chain = marks_path(self.folder, code), chain_path(self.folder, code)
        return self.folder / f"{code}.json", marks, chain

    def _table(self, code: str) -> dict[str, Any]:
        """Return the places' file with the others as parts of it; what is not there is left out."""
        places, marks, chain = map(_read, self._paths(code))
        chain.pop("begun", None)  # only who began it can tell whether it was kept
        parts = {MARKS: marks, CHAIN: chain}
        return places | {name: part for name, part in parts.items() if part}

    def _small(self, code: str, table: dict[str, Any]) -> str:
        known, stills = self._stills.get(code, {}), {}
        for row in _rows(table):
            first = row.get("first")
            if first:
                name = (row["zone"], row["kind"], first["at"])
                first["jpeg"] = stills[name] = known.get(name) or _smaller(first["jpeg"])
        self._stills[code] = stills
        return _within(table)


def _touched(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return float("-inf")


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, table: dict[str, Any]) -> None:
    write_whole(path, json.dumps(table), mode=SECRET)


def _place(chain: Any) -> tuple[str, int, int]:
    """Return how far a chain has come; what cannot be read has not begun."""
    try:
        row = chain.get("begun", chain)
        return (str(row["day"]), int(row.get("stretch", 0)), int(row["number"]))
    except (AttributeError, KeyError, TypeError, ValueError):
        return ("", 0, 0)


def _key(table: dict[str, Any]) -> Key:
    """Return what has to change before the next worker would judge differently."""
    rows = [
        (
            row["zone"],
            row["kind"],
            round(float(row["since"]), 1),
            row["alert_count"],
            row["is_lost"],
        )
        for row in _rows(table)
    ]
    shift = tuple(table.get("shift", {}).get("by", ()))
    return (*sorted(rows, key=str), shift, _marks_key(table), table.get(CHAIN, {}).get("head"))


def _marks_key(table: dict[str, Any]) -> Key:
    """Return how far each mark is on its way to be told as gone, which takes seconds."""
    return tuple((row["finding_id"], min(int(row["absent_s"] // 2), 15)) for row in _marks(table))


def _marks(table: dict[str, Any]) -> list[dict[str, Any]]:
    return list(table.get(MARKS, {}).get("marks", []))


def _smaller(jpeg: str) -> str:
    picture = decoded(base64.b64decode(jpeg))
    if picture is None:
        return jpeg
    small = encoded(narrowed(picture, STILL_WIDTH), quality=STILL_QUALITY)
    return base64.b64encode(small).decode("ascii")


def _rows(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the places of all views."""
    return [row for rows in _lists(table) for row in rows]


def _lists(table: dict[str, Any]) -> list[list[dict[str, Any]]]:
    return [table.get("places", []), *table.get("views", {}).values()]


def _within(table: dict[str, Any]) -> str:
    """Return the text; where it is too long the youngest stays lose their first still, then the
    oldest marks go, at last the youngest stays."""
    rows = sorted(_rows(table), key=lambda row: float(row["since"]), reverse=True)
    body = json.dumps(table)
    for row in rows:
        if len(body) <= LIMIT:
            break
        row["first"] = None
        body = json.dumps(table)
    marks = sorted(_marks(table), key=lambda row: float(row["reported_at"]))
    while len(body) > LIMIT and marks:
        table[MARKS]["marks"] = marks = marks[1:]
        body = json.dumps(table)
    for row in rows:
        if len(body) <= LIMIT:
            break
        for known in _lists(table):
            known[:] = [one for one in known if one is not row]
        body = json.dumps(table)
    return body
