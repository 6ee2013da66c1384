"""What each file of a finding shows, and what may be shown of it."""

import json
from datetime import datetime, timedelta

PUBLISHED = "published_"
#: The worker's word → the evidence store's word and the Chinese of the film strip.
STILLS = {
    "first_seen": ("still_first", "首次发现"),
    "dwell_reached": ("still_dwell", "达到停留时限"),
    "confirmation": ("still_confirm", "再确认"),
    "clip": ("clip", "录像"),
}
#: Text that describes the other files; it is kept beside the finding, not among the pictures.
SIDE_ROLES = {"overlay": "标注数据", "manifest": "散列清单"}
SIDE_TYPE = "application/json"
SIDE_LIMIT = 256 * 2**10


def is_side(*, role: str, media_type: str) -> bool:
    """Return whether the file is a text about the evidence rather than evidence."""
    return role in SIDE_ROLES or media_type == SIDE_TYPE


def attached_as(role: str) -> str:
    """Return the evidence store's word for a role; what it does not know is a document."""
    return STILLS.get(role.removeprefix(PUBLISHED), ("document", ""))[0]


def role_label(role: str) -> str:
    """Return what a file shows; a role nobody named stands for itself."""
    if role in SIDE_ROLES:
        return SIDE_ROLES[role]
    plain = role.removeprefix(PUBLISHED)
    label = STILLS.get(plain, ("", plain))[1]
    return f"{label}（已遮挡）" if plain != role else label


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
