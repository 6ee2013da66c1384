"""When a person may decide about a finding, and when they may take it back."""

from datetime import datetime, timedelta

from chengzhi.vision.types import FindingFacts, FindingKind

#: How long a finding waits for its files before it is shown without them.
EVIDENCE_GRACE = timedelta(minutes=5)
#: How long a decision may be taken back.
UNDO_WINDOW = timedelta(minutes=10)
#: Findings that stop traffic or smell come before those that only look untidy.
PRIORITIES = {
    FindingKind.DOG_UNATTENDED: 2,
    FindingKind.MOTOR_VEHICLE_PARKED: 1,
    FindingKind.BIN_OVERFLOW: 1,
}


def is_equipment(kind: str) -> bool:
    """Return whether the finding speaks of the camera itself, not of the street."""
    return kind == FindingKind.CAMERA_BLIND


def reviewable_at(*, received_at: datetime, now: datetime, is_complete: bool) -> datetime:
    """Return from when a person may decide: with all files at once, else after the grace."""
    latest = received_at + EVIDENCE_GRACE
    return min(latest, now) if is_complete else latest


def priority_of(kind: str) -> int:
    """Return how far a kind of finding jumps the queue; 0 is in order of arrival."""
    return PRIORITIES.get(FindingKind(kind), 0)


# ── guards: the reason why not, or None ────────────────────────────────────────────────


def evidence_is_there(facts: FindingFacts) -> str | None:
    return None if facts.is_reviewable else "证据还在上传，请等待收齐（最多5分钟）后再判定"


def is_about_the_street(facts: FindingFacts) -> str | None:
    return "这是摄像头自身的异常，请到设备健康页处理" if is_equipment(facts.kind) else None


def is_about_the_camera(facts: FindingFacts) -> str | None:
    return None if is_equipment(facts.kind) else "只有摄像头自身的异常才转为设备异常"


def undo_window_is_open(facts: FindingFacts) -> str | None:
    since = facts.seconds_since_decision
    if since is not None and since <= UNDO_WINDOW.total_seconds():
        return None
    return "判定已超过10分钟，请到案件里处理或报告值班长"


def work_order_has_not_moved(facts: FindingFacts) -> str | None:
    if not facts.work_order_moved:
        return None
    return f"案件{facts.work_order_code}已经流转，请到案件里作废"
