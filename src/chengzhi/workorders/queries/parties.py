"""Who belongs to a work order, a whistle or a remedy, and whom a message about it may reach."""

from datetime import datetime

from chengzhi.accounts import interface as accounts
from chengzhi.notifications.types import Contact, Medium, Parties
from chengzhi.workorders.models import Remedy, Whistle, WorkOrder
from chengzhi.workorders.queries.access import is_visible
from chengzhi.workorders.queries.marks import watchers_of
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.remedy_limits import remedy_settings
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types import STATE_LABELS, Wish

ANONYMOUS = "报告人匿名，从不联系"
UNASKED = "报告人没有要求答复"
NO_PHONE = "报告人没有留电话"


def parties(subject: str, now: datetime) -> Parties | None:
    """Return what a message may say of a work order and whom it may reach; nobody unmasked."""
    order = _order(subject, kind="workorder")
    if order is None:
        return None
    return Parties(
        county=order.county,
        facts={
            "code": order.code,
            "matter_name": order.matter_name,
            "address": order.address,
            "due_text": moment_text(order.handling_due_at or order.stage_due_at),
            "state_label": STATE_LABELS[order.state],
        },
        people={
            "handler": (f"unit:{order.handler}",) if order.handler else (),
            "verifier": (order.verifier,) if order.verifier else (),
            "checker": (order.checker,) if order.checker else (),
            "reporter": (f"reporter:{order.pk}",),
            "watchers": _watchers(order, now),
        },
    )


def _watchers(order: WorkOrder, now: datetime) -> tuple[str, ...]:
    """Return who watches the order and may still see it today."""
    wanted = watchers_of(order.subject)
    if not wanted:
        return ()
    people = accounts.actors_of(order.county, on=civil_date(now))
    return tuple(one.ref for one in people if one.ref in wanted and is_visible(one, order.pk))


def whistle_parties(subject: str, now: datetime) -> Parties | None:
    """Return what a message may say of a whistle, and who of the town called."""
    number = _number(subject, kind="whistle")
    whistle = Whistle.objects.filter(pk=number).first() if number else None
    if whistle is None:
        return None
    return Parties(
        county=whistle.county,
        facts={"address": whistle.address},
        people={"caller": (whistle.created_by,)},
    )


def remedy_parties(subject: str, now: datetime) -> Parties | None:
    """Return what a message may say of an ownerless problem, and which units deal with it."""
    number = _number(subject, kind="remedy")
    remedy = Remedy.objects.filter(pk=number).first() if number else None
    if remedy is None:
        return None
    return Parties(
        county=remedy.county,
        facts={
            "address": remedy.address,
            "kind_label": remedy_settings().kinds.get(remedy.kind, remedy.kind),
        },
        people={
            "squad": (f"unit:{remedy.squad}",) if remedy.squad else (),
            "contractor": (f"unit:{remedy.contractor}",) if remedy.contractor else (),
        },
    )


def reporter_contact(ref: str) -> Contact | None:
    """Return how the reporter of a work order may be reached, asked at the moment of sending.

    Only somebody who left a number and asked for an answer is ever contacted; an anonymous
    reporter never is, whatever else the record says.
    """
    order = _order(ref, kind="reporter")
    if order is None:
        return None
    refusal = _refusal(order)
    reachable = frozenset() if refusal else frozenset({Medium.SMS.value})
    address = "" if refusal else order.reporter_phone
    return Contact(name="报告人", media=reachable, address=address, refusal=refusal)


def _refusal(order: WorkOrder) -> str:
    if order.reporter_wish == Wish.ANONYMOUS:
        return ANONYMOUS
    if order.reporter_wish != Wish.ANSWER:
        return UNASKED
    return "" if order.reporter_phone else NO_PHONE


def _order(ref: str, *, kind: str) -> WorkOrder | None:
    number = _number(ref, kind=kind)
    return WorkOrder.objects.filter(pk=number).first() if number else None


def _number(ref: str, *, kind: str) -> int | None:
    found, _, number = ref.partition(":")
    return int(number) if found == kind and number.isdecimal() else None
