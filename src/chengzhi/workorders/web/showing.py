"""What the record page and the desk show of one work order."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.audit.types import Entry
from chengzhi.evidence import interface as evidence
from chengzhi.evidence.types import FILE_ROLE_LABELS, FileRole, StoredFile
from chengzhi.workorders.queries.decision import Decision
from chengzhi.workorders.queries.looks import looks_of
from chengzhi.workorders.queries.whole import whole
from chengzhi.workorders.rules.closing import closing_items
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.reports import channels_for
from chengzhi.workorders.rules.returns import return_reasons, return_rows
from chengzhi.workorders.rules.words import moment_text, span
from chengzhi.workorders.types import (
    CHANNEL_LABELS,
    CLOSING_RESULT_LABELS,
    Record,
    Stage,
    State,
)
from chengzhi.workorders.web.beside import offer_of
from chengzhi.workorders.web.offering import forms_of, next_form

CHANNEL_ICONS = {
    "camera": "camera",
    "collector": "user-check",
    "hotline": "phone-call",
    "citizen": "device-mobile",
    "merchant": "building-store",
    "patrol": "walk",
    "superior": "speakerphone",
}
TONES = {
    State.CLOSED: "ok",
    State.REJECTED: "",
    State.VOIDED: "",
    State.MERGED: "",
}
EVENT_TONES = {
    "workorders.stage-warned": "warn",
    "workorders.stage-overdue": "bad",
    "workorders.task-returned": "warn",
    "workorders.stage-badly-late": "bad",
    "workorders.suspended": "warn",
    "workorders.notice-issued": "warn",
    "workorders.notice-overdue": "bad",
    "workorders.adjustment-overdue": "bad",
}
BEFORE = (
    FileRole.NEAR,
    FileRole.FINDING,
    FileRole.STILL_CONFIRM,
    FileRole.STILL_DWELL,
    FileRole.BEFORE,
    FileRole.VERIFY,
    FileRole.FAR,
)


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A picture with its words."""

    sha256: str
    url: str
    thumbnail: str
    label: str
    caption: str
    is_image: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the timeline."""

    label: str
    sentence: str
    at: datetime
    actor: str
    hash: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One stage clock: pieces are (kind, from, width) in percent."""

    label: str
    note: str
    pieces: list[tuple[str, float, float]]


def shown(request: HttpRequest, actor: Actor, pk: int, *, now: datetime) -> dict[str, Any]:
    """Return the context of one work order, for its page and for the desk.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    found, material = whole(actor, pk, now=now)
    files = evidence.files_of(found.subject)
    photos = [photo(file) for file in files]
    on = civil_date(now)
    return {
        "now": now,
        "record": found,
        "row": found.row,
        "closing_items": closing_items(found.closing_condition),
        "tone": TONES.get(State(found.row.state), "live"),
        "icon": CHANNEL_ICONS.get(found.row.channel, "file"),
        "decision": material,
        "history": [
            (line.matter_name, line.count, span(line.mean) if line.mean is not None else "")
            for line in material.history
        ],
        "photos": [item for item in photos if item.is_image],
        "documents": [item for item in photos if not item.is_image],
        "pair": pair(files),
        "looks": looks_of(pk) if found.finding else [],
        "stages": [_stage(stage, now=now) for stage in found.stages],
        "next_form": next_form(found),
        "forms": forms_of(found),
        "returns": {row.step: return_reasons(row.step, on=on) for row in return_rows(on=on)},
        "results": list(CLOSING_RESULT_LABELS.items()),
        "channels": [(c, CHANNEL_LABELS[c]) for c in channels_for(actor.roles)],
        "offer": offer_of(actor, now=now),
        "refused": [action for action in found.actions if action.is_mine and action.reasons],
        "points": _points(found, material),
        "roles": [(str(role), gettext(label)) for role, label in FILE_ROLE_LABELS.items()],
    }


def photo(file: StoredFile) -> Photo:
    """Return a stored file as the page shows it."""
    url = reverse("evidence-file", args=[file.sha256])
    at = file.captured_at or file.stored_at
    is_image = file.media_type.startswith("image/")
    return Photo(
        sha256=file.sha256,
        url=url,
        thumbnail=reverse("evidence-file", kwargs={"sha256": file.sha256, "variant": "thumbnail"}),
        label=gettext(FILE_ROLE_LABELS[FileRole(file.role)]),
        caption=moment_text(at) if is_image else f"{moment_text(at)} · {file.name}",
        is_image=is_image,
    )


def pair(files: list[StoredFile]) -> tuple[Photo, Photo] | None:
    """Return the picture before and the last one after, if there are both."""
    after = [file for file in files if file.role == FileRole.AFTER]
    before = sorted(
        (file for file in files if file.role in BEFORE),
        key=lambda file: BEFORE.index(FileRole(file.role)),
    )
    return (photo(before[0]), photo(after[-1])) if before and after else None


def timeline(subject: str) -> tuple[list[Line], bool]:
    """Return what happened, newest first, and whether the chain of hashes holds."""
    entries, is_whole = audit.proven_history(subject)
    return [_line(entry) for entry in reversed(entries)], is_whole


def _line(entry: Entry) -> Line:
    return Line(
        label=gettext(entry.label),
        sentence=entry.sentence.rstrip("；：，"),  # an event without a remark ends so
        at=entry.happened_at,
        actor=entry.actor_name,
        hash=entry.hash,
        tone=EVENT_TONES.get(entry.name, ""),
    )


def _stage(stage: Stage, *, now: datetime) -> dict[str, Any]:
    note = moment_text(stage.ended_at)
    if stage.state == "now" and stage.due_at is None:
        note = gettext("停表")
    if stage.state in ("now", "over") and stage.due_at:
        left = stage.due_at - now
        note = (
            gettext("剩 %s") % span(left)
            if left > timedelta()
            else gettext("超期 %s") % span(-left)
        )
    return {"name": stage.name, "label": gettext(stage.label), "state": stage.state, "note": note}


def bars(found: Record, *, now: datetime) -> list[Bar]:
    """Return the stage clocks: how much of each limit was used, by the wall clock."""
    limited = [stage for stage in found.stages if stage.started_at and stage.due_at]
    return [_bar(stage, now, over=found.row.closed_at) for stage in limited]


def _bar(stage: Stage, now: datetime, *, over: datetime | None) -> Bar:
    """Return one clock; `over` is when the order ended, which stops what was never finished."""
    assert stage.started_at and stage.due_at, "only limited stages have a bar"
    whole = max(stage.due_at - stage.started_at, timedelta(seconds=1))
    used = (stage.ended_at or over or now) - stage.started_at
    share = min(used / whole, 1.0) * 100
    is_over = used > whole
    kind = "over" if is_over else "fin" if stage.ended_at else "near" if share >= 80 else "used"
    return Bar(
        label=gettext(stage.label),
        note=f"{span(used)} / {span(whole)} {_outcome(stage, is_over=is_over, ended=over)}",
        pieces=[(kind, 0.0, round(share, 1))],
    )


def _outcome(stage: Stage, *, is_over: bool, ended: datetime | None) -> str:
    """Say how a stage went, and how long its clock stood."""
    unfinished = gettext("未完成") if ended else gettext("进行中")
    word = gettext("按时") if stage.ended_at else unfinished
    if is_over:
        word = gettext("严重超期") if stage.is_badly_late else gettext("超期")
    if stage.is_exempted:
        word = gettext("曾超时，不计考核")
    if not stage.paused_minutes:
        return word
    stood = gettext("停表 %s") % span(timedelta(minutes=stage.paused_minutes))
    return f"{word} · {stood}"


def _points(found: Record, material: Decision) -> list[dict[str, Any]]:
    here = {"lon": found.row.lon, "lat": found.row.lat, "kind": "here", "label": gettext("本案")}
    near = [
        {
            "lon": other.lon,
            "lat": other.lat,
            "kind": "dup",
            "label": other.code,
            "url": reverse("workorder-detail", args=[other.id]),
        }
        for other in material.duplicates
    ]
    return [*near, here]
