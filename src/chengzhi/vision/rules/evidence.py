"""What each file of a finding shows, and what may be shown of it."""

import json
from datetime import datetime, timedelta

PUBLISHED = "published_"
#: The worker's word → the evidence store's word.
STILLS = {
    "first_seen": "still_first",
    "dwell_reached": "still_dwell",
    "confirmation": "still_confirm",
    "clip": "clip",
}
#: Text that describes the other files; it is kept beside the finding, not among the pictures.
SIDE_ROLES = frozenset({"overlay", "manifest"})
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
    "manifest": "散列清单",
}
SIDE_TYPE = "application/json"
SIDE_LIMIT = 256 * 2**10


def is_side(*, role: str, media_type: str) -> bool:
    """Return whether the file is a text about the evidence rather than evidence."""
    return role in SIDE_ROLES or media_type == SIDE_TYPE


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
