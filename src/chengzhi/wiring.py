"""Who answers whom. The only module that knows two procedures at once.

`ANSWERS` are what one procedure does for another. Beside them every event of the table of
occasions tells people (`notifications/data/occasions.csv`), and every event that machines may
subscribe to is offered to them (`webhook_events.csv`).

Each reaction takes one `Delivered`, runs in a transaction of its own, and may run twice: what it
calls must act only once (`client_ref`, `link_work_order`).
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from chengzhi.accounts import events as account_events
from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.audit.types import Delivered
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.events import as_data, name_of
from chengzhi.notifications import interface as notifications
from chengzhi.vision import events as vision_events
from chengzhi.vision import interface as vision
from chengzhi.workorders import events as work_events
from chengzhi.workorders import interface as workorders
from chengzhi.workorders.types import (
    CameraSaw,
    Channel,
    FindingEvidence,
    LookAnswer,
    PhotoRef,
    Report,
)

Reaction = Callable[[Delivered], None]
WITHDRAWN = "抓拍判定已撤回"
STILLS = ("still_first", "still_dwell", "still_confirm")


def report_confirmed_finding(delivered: Delivered) -> None:
    """Make a work order of a finding that a person confirmed, and tell the finding its number."""
    robot, now = _robot(), delivered.happened_at
    made = workorders.report(_report(delivered), actor=robot, now=now)
    linked = vision.link_work_order(
        delivered.event.finding_id,
        work_order=f"workorder:{made.id}",
        work_order_code=made.code,
        actor=robot,
        now=now,
    )
    if not linked and made.created:
        workorders.withdraw(made.id, reason=WITHDRAWN, actor=robot, now=now)


def _report(delivered: Delivered) -> Report:
    event = delivered.event
    return Report(
        channel=Channel.CAMERA,
        matter_code=event.matter_code,
        lon=event.lon,
        lat=event.lat,
        address=event.address or event.camera_name,
        description=f"摄像头{event.camera}“{event.zone}”抓拍{event.remark}".strip(),
        photos=_stills(delivered.subject),
        client_ref=event.client_ref,
        occurred_at=datetime.fromisoformat(event.started_at),
        finding=FindingEvidence(
            ref=delivered.subject,
            camera=event.camera,
            confirmed_by=delivered.actor,
            started_at=datetime.fromisoformat(event.started_at),
            alarm_at=datetime.fromisoformat(event.alarm_at),
        ),
    )


def _stills(subject: str) -> tuple[PhotoRef, ...]:
    """Return the finding's stills in the order in which they were taken, covered ones first."""
    plain_first = sorted(evidence.files_of(subject), key=lambda f: f.name.startswith("published_"))
    files = {file.role: file for file in plain_first}
    return tuple(PhotoRef(sha256=files[role].sha256, role=role) for role in STILLS if role in files)


def attach_merged_finding(delivered: Delivered) -> None:
    """Add the stills of a finding to the work order that was there before it."""
    workorders.attach_finding(
        _number(delivered.event.work_order),
        photos=_stills(delivered.subject),
        actor=_robot(),
        now=delivered.happened_at,
    )


def withdraw_reopened_finding(delivered: Delivered) -> None:
    """Take back the work order of a finding whose confirmation was undone."""
    if delivered.event.was != "confirmed" or not delivered.event.work_order:
        return
    number = _number(delivered.event.work_order)
    if workorders.find(_robot(), number).state == "reported":
        workorders.withdraw(number, reason=WITHDRAWN, actor=_robot(), now=delivered.happened_at)


def ask_the_camera(delivered: Delivered) -> None:
    """Let the camera that reported the problem look again once the handler says it is done."""
    vision.ask_rechecks(delivered.subject, actor=_robot(), now=delivered.now)


def hand_on_look(delivered: Delivered) -> None:
    """Tell the work order what the camera saw; it may stand for the check under a policy."""
    event = delivered.event
    if not event.work_order:
        return
    is_gone = name_of(type(event)) == name_of(vision_events.FindingGone)
    saw = CameraSaw(
        ref=event.look,
        camera=event.camera,
        answer=LookAnswer.ABSENT if is_gone else LookAnswer(event.answer),
        looked_at=datetime.fromisoformat(event.gone_at if is_gone else event.looked_at),
        remark="" if is_gone else event.remark,
        photos=(PhotoRef(sha256=event.still, role="check"),) if event.still else (),
    )
    number = _number(event.work_order)
    workorders.note_camera_look(number, saw, actor=_robot(), now=delivered.now)


def close_the_way_back(delivered: Delivered) -> None:
    """Tell the finding that somebody acted on its work order: the verdict can stand only."""
    vision.note_work_order_moved(delivered.subject)


def tell_people(delivered: Delivered) -> None:
    """Tell everybody whom the table of occasions names."""
    notifications.announce(
        name_of(type(delivered.event)),
        as_data(delivered.event),
        event_id=delivered.id,
        subject=delivered.subject,
        actor=delivered.actor,
        happened_at=delivered.happened_at,
        now=delivered.now,
    )


def tell_machines(delivered: Delivered) -> None:
    """Write a delivery for every machine that subscribed to the event."""
    notifications.publish(
        name_of(type(delivered.event)),
        as_data(delivered.event),
        event_id=delivered.id,
        subject=delivered.subject,
        county=settings.CHENGZHI_COUNTY,
        happened_at=delivered.happened_at,
        now=delivered.now,
    )


def flag_rules_of_the_gone(delivered: Delivered) -> None:
    """Stop using the routing rules that name a unit which was closed; the matrix page says so."""
    workorders.flag_routing_rules(
        county=settings.CHENGZHI_COUNTY, actor=_robot(), now=delivered.now
    )


def _number(work_order: str) -> int:
    return int(work_order.removeprefix("workorder:"))


def _robot() -> Actor:
    return accounts.system_actor("wiring", division=settings.CHENGZHI_COUNTY)


ANSWERS: dict[str, tuple[Reaction, ...]] = {
    name_of(account_events.UnitClosed): (flag_rules_of_the_gone,),
    name_of(vision_events.FindingConfirmed): (report_confirmed_finding,),
    name_of(vision_events.FindingMerged): (attach_merged_finding,),
    name_of(vision_events.FindingReopened): (withdraw_reopened_finding,),
    name_of(vision_events.FindingGone): (hand_on_look,),
    name_of(vision_events.RecheckAnswered): (hand_on_look,),
    name_of(work_events.WorkOrderHandled): (ask_the_camera,),
    name_of(work_events.WorkOrderAccepted): (close_the_way_back,),
    name_of(work_events.WorkOrderRejected): (close_the_way_back,),
    name_of(work_events.VerificationAsked): (close_the_way_back,),
    name_of(work_events.WorkOrderMerged): (close_the_way_back,),
    # The slot of 移送执法: `enforcement` opens a case from the referral (its number is in the event)
    # and answers by `workorders.note_referral_answer`; until then a person answers over the API.
    name_of(work_events.WorkOrderReferred): (),
}

NOTICES: dict[str, tuple[Reaction, ...]] = {
    row.event: (tell_people,) for row in notifications.occasions()
}
PUSHES: dict[str, tuple[Reaction, ...]] = {
    event: (tell_machines,) for event in notifications.webhook_fields()
}
REACTIONS: dict[str, tuple[Reaction, ...]] = {
    event: (*ANSWERS.get(event, ()), *NOTICES.get(event, ()), *PUSHES.get(event, ()))
    for event in sorted({*ANSWERS, *NOTICES, *PUSHES})
}
