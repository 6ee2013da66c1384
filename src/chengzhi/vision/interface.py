"""What other contexts may ask of cameras and findings."""

from datetime import date, datetime

from chengzhi.accounts.types import Actor
from chengzhi.vision.commands import (
    accept_threshold,
    add_preset,
    answer_recheck,
    ask_recheck,
    ask_rechecks,
    ask_trial,
    bring_up_finding,
    confirm_finding,
    finish_trial,
    import_camera_file,
    link_work_order,
    mark_silent,
    merge_finding,
    note_progress,
    note_work_order_moved,
    publish_score_policy,
    recalibrate,
    record_finding,
    record_gone,
    record_heartbeat,
    register_camera,
    reject_finding,
    reopen_finding,
    save_plan,
    save_rules,
    save_zones,
    set_cost,
    set_still,
    set_threshold,
    store_evidence,
)
from chengzhi.vision.queries import accuracy as _accuracy
from chengzhi.vision.queries import cameras as _cameras
from chengzhi.vision.queries import desk as _desk
from chengzhi.vision.queries import findings as _findings
from chengzhi.vision.queries import fleet as _fleet
from chengzhi.vision.queries import outages as _outages
from chengzhi.vision.queries.access import visible_cameras, visible_to
from chengzhi.vision.queries.findings import is_confirmed
from chengzhi.vision.rules.camera_file import parse_toml
from chengzhi.vision.types import (
    Accuracy,
    CameraRow,
    FindingDetail,
    FindingFilter,
    FindingPage,
    ZoneSpec,
)
from chengzhi.vision.types.leases import FleetFigures


def waiting(actor: Actor, now: datetime) -> tuple[int, bool]:
    """Return how many findings wait for review, and whether one has waited too long."""
    return _desk.waiting(actor, now=now)


def dark(actor: Actor, now: datetime) -> tuple[int, bool]:
    """Return how many cameras are dark now, and whether one has been for long enough to tell."""
    return _outages.dark(actor, now=now)


def finding(actor: Actor, finding: int, *, now: datetime) -> FindingDetail:
    """Return a finding by its key.

    :raises NotVisible: there is none, or not for this person.
    """
    return _findings.detail(actor, finding, now=now)


def findings(actor: Actor, wanted: FindingFilter, *, after: int | None = None) -> FindingPage:
    """Return a page of findings, newest first."""
    return _findings.page(actor, wanted, after=after)


def capture_accuracy(
    actor: Actor, *, first: date, last: date, camera: str = "", kind: str = ""
) -> Accuracy:
    """Return the accuracy of what was reviewed from a day to a day, both included.

    `drill` holds the query parameters of the finding list that shows exactly the reviewed rows.
    """
    wanted = _accuracy.decided_between(first, last, camera=camera, kind=kind)
    return _accuracy.accuracy(actor, wanted)


def capture_accuracy_by(actor: Actor, *, by: str, first: date, last: date) -> list[Accuracy]:
    """Return the same for each `camera`, `kind` or `town`."""
    return _accuracy.accuracy_by(actor, _accuracy.decided_between(first, last), by=by)


def cameras(actor: Actor, *, now: datetime) -> list[CameraRow]:
    """Return the visible cameras by code."""
    return _cameras.every_camera(actor, now=now)


def camera_zones(actor: Actor, code: str) -> tuple[ZoneSpec, ...]:
    """Return a camera's zones with their rules.

    :raises NotVisible: there is no such camera, or not for this person.
    """
    return _cameras.camera_file(actor, code).zones


def fleet_figures(actor: Actor, *, now: datetime) -> FleetFigures:
    """Return how cameras, leases and findings stand, in numbers."""
    return _fleet.figures(actor, now=now)


def finding_is_visible(actor: Actor, subject: str) -> bool:
    """Return whether the actor may see "finding:12"; the evidence door asks this."""
    number = subject.removeprefix("finding:")
    return number.isdigit() and visible_to(actor).filter(pk=int(number)).exists()


def camera_is_visible(actor: Actor, subject: str) -> bool:
    """Return whether the actor may see "camera:12"; the evidence door asks this."""
    number = subject.removeprefix("camera:")
    return number.isdigit() and visible_cameras(actor).filter(pk=int(number)).exists()


__all__ = [
    "add_preset",
    "ask_recheck",
    "set_cost",
    "set_threshold",
    "accept_threshold",
    "bring_up_finding",
    "recalibrate",
    "publish_score_policy",
    "answer_recheck",
    "record_gone",
    "ask_rechecks",
    "ask_trial",
    "camera_zones",
    "dark",
    "finish_trial",
    "note_progress",
    "save_plan",
    "camera_is_visible",
    "cameras",
    "capture_accuracy",
    "capture_accuracy_by",
    "confirm_finding",
    "finding",
    "finding_is_visible",
    "fleet_figures",
    "findings",
    "import_camera_file",
    "is_confirmed",
    "link_work_order",
    "mark_silent",
    "merge_finding",
    "note_work_order_moved",
    "parse_toml",
    "record_finding",
    "record_heartbeat",
    "register_camera",
    "reject_finding",
    "reopen_finding",
    "save_rules",
    "save_zones",
    "set_still",
    "store_evidence",
    "waiting",
]
