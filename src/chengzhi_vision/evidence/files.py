"""Write the evidence of one alarm: stills, clip, overlay apart, and a manifest of hashes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from chengzhi_vision.alarms import Alarm
from chengzhi_vision.config import Camera
from chengzhi_vision.evidence.clip import write_clip
from chengzhi_vision.evidence.manifest import Chain, Redacted, as_text, day_of, manifest_of
from chengzhi_vision.evidence.overlay import drawing_of, overlay_of
from chengzhi_vision.evidence.publish import Publisher, published
from chengzhi_vision.evidence.ring import PacketRing
from chengzhi_vision.evidence.shop_names import Reader, shop_names
from chengzhi_vision.evidence.template import StreamTemplate
from chengzhi_vision.stills import sha256
from chengzhi_vision.types import EvidenceFile, Finding, Link, Still


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
    publish: Publisher | None = None,
    chain: Chain | None = None,
    link: Link | None = None,
    reader: Reader | None = None,
) -> Finding:
    """Write all evidence into `folder` and return the finding with its files.

    With a chain, `link` is the place of this manifest in it, and the manifest is noted as begun.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stills = {"first_seen": alarm.first, "dwell_reached": alarm.reached}
    stills["confirmation"] = alarm.confirmed
    files = [
        _write(folder, f"{role}.jpg", role, "image/jpeg", still.jpeg)
        for role, still in stills.items()
    ]
    redacted = _redacted(stills, alarm.finding, publish)
    if redacted is not None and publish is not None and publish.with_files:
        files += _published(stills, folder, redacted)
    clip, how = _clip(alarm, camera, footage, folder)
    files += clip + _overlays(alarm, camera, folder)
    place = link or Link(day=day_of(alarm.finding.alarm_at, camera), number=1)
    manifest = as_text(manifest_of(alarm, files, link=place, clip=how, redacted=redacted))
    files.append(_write(folder, "manifest.json", "manifest", "application/json", manifest))
    if chain is not None:
        known = alarm.finding.finding_id
        chain.begin(camera, place, sha256=sha256(manifest), finding_id=known)
    names = shop_names(alarm.confirmed, alarm.finding, camera, reader=reader)
    return replace(alarm.finding, evidence=tuple(files), shop_names=names, link=link)


def _redacted(
    stills: Mapping[str, Still], finding: Finding, publish: Publisher | None
) -> Redacted | None:
    """Look at each picture once, also where one still stands for two roles."""
    if publish is None:
        return None
    seen = {still.jpeg: publish.regions(still, finding) for still in set(stills.values())}
    rows = {role: seen[still.jpeg] for role, still in stills.items()}
    return Redacted(method=publish.redactor.method, stills=rows)


def _published(stills: Mapping[str, Still], folder: Path, redacted: Redacted) -> list[EvidenceFile]:
    return [
        _write(
            folder,
            f"published_{role}.jpg",
            f"published_{role}",
            "image/jpeg",
            published(still, redacted.stills[role]),
        )
        for role, still in stills.items()
    ]


def _overlays(alarm: Alarm, camera: Camera, folder: Path) -> list[EvidenceFile]:
    overlay = overlay_of(alarm, camera)
    drawing = drawing_of(overlay).encode()
    return [
        _write(folder, "overlay.json", "overlay", "application/json", as_text(overlay)),
        _write(folder, "overlay.svg", "overlay_drawing", "image/svg+xml", drawing),
    ]


def _clip(
    alarm: Alarm, camera: Camera, footage: Footage | None, folder: Path
) -> tuple[list[EvidenceFile], str | None]:
    """Return the clip and how it was made; nothing where there is no video to cut from."""
    if footage is None:
        return [], None
    limits = camera.limits.evidence
    start = alarm.finding.alarm_pts - limits.pre_roll_s
    end = alarm.confirmed.pts + limits.post_roll_s
    pieces = footage.ring.cut(start=start, end=end)
    path = folder / "clip.mp4"
    how = write_clip(pieces, template=footage.template, path=path)
    if how is None:
        return [], None
    return [_named(path, "clip", "video/mp4", path.read_bytes())], how


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
