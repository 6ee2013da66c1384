"""The places of a camera on their way to its next worker: small, and only when they changed."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from chengzhi_vision.jpeg import decoded, encoded, narrowed
from chengzhi_vision.whole import SECRET, write_whole

LIMIT = 480 * 1024  # the server takes 512 KB
STILL_WIDTH, STILL_QUALITY = 640, 60
AT_LEAST_EVERY_S = 60.0
Key = tuple[tuple[object, ...], ...]


class Memories:
    """Reads the files in which cameras keep their places and tells what the server lacks.

    A stay's clock needs its start, not every later look: unchanged places go once a minute.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read_at: dict[str, float] = {}
        self._sent: dict[str, tuple[Key, float]] = {}
        self._stills: dict[str, dict[Any, str]] = {}

    def changed(self, code: str, *, now: float) -> str | None:
        """Return what to send of a camera, or None when the server has it."""
        path = self.folder / f"{code}.json"
        try:
            touched = path.stat().st_mtime
            if self._read_at.get(code) == touched:
                return None
            table = json.loads(path.read_text("utf-8"))
            key = _key(table)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        self._read_at[code] = touched
        before, sent_at = self._sent.get(code, ((), float("-inf")))
        if key == before and (not key or now - sent_at < AT_LEAST_EVERY_S):
            return None
        self._sent[code] = (key, now)
        return self._small(code, table)

    def forget(self, code: str) -> None:
        """Send all again when the camera comes back."""
        for known in (self._read_at, self._sent, self._stills):
            known.pop(code, None)

    def keep(self, code: str, body: str, *, saved_at: float) -> bool:
        """Write what the last worker remembered, unless our own file is younger."""
        path = self.folder / f"{code}.json"
        if path.is_file() and path.stat().st_mtime >= saved_at:
            return False
        write_whole(path, body, mode=SECRET)
        return True

    def _small(self, code: str, table: dict[str, Any]) -> str:
        known, stills = self._stills.get(code, {}), {}
        for row in _rows(table):
            first = row.get("first")
            if first:
                name = (row["zone"], row["kind"], first["at"])
                first["jpeg"] = stills[name] = known.get(name) or _smaller(first["jpeg"])
        self._stills[code] = stills
        return _within(table)


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
    return tuple(sorted(rows, key=str))


def _smaller(jpeg: str) -> str:
    picture = decoded(base64.b64decode(jpeg))
    if picture is None:
        return jpeg
    small = encoded(narrowed(picture, STILL_WIDTH), quality=STILL_QUALITY)
    return base64.b64encode(small).decode("ascii")


def _rows(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the places of all views."""
    return [row for rows in (table["places"], *table.get("views", {}).values()) for row in rows]


def _within(table: dict[str, Any]) -> str:
    """Return the text; where it is too long the youngest stays lose their first still."""
    rows = sorted(_rows(table), key=lambda row: float(row["since"]), reverse=True)
    body = json.dumps(table)
    for row in rows:
        if len(body) <= LIMIT:
            break
        row["first"] = None
        body = json.dumps(table)
    for row in rows:
        if len(body) <= LIMIT:
            break
        for known in (table["places"], *table.get("views", {}).values()):
            known[:] = [one for one in known if one is not row]
        body = json.dumps(table)
    return body
