"""Deeds that change no state: remarks, attachments, and looking at who reported."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.evidence.types import FILE_ROLE_LABELS, FileRole
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.commands.taking import attach_all, may, tell
from chengzhi.workorders.events import (
    ReporterShown,
    WorkOrderAttached,
    WorkOrderCommented,
    WorkOrderMentioned,
)
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import locked
from chengzhi.workorders.queries.mentions import mentioned_in
from chengzhi.workorders.types import Contact, PhotoRef

LONGEST_COMMENT = 1000


@transaction.atomic
def comment(
    pk: int, *, text: str, actor: Actor, now: datetime, mentions: tuple[str, ...] = ()
) -> WorkOrder:
    """Add a remark to the timeline; a closed work order takes one too.

    Whoever it names with an @ is told, if they may see the record; `mentions` are the references
    that the picker gave, so that two people of one name are told apart.
    """
    order = locked(actor, pk)
    may(order, "comment", actor=actor)
    written = text.strip()
    if not 0 < len(written) <= LONGEST_COMMENT:
        raise InvalidInput(f"记录应有 1 至 {LONGEST_COMMENT} 字，请重写。", field="text")
    tell(order, WorkOrderCommented(code=order.code, text=written), actor=actor, now=now)
    for person in mentioned_in(order.pk, order.county, written, mentions, now=now):
        event = WorkOrderMentioned(
            code=order.code, person=person.ref, person_name=person.name, text=written[:200]
        )
        tell(order, event, actor=actor, now=now)
    return order


@transaction.atomic
def attach(pk: int, *, photos: tuple[PhotoRef, ...], actor: Actor, now: datetime) -> WorkOrder:
    """Add stored pictures or documents to the record, also after it was closed."""
    order = locked(actor, pk)
    may(order, "attach", actor=actor)
    if not photos:
        raise InvalidInput("没有选择文件，请至少选一个。", field="photos")
    attach_all(order, photos, actor=actor, now=now)
    labels = "、".join(dict.fromkeys(FILE_ROLE_LABELS[FileRole(p.role)] for p in photos))
    event = WorkOrderAttached(code=order.code, photo_count=len(photos), roles=labels)
    tell(order, event, actor=actor, now=now)
    return order


@transaction.atomic
def show_reporter(pk: int, *, reason: str, actor: Actor, now: datetime) -> Contact:
    """Return who reported, unmasked; looking is an event with its reason."""
    order = locked(actor, pk)
    may(order, "show_reporter", actor=actor)
    accounts.permit(actor, Permission.UNMASK)
    if not reason.strip():
        raise InvalidInput("查看报告人须写明用途，例如“回访核实地点”。", field="reason")
    event = ReporterShown(code=order.code, reason=reason.strip())
    tell(order, event, actor=actor, now=now)
    return Contact(
        name=order.reporter_name, phone=order.reporter_phone, description=order.description
    )
