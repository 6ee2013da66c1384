"""What happened to a request, in words for everybody: fixed sentences, never a free text of staff."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from chengzhi.audit.types import Entry
from chengzhi.workorders.rules.outside import closed_as
from chengzhi.workorders.types import Check, Verification
from chengzhi.workorders.types.outside import (
    ENDED,
    EXTENDED_LABELS,
    ExtendedStatus,
    PublicStatus,
    PublicUpdate,
)

Data = dict[str, Any]


@dataclass(frozen=True)
class Telling:
    """How an event is told outside."""

    extended: ExtendedStatus
    sentence: Callable[[Data], str]


def _fixed(text: str) -> Callable[[Data], str]:
    return lambda data: text


E = ExtendedStatus
TOLD: dict[str, Telling] = {
    "workorders.reported": Telling(E.RECEIVED, _fixed("已收到")),
    "workorders.verification-asked": Telling(E.INVESTIGATING, _fixed("已派人到现场核实")),
    "workorders.accepted": Telling(E.ACCEPTED, _fixed("已受理")),
    "workorders.rejected": Telling(E.NOT_ACCEPTED, _fixed("不予受理")),
    "workorders.filed": Telling(
        E.ACTION_SCHEDULED, lambda data: f"已立案，处置时限 {data['limit_text']}"
    ),
    "workorders.dispatched": Telling(
        E.ACTION_SCHEDULED, lambda data: f"已派给 {data['unit_name']}"
    ),
    "workorders.handler-changed": Telling(
        E.ACTION_SCHEDULED, lambda data: f"改由 {data['unit_name']} 处置"
    ),
    "workorders.task-accepted": Telling(
        E.IN_PROGRESS, lambda data: f"{data['unit_name']} 已接收任务"
    ),
    "workorders.handled": Telling(E.DONE, _fixed("已处置，待现场核查")),
    "workorders.suspended": Telling(
        E.PAUSED, lambda data: f"暂停办理至 {data['until_text']}（{data['cause_label']}）"
    ),
    "workorders.resumed": Telling(E.IN_PROGRESS, _fixed("恢复办理")),
    "workorders.handled-on-spot": Telling(E.DONE, _fixed("采集员现场处置")),
    "workorders.came-back": Telling(
        E.NO_FURTHER_ACTION, lambda data: f"问题再次出现，另立 {data['again_code']}"
    ),
    "workorders.voided": Telling(E.NO_FURTHER_ACTION, _fixed("不再办理")),
    "workorders.merged": Telling(
        E.DUPLICATE, lambda data: f"与第 {data['master']} 号重复，合并办理"
    ),
}
VERIFIED = {
    Verification.EXISTS: (E.ACCEPTED, "现场核实：问题存在，已受理"),
    Verification.ABSENT: (E.RECEIVED, "现场核实：未发现问题"),
    Verification.UNABLE: (E.RECEIVED, "现场核实：暂时无法核实"),
}
CHECKED = {
    Check.PASS: (E.DONE, "现场核查通过"),
    Check.FAIL: (E.IN_PROGRESS, "现场核查未通过，重新处置"),
    Check.UNABLE: (E.DONE, "暂时无法现场核查"),
}
CLOSED = ("workorders.closed", "workorders.force-closed")
SPOKEN = "workorders.outside-updated"


def event_names() -> list[str]:
    """Return the names of the events that are told outside."""
    return [*TOLD, *CLOSED, "workorders.verified", "workorders.checked", SPOKEN]


def as_updates(entries: Iterable[Entry], *, sent: set[int]) -> list[PublicUpdate]:
    """Return events as updates; what a reporter added is told word by word to its sender only."""
    return [_update(entry, sent) for entry in entries]


def _update(entry: Entry, sent: set[int]) -> PublicUpdate:
    number = int(entry.subject.partition(":")[2])
    extended, sentence = _told(entry, is_sender=number in sent)
    return PublicUpdate(
        id=str(entry.id),
        request=number,
        status=PublicStatus.CLOSED if extended in ENDED else PublicStatus.OPEN,
        extended=extended,
        at=entry.happened_at,
        description=sentence,
    )


def _told(entry: Entry, *, is_sender: bool) -> tuple[ExtendedStatus, str]:
    data = entry.data
    if entry.name == "workorders.verified":
        return VERIFIED[Verification(data["result"])]
    if entry.name == "workorders.checked":
        return CHECKED[Check(data["result"])]
    if entry.name in CLOSED:
        closed = closed_as(data.get("result", ""), was_checked=data.get("basis") == "checked")
        return closed, EXTENDED_LABELS[closed]
    if entry.name == SPOKEN:
        return E.RECEIVED, data["text"] if is_sender else "报告人补充了情况"
    telling = TOLD[entry.name]
    return telling.extended, telling.sentence(data)
