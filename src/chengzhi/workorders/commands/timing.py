"""The clocks of a work order in the tables: what stood, what goes on, what each stage came to."""

from datetime import datetime, timedelta

from chengzhi import standards
from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.kernel.clock import FROM_MOMENT, Deadline, Duration
from chengzhi.kernel.procedure import Step
from chengzhi.workorders.models import ClockPause, StageRun, WorkOrder
from chengzhi.workorders.procedure import STAGE_LIMITS
from chengzhi.workorders.queries.clocks import extensions_of, pauses_of
from chengzhi.workorders.rules.limits import (
    civil_date,
    count_rules,
    duration,
    likely_limit,
    stage_limit,
)
from chengzhi.workorders.rules.running import Running
from chengzhi.workorders.rules.stop_clock import paused_between, stop_clock
from chengzhi.workorders.types import STATE_CLOCKS, Clock, Effect, Leaving, Occasion, State

MINUTE = timedelta(minutes=1)
AT_UNIT = frozenset({State.DISPATCHED, State.HANDLING})


def leaving(order: WorkOrder, step: Step, actor: Actor) -> Leaving:
    """Return the stage as it stands before a step changes the record."""
    at_unit = order.state in AT_UNIT
    is_first = order.state == State.HANDLING and order.task_accepted_at == order.state_since
    began = order.dispatched_at if is_first and order.dispatched_at else order.state_since
    return Leaving(
        state=order.state,
        step=step.name,
        label=step.label,
        person=actor.ref,
        unit=order.handler if at_unit else actor.unit,
        started_at=began,
        clock_since=order.clock_since or began,
        due_at=order.handling_due_at if order.state == State.HANDLING else order.stage_due_at,
        dispatched_at=order.dispatched_at,
        handling_since=order.handling_since,
        handling_due_at=order.handling_due_at,
    )


def keep_stage(order: WorkOrder, target: str, *, now: datetime) -> None:
    """Write what the stage came to that the step has ended; a suspension is no stage."""
    left, order.leaving = order.leaving, None
    if left is None or left.state not in STATE_CLOCKS:
        return
    _keep(order, left, STATE_CLOCKS[left.state], now=now)
    if left.state == State.DISPATCHED and target != State.HANDLING:
        _keep(order, _handling_of(left), Clock.HANDLE, now=now)


def _handling_of(left: Leaving) -> Leaving:
    """A task that leaves its unit before it was accepted ends the unit's handling too."""
    began = left.dispatched_at or left.started_at
    return Leaving(
        **{
            **vars(left),
            "started_at": began,
            "clock_since": left.handling_since or began,
            "due_at": left.handling_due_at,
        }
    )


def _keep(order: WorkOrder, left: Leaving, clock: Clock, *, now: datetime) -> None:
    is_over = left.due_at is not None and now > left.due_at
    stood = (
        running(order, clock, since=left.clock_since).stood(now)
        if order.pause_count
        else timedelta()
    )
    named = {Clock.VERIFY: order.verifier, Clock.CHECK: order.checker}
    run = StageRun(
        order=order,
        stage=clock,
        started_at=left.started_at,
        clock_since=left.clock_since,
        due_at=left.due_at,
        ended_at=max(now, left.started_at),
        ended_by=left.step,
        unit=left.unit,
        person=named.get(clock) or left.person,
        paused_minutes=stood // MINUTE,
        was_overdue=is_over,
        badly_late=is_over and is_badly_late(order, clock, since=left.clock_since, now=now),
    )
    audit.insert(run)


def is_badly_late(order: WorkOrder, clock: Clock, *, since: datetime, now: datetime) -> bool:
    """Return whether three times the limit is used (anchors_civic.md 6.4)."""
    third = running(order, clock, since=since).badly_late(standards.current().calendar)
    return third is not None and now >= third


def running(order: WorkOrder, clock: Clock, *, since: datetime) -> Running:
    """Return a clock of the order that began at a moment, with all that held it up since."""
    is_handling = clock is Clock.HANDLE
    return Running(
        since=since,
        limit=limit_of(order, clock, since=since),
        rules=count_rules(order.limit_rules) if is_handling else FROM_MOMENT,
        pauses=pauses_of(order, clock, since=since),
        extensions=extensions_of(order, since=since) if is_handling else (),
    )


def limit_of(order: WorkOrder, clock: Clock, *, since: datetime) -> Duration:
    """Return the limit that a clock of the order counts."""
    frozen = duration(order.limit_amount, order.limit_unit)
    if clock is Clock.HANDLE:
        assert frozen is not None, "a unit has the order only under a frozen condition"
        return frozen
    state = next(state for state, known in STATE_CLOCKS.items() if known is clock)
    handling = frozen or likely_limit(order.matter_code, on=civil_date(since))
    return stage_limit(STAGE_LIMITS[state], since=since, handling=handling)


def stood(
    order: WorkOrder, stops: Occasion, starts: Occasion, *, since: datetime, now: datetime
) -> None:
    """Write the stretch that is over for every clock that the table stops and lets go on."""
    for clock in paused_between(stops, starts):
        ClockPause.objects.create(
            order=order,
            clock=clock,
            started_at=min(since, now),
            ended_at=now,
            occasion=stops,
            event=stop_clock()[stops].event,
        )
        order.pause_count += 1


def back_to_register(order: WorkOrder, *, now: datetime) -> datetime:
    """Let the clock of acceptance go on after a verification, and return since when it runs."""
    stood(order, Occasion.VERIFY, Occasion.VERIFIED, since=order.state_since, now=now)
    last = last_run(order, Clock.REGISTER)
    return last.clock_since if last else order.reported_at


def last_run(order: WorkOrder, clock: Clock) -> StageRun | None:
    """Return how a stage went the last time."""
    return StageRun.objects.filter(order=order, stage=clock).order_by("-pk").first()


def give_clock(order: WorkOrder, unit: str, *, now: datetime) -> None:
    """Start the unit's clock; the unit that sent the task back goes on with its own.

    Same department resumes, another restarts (anchors_civic.md 2.4).
    """
    before = last_run(order, Clock.HANDLE) if order.return_count else None
    is_same = before is not None and before.unit == unit
    if before is not None and is_same:
        stood(order, Occasion.RETURN, Occasion.SAME_UNIT, since=before.ended_at, now=now)
    order.handling_since = before.clock_since if before is not None and is_same else now
    set_handling(order)


def set_handling(order: WorkOrder) -> Deadline:
    """Count the unit's limit again, with all that held it up, and write where it ends."""
    assert order.handling_since is not None, "the unit's clock has begun"
    clock = running(order, Clock.HANDLE, since=order.handling_since)
    ends = clock.ends(standards.current().calendar)
    order.handling_due_at, order.handling_warn_at = ends.due_at, ends.warn_at
    return ends


def rework_ends(order: WorkOrder, *, now: datetime) -> Deadline:
    """Return where a rework ends: what was left of the limit, but at least a share of it.

    The handling limit itself is moved only by the time of the check, so whether the unit was in
    time is judged as if nothing had been sent back: rework cannot buy time.
    """
    stood(order, Occasion.CHECK, Occasion.REWORK, since=order.handled_at or now, now=now)
    return at_least(order, set_handling(order), now=now)


def at_least(order: WorkOrder, left: Deadline, *, now: datetime) -> Deadline:
    """Return the end of a rework: what is left, or its share of the limit, whichever is later."""
    whole = limit_of(order, Clock.HANDLE, since=now)
    share = -(-whole.amount * stop_clock()[Occasion.REWORK].least_percent // 100)
    least = Running(
        since=now, limit=Duration(share, whole.unit), rules=count_rules(order.limit_rules)
    ).ends(standards.current().calendar)
    return max(left, least, key=lambda ends: ends.due_at or now)


def stand_still(order: WorkOrder, *, now: datetime) -> None:
    """Stop every clock that runs while the order is where it is (缓办、挂账)."""
    row = stop_clock()[Occasion.SUSPEND]
    running_now = {STATE_CLOCKS[order.state], Clock.WHOLE}
    for clock in Clock:
        if clock in running_now and row.on(clock) is Effect.PAUSE:
            ClockPause.objects.create(
                order=order, clock=clock, started_at=now, occasion=Occasion.SUSPEND, event=row.event
            )
            order.pause_count += 1


def end_standstill(order: WorkOrder, *, now: datetime) -> None:
    """Let no clock stand any more, and no flag say that the order does."""
    ClockPause.objects.filter(order=order, ended_at__isnull=True).update(ended_at=now)
    order.suspended_from, order.suspended_until = "", None
    order.is_deferred = order.is_shelved = False


def go_on(order: WorkOrder, target: str, *, now: datetime) -> tuple[Deadline | None, datetime]:
    """Let the clocks that stand go on; return the end of the stage's clock and since when it runs.

    For the stage of handling the end is given; any other stage counts its own from `since`.
    """
    end_standstill(order, now=now)
    if target == State.HANDLING:
        ends = set_handling(order)
        assert order.handling_since is not None, "the unit's clock has begun"
        is_rework = order.rework_count > 0
        return at_least(order, ends, now=now) if is_rework else ends, order.handling_since
    last = last_run(order, STATE_CLOCKS[target])
    return None, last.clock_since if last else now
