"""What each file of a finding shows, and what may be shown of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

PUBLISHED = "published_"
#: The worker's word → the evidence store's word.
STILLS = {
    "first_seen": "still_first",
    "dwell_reached": "still_dwell",
    "confirmation": "still_confirm",
    "clip": "clip",
}
#: Text that describes the other files; it is kept beside the finding, not among the pictures.
SIDE_ROLES = frozenset({"overlay", "overlay_drawing", "manifest"})
SENT_ROLE_LABELS = {
    "first_seen": "首次发现",
    "dwell_reached": "达到停留时限",
    "confirmation": "再确认",
    "clip": "录像",
    "published_first_seen": "首次发现（已遮挡）",
    "published_dwell_reached": "达到停留时限（已遮挡）",
    "published_confirmation": "再确认（已遮挡）",
    "published_clip": "录像（已遮挡）",
    "overlay": "标注数据",
    "overlay_drawing": "标注图",
    "manifest": "散列清单",
}
SIDE_TYPE = "application/json"
DRAWING_TYPE = "image/svg+xml"
SIDE_LIMIT = 256 * 2**10


def is_side(*, role: str, media_type: str) -> bool:
    """Return whether the file is a text about the evidence rather than evidence."""
    return role in SIDE_ROLES or media_type == SIDE_TYPE


def side_text(content: bytes) -> tuple[str, str] | None:
    """Return the text of manifest or overlay and its type, judged by content; None: it is none.

    A drawing is kept as text for whoever exports it, and never served as a page.
    """
    if len(content) > SIDE_LIMIT:
        return None
    try:
        text = content.decode()
        if text.startswith("<svg "):
            return text, DRAWING_TYPE
        if text[:1] not in ("{", "["):
            return None
        json.loads(text)
    except ValueError:
        return None
    return text, SIDE_TYPE


@dataclass(frozen=True, kw_only=True)
class SentRegions:
    """Where the worker saw faces and plates: plain rows by the role of the still."""

    method: str
    rows: Mapping[str, Any]


def sent_regions(manifest: str) -> SentRegions | None:
    """Return what a manifest says of faces and plates; one that says nothing gives nothing."""
    try:
        told = json.loads(manifest or "{}")["redaction"]
        return SentRegions(method=str(told["method"])[:50], rows=dict(told["stills"]))
    except (ValueError, TypeError, KeyError):
        return None


def attached_as(role: str) -> str:
    """Return the evidence store's word for a role; what it does not know is a document."""
    return STILLS.get(role.removeprefix(PUBLISHED), "document")


def role_label(role: str) -> str:
    """Return what a file shows; a role nobody named stands for itself."""
    if role in SENT_ROLE_LABELS or not is_published(role):
        return SENT_ROLE_LABELS.get(role, role)
    return f"{role.removeprefix(PUBLISHED)}（已遮挡）"


def is_published(role: str) -> bool:
    """Return whether the file is the copy in which faces and plates were covered."""
    return role.startswith(PUBLISHED)


def still_moments(manifest: str, *, alarm_at: datetime) -> dict[str, datetime]:
    """Return when each still was taken: the manifest gives stream seconds, the alarm the clock.

    A manifest that does not say so gives nothing; the stills are shown without their times.
    """
    try:
        seconds = json.loads(manifest or "{}").get("stills_pts", {})
        reached = float(seconds["dwell_reached"])
        offsets = {role: float(at) - reached for role, at in seconds.items()}
    except (ValueError, TypeError, AttributeError, KeyError):
        return {}
    return {role: alarm_at + timedelta(seconds=offset) for role, offset in offsets.items()}
