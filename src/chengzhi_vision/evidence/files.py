"""Write the evidence of one alarm: stills, clip, overlay and a manifest of hashes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chengzhi_vision.alarms import Alarm
from chengzhi_vision.config import Camera
from chengzhi_vision.evidence.clip import write_clip
from chengzhi_vision.evidence.ring import PacketRing
from chengzhi_vision.evidence.template import StreamTemplate
from chengzhi_vision.stills import sha256
from chengzhi_vision.types import EvidenceFile, Finding, Still

Publish = Callable[[Still], bytes | None]


@dataclass(frozen=True, kw_only=True)
class Footage:
    """The compressed video a clip can be cut from."""

    ring: PacketRing
    template: StreamTemplate


def write_evidence(
    alarm: Alarm,
    *,
    camera: Camera,
    footage: Footage | None,
    folder: Path,
    publish: Publish | None = None,
) -> Finding:
    """Write all evidence into `folder` and return the finding with its files."""
    folder.mkdir(parents=True, exist_ok=True)
    stills = {"first_seen": alarm.first, "dwell_reached": alarm.reached}
    stills["confirmation"] = alarm.confirmed
    files = [
        _write(folder, f"{role}.jpg", role, "image/jpeg", still.jpeg)
        for role, still in stills.items()
    ]
    files += _published(stills, folder, publish)
    files += _clip(alarm, camera, footage, folder)
    overlay = _text(overlay_of(alarm, camera))
    files.append(_write(folder, "overlay.json", "overlay", "application/json", overlay))
    manifest = _text(manifest_of(alarm, files))
    files.append(_write(folder, "manifest.json", "manifest", "application/json", manifest))
    return replace(alarm.finding, evidence=tuple(files))


def overlay_of(alarm: Alarm, camera: Camera) -> dict[str, Any]:
    """Return what to draw over the originals; the originals stay untouched."""
    polygons = {zone.name: zone.polygon for zone in camera.zones}
    finding = alarm.finding
    return {
        "zone": finding.zone,
        "polygon": [list(point) for point in polygons.get(finding.zone, ())],
        "bbox": finding.box.rounded(),
        "kind": finding.kind,
        "score": round(finding.score, 4),
    }


def manifest_of(alarm: Alarm, files: list[EvidenceFile]) -> dict[str, Any]:
    """Return the list of files with their hashes and the moments they show."""
    finding = alarm.finding
    return {
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
        "files": [
            {"name": f.name, "role": f.role, "sha256": f.sha256, "size": f.size} for f in files
        ],
    }


def _published(
    stills: dict[str, Still], folder: Path, publish: Publish | None
) -> list[EvidenceFile]:
    if publish is None:
        return []
    made = {role: publish(still) for role, still in stills.items()}
    return [
        _write(folder, f"published_{role}.jpg", f"published_{role}", "image/jpeg", data)
        for role, data in made.items()
        if data is not None
    ]


def _clip(
    alarm: Alarm, camera: Camera, footage: Footage | None, folder: Path
) -> list[EvidenceFile]:
    if footage is None:
        return []
    limits = camera.limits.evidence
    start = alarm.finding.alarm_pts - limits.pre_roll_s
    end = alarm.confirmed.pts + limits.post_roll_s
    pieces = footage.ring.cut(start=start, end=end)
    path = folder / "clip.mp4"
    if write_clip(pieces, template=footage.template, path=path) is None:
        return []
    return [_named(path, "clip", "video/mp4", path.read_bytes())]


def _write(folder: Path, name: str, role: str, media_type: str, data: bytes) -> EvidenceFile:
    path = folder / name
    path.write_bytes(data)
    return _named(path, role, media_type, data)


def _named(path: Path, role: str, media_type: str, data: bytes) -> EvidenceFile:
    return EvidenceFile(
        name=path.name,
        role=role,
        media_type=media_type,
        sha256=sha256(data),
        size=len(data),
        path=str(path),
    )


def _text(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()
