"""受理 and 核实: take a report on, refuse it, or have somebody look first."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import DomainError
from chengzhi.workorders.commands.followers import end_followers
from chengzhi.workorders.commands.taking import attach_all, may, move, roles_of, take, tell
from chengzhi.workorders.events import (
    VerificationAsked,
    WorkOrderAccepted,
    WorkOrderRejected,
    WorkOrderVerified,
)
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import locked
from chengzhi.workorders.queries.beats import choice_for
from chengzhi.workorders.queries.people import collectors
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types import VERIFICATION_LABELS, BeatChoice, PhotoRef, Verification


class UnknownCollector(DomainError):
    """The person named for a task in the field is no collector of the county today."""

    code = "unknown-collector"


@transaction.atomic
def accept(pk: int, *, actor: Actor, now: datetime, reason: str = "") -> WorkOrder:
    """Take a report on for filing (受理)."""
    order = locked(actor, pk)
    step = take(order, "accept", actor=actor, reason=reason.strip())
    order.accepted_at = now
    move(order, step.target, now=now)
    tell(order, WorkOrderAccepted(code=order.code, reason=reason), actor=actor, now=now)
    return order


@transaction.atomic
def reject(pk: int, *, reason: str, actor: Actor, now: datetime) -> WorkOrder:
    """Refuse a report, with the reason (不予受理)."""
    order = locked(actor, pk)
    step = take(order, "reject", actor=actor, reason=reason)
    order.last_reason = reason
    move(order, step.target, now=now)
    event = WorkOrderRejected(
        code=order.code, reason=reason, client_ref=order.client_ref, finding=order.finding
    )
    tell(order, event, actor=actor, now=now)
    end_followers(order, actor=actor, now=now)
    return order


@transaction.atomic
def ask_verify(pk: int, *, actor: Actor, now: datetime, assignee: str = "") -> WorkOrder:
    """Send a collector to see whether the problem exists (派发核实).

    Without an assignee the beat decides who goes; where nobody covers the grid, the refusal
    says so and a person decides.
    """
    order = locked(actor, pk)
    known = collectors(order.county, now=now)
    chosen = _chosen(order, assignee, known, now=now)
    step = take(
        order,
        "ask_verify",
        actor=actor,
        assignee=chosen.ref,
        assignee_known=chosen.ref in known,
        nobody=chosen.reason,
    )
    order.verifier = chosen.ref
    move(order, step.target, now=now)
    tell(order, _asked(order, known[chosen.ref], chosen.reason), actor=actor, now=now)
    return order


def _chosen(order: WorkOrder, assignee: str, known: dict[str, str], *, now: datetime) -> BeatChoice:
    if not assignee:
        return choice_for(order, now=now)
    return BeatChoice(ref=assignee, name=known.get(assignee, ""), reason="")


@transaction.atomic
def reassign_verification(pk: int, *, assignee: str, actor: Actor, now: datetime) -> WorkOrder:
    """Give the verification to another collector; its clock runs on (改派核实)."""
    order = locked(actor, pk)
    may(order, "reassign_verification", actor=actor)
    name = require_collector(order, assignee, now=now)
    order.verifier = assignee
    order.save(update_fields=["verifier"])
    tell(order, _asked(order, name), actor=actor, now=now)
    return order


def require_collector(order: WorkOrder, assignee: str, *, now: datetime) -> str:
    """Return the collector's name.

    :raises UnknownCollector: the person is no collector of the county today.
    """
    known = collectors(order.county, now=now)
    if assignee not in known:
        raise UnknownCollector("所选人员不是本县在岗的采集员，请另选一人。", field="assignee")
    return known[assignee]


def _asked(order: WorkOrder, name: str, reason: str = "") -> VerificationAsked:
    return VerificationAsked(
        code=order.code,
        assignee=order.verifier,
        assignee_name=name,
        due_at=moment_text(order.stage_due_at),
        reason=reason,
    )


@transaction.atomic
def record_verification(
    pk: int,
    *,
    result: Verification,
    actor: Actor,
    now: datetime,
    reason: str = "",
    photos: tuple[PhotoRef, ...] = (),
) -> WorkOrder:
    """Write down what 核实 found: it exists and waits for filing, or the centre decides again."""
    order = locked(actor, pk)
    step = take(
        order,
        f"verify_{result}",
        actor=actor,
        assignee=order.verifier,
        reason=reason,
        photo_roles=roles_of(photos),
    )
    order.verification = result
    order.last_reason = reason
    if result == Verification.EXISTS:
        order.accepted_at = now
    move(order, step.target, now=now)
    event = WorkOrderVerified(
        code=order.code,
        result=result,
        result_label=VERIFICATION_LABELS[result],
        reason=reason,
        photo_count=len(photos),
    )
    tell(order, event, actor=actor, now=now)
    attach_all(order, photos, actor=actor, now=now)
    return order
