"""What every deed shares: ask the table, check the role, move on, tell the log."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit import interface as audit
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.clock import Deadline
from chengzhi.kernel.procedure import Step, StepNotAllowed
from chengzhi.workorders.commands.pending import end_what_is_moot
from chengzhi.workorders.commands.timing import (
    back_to_register,
    end_standstill,
    keep_stage,
    leaving,
)
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.procedure import (
    CAN,
    CAN_LABELS,
    CAN_ROLES,
    CENTRE,
    PROCEDURE,
    STAGE_LIMITS,
    roles_for,
)
from chengzhi.workorders.queries.clocks import pauses_of
from chengzhi.workorders.rules.limits import civil_date, duration, likely_limit, stage_ends
from chengzhi.workorders.types import (
    FINAL_STATES,
    STATE_CLOCKS,
    STATE_LABELS,
    Facts,
    PhotoRef,
    State,
)


def facts_for(order: WorkOrder, actor: Actor, **deed: Any) -> Facts:
    """Return the record's facts with what the actor brings to the deed."""
    return replace(
        order.facts(),
        actor=actor.ref,
        actor_unit=actor.unit,
        by_centre=not actor.roles.isdisjoint(CENTRE),
        by_leader=Role.LEADER in actor.roles,
        **deed,
    )


def take(order: WorkOrder, name: str, *, actor: Actor, **deed: Any) -> Step:
    """Return the step if the procedure allows it here and the actor may take it.

    :raises StepNotAllowed: no such step leads from this state, or a guard refuses it.
    :raises NotPermitted: the actor holds none of the step's roles.
    """
    step = PROCEDURE.take(name, state=order.state, facts=facts_for(order, actor, **deed))
    accounts.require(actor, *roles_for(step))
    order.leaving = leaving(order, step, actor)
    return step


def may(order: WorkOrder, capability: str, *, actor: Actor) -> None:
    """Refuse a deed that changes no state where it has no place, or by whom it is not done.

    :raises StepNotAllowed: it cannot be done in this state.
    :raises NotPermitted: the actor holds none of its roles.
    """
    if order.state not in CAN[capability]:
        raise StepNotAllowed(f"案件“{STATE_LABELS[order.state]}”，不能“{CAN_LABELS[capability]}”。")
    if capability in CAN_ROLES:
        accounts.require(actor, *sorted(CAN_ROLES[capability]))


def move(order: WorkOrder, target: str, *, now: datetime) -> None:
    """Enter the target state with the clock of its stage, and save the record."""
    if order.leaving is not None:
        end_what_is_moot(order, order.leaving, target, now=now)
    keep_stage(order, target, now=now)
    if order.state == State.SUSPENDED:  # ended by force
        end_standstill(order, now=now)
    since = _goes_on(order, target, now=now)
    order.enter(target, now=now, ends=ends_of(order, target, now=now, since=since), since=since)
    order.save_changes()


def _goes_on(order: WorkOrder, target: str, *, now: datetime) -> datetime | None:
    """Return since when a clock runs that does not begin with this step."""
    if target == State.HANDLING:
        return order.handling_since
    if (order.state, target) == (State.TO_VERIFY, State.REPORTED):
        return back_to_register(order, now=now)
    return None


def ends_of(
    order: WorkOrder, state: str, *, now: datetime, since: datetime | None = None
) -> Deadline | None:
    """Return the stage clock with which the order enters a state.

    `since` is where that clock began, if it had stood and goes on.
    """
    if state in FINAL_STATES:
        return None
    if state == State.HANDLING:
        return Deadline(order.handling_due_at, order.handling_warn_at)
    if state == State.SUSPENDED:
        return Deadline(order.suspended_until, None)
    frozen = duration(order.limit_amount, order.limit_unit)
    handling = frozen or likely_limit(order.matter_code, on=civil_date(since or now))
    pauses = pauses_of(order, STATE_CLOCKS[state], since=since) if since else ()
    return stage_ends(STAGE_LIMITS[state], since=since or now, handling=handling, pauses=pauses)


def tell(order: WorkOrder, happened: Any, *, actor: Actor, now: datetime) -> int:
    """Record an event on the order and return its id."""
    return audit.record(happened, subject=order.subject, actor=actor.ref, at=now)


def attach_all(
    order: WorkOrder, photos: Iterable[PhotoRef], *, actor: Actor, now: datetime
) -> None:
    """Attach stored pictures to the order; each stays in the evidence store with its custody."""
    for photo in photos:
        evidence.attach(photo.sha256, subject=order.subject, role=photo.role, actor=actor, now=now)


def roles_of(photos: Iterable[PhotoRef]) -> frozenset[str]:
    """Return what the pictures show."""
    return frozenset(photo.role for photo in photos)
