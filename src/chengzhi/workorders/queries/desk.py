"""What waits for a person: states by role, ordered by what is left."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from chengzhi.accounts.types import Actor, Role
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.lists import as_rows
from chengzhi.workorders.queries.measures import OPEN
from chengzhi.workorders.types import OPEN_STATES, STATE_LABELS, Row, State

# The centre watches what it sent into the street, so that nothing waits there unseen.
CENTRE_WAITS: dict[Role, tuple[State, ...]] = {
    Role.ACCEPTANCE_OFFICER: (State.REPORTED, State.TO_VERIFY, State.TO_CHECK),
    Role.DUTY_MANAGER: (State.ACCEPTED, State.CHECKED),
    Role.DISPATCHER: (State.FILED,),
}
UNIT_ROLES = frozenset({Role.HANDLER, Role.SQUAD_LEADER, Role.TOWN_OFFICER})
MOST_SIGNALLED = 100  # the rail says "99+"
UNIT_WAITS = (State.DISPATCHED, State.HANDLING)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How many wait in one state."""

    state: str
    label: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A person's queue: the most urgent first, and how many wait in each state."""

    rows: tuple[Row, ...]
    waiting: tuple[Waiting, ...]
    count: int
    overdue: int
    near: int


def waiting_for(actor: Actor) -> QuerySet[WorkOrder]:
    """Return what a person's roles have to do next, of what the person may see."""
    waits = Q(pk__in=())
    for role, states in CENTRE_WAITS.items():
        if role in actor.roles:
            waits |= Q(state__in=[state.value for state in states])
    if Role.COLLECTOR in actor.roles:
        waits |= Q(state=State.TO_VERIFY.value, verifier=actor.ref)
        waits |= Q(state=State.TO_CHECK.value, checker=actor.ref)
    if actor.unit and not actor.roles.isdisjoint(UNIT_ROLES):
        waits |= Q(state__in=[state.value for state in UNIT_WAITS], handler=actor.unit)
    return visible_to(actor).filter(waits, OPEN)


def desk(actor: Actor, *, now: datetime, state: str = "", most: int = 100) -> Desk:
    """Return a person's queue by remaining time, at most `most` rows of one state or of all."""
    rows = waiting_for(actor)
    numbers = rows.aggregate(
        overdue=Count("pk", filter=Q(stage_due_at__lte=now)),
        near=Count("pk", filter=Q(stage_warn_at__lte=now, stage_due_at__gt=now)),
        **{f"in_{name}": Count("pk", filter=Q(state=name)) for name in OPEN_STATES},
    )
    waiting = tuple(
        Waiting(state=name, label=STATE_LABELS[name], count=numbers[f"in_{name}"])
        for name in OPEN_STATES
        if numbers[f"in_{name}"]
    )
    shown = rows.filter(state=state) if state else rows
    first = shown.order_by("stage_due_at", "pk")[:most]
    return Desk(
        rows=as_rows(first, directory(actor.county, now=now)),
        waiting=waiting,
        count=sum(line.count for line in waiting),
        overdue=numbers["overdue"],
        near=numbers["near"],
    )


def waiting_signal(actor: Actor, *, now: datetime) -> tuple[int, bool]:
    """Return how many wait for a person, up to a hundred, and whether one of them is overdue.

    Every page shows it: it reads the most urgent hundred and counts no further.
    """
    urgent = waiting_for(actor).order_by("stage_due_at", "pk")
    due = list(urgent.values_list("stage_due_at", flat=True)[:MOST_SIGNALLED])
    return len(due), any(at is not None and at <= now for at in due)
