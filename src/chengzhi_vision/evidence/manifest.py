"""The manifest of a finding: files with their hashes, what lacks, and the link to the one before.

The manifests of a camera and a civil day form a chain: each names the hash of the one before it,
so that one taken out, changed or slipped in is seen (video_analytics.md, section 6, row 7).

Each worker writes a stretch of its own (接力段): two of them, of which one was cut off and the other took
over, would else both go on from the same manifest, and that would read as one slipped in. The first
manifest of a stretch names the last one that is known of the stretch before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chengzhi_redaction.types import Region
from chengzhi_vision.alarms import Alarm
from chengzhi_vision.config import Camera
from chengzhi_vision.types import EvidenceFile, Link
from chengzhi_vision.whole import write_whole

VERSION = 2
WANTED = ("first_seen", "dwell_reached", "confirmation", "clip")


@dataclass(frozen=True, kw_only=True)
class Redacted:
    """What a published copy of each still hides, and who looked."""

    method: str
    stills: Mapping[str, Sequence[Region]]


def manifest_of(
    alarm: Alarm,
    files: Sequence[EvidenceFile],
    *,
    link: Link,
    clip: str | None,
    redacted: Redacted | None = None,
) -> dict[str, Any]:
    """Return everything that proves a finding; `missing` says what it lacks, and so does nobody."""
    finding = alarm.finding
    missing = [role for role in WANTED if role not in {file.role for file in files}]
    return {
        "version": VERSION,
        "finding_id": finding.finding_id,
        "camera": finding.camera,
        "kind": finding.kind,
        "reason": finding.reason,
        "model": {"name": finding.model.name, "version": finding.model.version},
        "stills_pts": {
            "first_seen": round(alarm.first.pts, 3),
            "dwell_reached": round(alarm.reached.pts, 3),
            "confirmation": round(alarm.confirmed.pts, 3),
        },
        "chain": link.as_row(),
        "clip": clip or "",
        "missing": missing,
        "complete": not missing,
        "files": [
            {"name": f.name, "role": f.role, "sha256": f.sha256, "size": f.size} for f in files
        ],
        **({} if redacted is None else {"redaction": _redaction(redacted)}),
    }


def as_text(value: Mapping[str, Any]) -> bytes:
    """Return canonical JSON: the hash of a manifest is the hash of these bytes."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _redaction(redacted: Redacted) -> dict[str, Any]:
    rows = {role: [r.as_row() for r in regions] for role, regions in redacted.stills.items()}
    return {"method": redacted.method, "stills": rows}


def day_of(at: float, camera: Camera) -> str:
    """Return the civil day of a moment where the camera hangs."""
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(camera.timezone)).date().isoformat()


def chain_path(folder: Path, code: str) -> Path:
    return folder / f"{code}.chain.json"


class Chain:
    """Remembers the last manifest of each camera's day; a crash leaves neither gap nor fork.

    Before a finding goes into the spool its manifest is noted as begun; whether it got there is
    asked of the spool afterwards, and again when the next one comes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def next(self, camera: Camera, *, at: float, is_kept: Any = lambda finding_id: True) -> Link:
        """Return the place of the next manifest of the camera."""
        known = self.settle(camera, is_kept)
        day = max(day_of(at, camera), known.get("day", ""))  # one dated late does not lead back
        is_new_day = known.get("day") != day
        before = 0 if is_new_day else int(known.get("stretch", 0))
        stretch = before if camera.epoch is None else camera.epoch
        if is_new_day:
            return Link(day=day, number=1, stretch=stretch)
        number = int(known["number"]) + 1 if stretch == before else 1
        return Link(day=day, number=number, previous=str(known["head"]), stretch=stretch)

    def begin(self, camera: Camera, link: Link, *, sha256: str, finding_id: str) -> None:
        """Note a manifest that is about to be kept."""
        mine = link.as_row() | {"head": sha256, "finding_id": finding_id}
        del mine["previous"]
        self._write(camera, {**self._read(camera), "begun": mine})

    def settle(self, camera: Camera, is_kept: Any) -> dict[str, Any]:
        """Return the last manifest that was kept: the one begun, if it got into the spool."""
        known = self._read(camera)
        begun = known.pop("begun", None)
        if begun and is_kept(begun["finding_id"]):
            known = begun
            self._write(camera, known)
        return known

    def _path(self, camera: Camera) -> Path:
        return chain_path(self.folder, camera.code)

    def _read(self, camera: Camera) -> dict[str, Any]:
        try:
            found = json.loads(self._path(camera).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, camera: Camera, value: dict[str, Any]) -> None:
        write_whole(self._path(camera), json.dumps(value, sort_keys=True))
