"""What must hold of every work order in production; each function returns the offenders."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q

from chengzhi.workorders.models import (
    CoveragePlan,
    Remedy,
    RoutingRule,
    Whistle,
    WhistleAnswer,
    WorkOrder,
)
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.types import FINAL_STATES, ClosingBasis, State
from chengzhi.workorders.types.remedies import Track
from chengzhi.workorders.types.whistles import AnswerState, WhistleState

IMPORTED = "import "  # as the procedure of what another system brought to its end
GRACE = timedelta(minutes=10)  # a worker that runs every few seconds is down if it is later
FINAL = Q(state__in=[state.value for state in sorted(FINAL_STATES)])


def closed_without_a_check(*, now: datetime) -> list[int]:
    """No order is closed that nobody checked after it was handled, unless it says on what or ended elsewhere."""
    checked = Q(checked_at__isnull=False, handled_at__isnull=False, checked_at__gte=F("handled_at"))
    otherwise = Q(closing_basis__in=[ClosingBasis.FORCED.value, ClosingBasis.POLICY.value])
    elsewhere = Q(procedure__startswith=IMPORTED)
    return _ids(Q(state=State.CLOSED) & ~checked & ~otherwise & ~elsewhere)


def open_without_a_deadline(*, now: datetime) -> list[int]:
    """Every open order has a stage deadline."""
    return _ids(~FINAL & Q(stage_due_at__isnull=True))


def merged_without_a_master(*, now: datetime) -> list[int]:
    """Every merged order names its master, which is another order of the same county."""
    wrong = Q(master__isnull=True) | Q(master=F("pk")) | ~Q(master__county=F("county"))
    return _ids(Q(state=State.MERGED) & wrong)


def dispatched_without_a_condition(*, now: datetime) -> list[int]:
    """No order reaches a unit without a condition row and a handling deadline."""
    at_unit = Q(state__in=[State.DISPATCHED, State.HANDLING, State.TO_CHECK, State.CHECKED])
    without_unit = Q(handling_due_at__isnull=True) | Q(handler="")
    not_on_the_spot = Q(spot_policy__isnull=True)
    return _ids(at_unit & (Q(condition_number=0) | (not_on_the_spot & without_unit)))


def overdue_without_an_event(*, now: datetime) -> list[int]:
    """No stage is overdue for long without the worker having said so."""
    return _ids(~FINAL & Q(stage_due_at__lt=now - GRACE, alert_at__lt=now - GRACE))


def whistles_closed_without_a_score(*, now: datetime) -> list[int]:
    """No whistle is closed whose town did not confirm and score every department that answered."""
    unscored = WhistleAnswer.objects.exclude(state__in=[AnswerState.SCORED, AnswerState.EXCUSED])
    closed = Q(state=WhistleState.CLOSED)
    wrong = closed & (Q(confirmed_at__isnull=True) | Q(pk__in=unscored.values("whistle")))
    return list(Whistle.objects.filter(wrong).order_by("pk").values_list("pk", flat=True)[:100])


def whistles_without_one_lead(*, now: datetime) -> list[int]:
    """Every dispatched whistle has exactly one lead, and it is the one that the whistle names."""
    sent = Whistle.objects.filter(dispatched_at__isnull=False)
    right = WhistleAnswer.objects.filter(
        whistle=OuterRef("pk"), unit=OuterRef("lead"), is_lead=True
    )
    other = WhistleAnswer.objects.filter(whistle=OuterRef("pk"), is_lead=True).exclude(
        unit=OuterRef("lead")
    )
    wrong = ~Exists(right) | Exists(other)
    return list(sent.filter(wrong).order_by("pk").values_list("pk", flat=True)[:100])


def rules_naming_the_gone(*, now: datetime) -> list[int]:
    """No routing rule in force names a unit that handles no more, or a person who has left."""
    wrong = []
    for county in RoutingRule.objects.values_list("county", flat=True).distinct():
        known = directory(county, now=now)
        wrong += [
            row.id
            for row in known.rules
            if row.flag or row.is_person_gone or row.unit not in known.handlers
        ]
    return sorted(wrong)[:100]


def remedies_without_a_ground(*, now: datetime) -> list[int]:
    """No work began without a legal ground, and no ownerless track has an obligor."""
    begun = Q(work_started_at__isnull=False)
    wrong = (begun & Q(track="")) | (Q(track=Track.OWNERLESS) & ~Q(obligor_name=""))
    return _remedies(wrong)


def substitutes_without_a_reminder(*, now: datetime) -> list[int]:
    """No substitute performance began without a reminder before it (行政强制法 51(2))."""
    begun = Q(track=Track.SUBSTITUTE, work_started_at__isnull=False)
    return _remedies(begun & (Q(reminded_on__isnull=True) | Q(reminded_on__gte=F("perform_on"))))


def remedies_overpaid(*, now: datetime) -> list[int]:
    """No settlement exceeds its budget, and no recovery the settlement."""
    over = Q(settled_fen__gt=F("budget_fen")) & ~Q(track=Track.IMMEDIATE)
    return _remedies(over | Q(recovered_fen__gt=F("settled_fen")))


def plans_that_overlap(*, now: datetime) -> list[int]:
    """No two versions of a coverage plan hold on the same day."""
    others = CoveragePlan.objects.filter(county=OuterRef("county"), pk__lt=OuterRef("pk"))
    meets = Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("starts_on"))
    ends = Q(starts_on__lt=OuterRef("ends_on"))
    plans = CoveragePlan.objects.exclude(state="planned").filter(
        Exists(others.exclude(state="planned").filter(meets, starts_on__lte=OuterRef("starts_on")))
        | Exists(others.exclude(state="planned").filter(ends, starts_on__gte=OuterRef("starts_on")))
    )
    return list(plans.order_by("pk").values_list("pk", flat=True)[:100])


def _remedies(wrong: Q) -> list[int]:
    return list(Remedy.objects.filter(wrong).order_by("pk").values_list("pk", flat=True)[:100])


def _ids(wrong: Q) -> list[int]:
    return list(WorkOrder.objects.filter(wrong).order_by("pk").values_list("pk", flat=True)[:100])


INVARIANTS: tuple[Callable[..., list[int]], ...] = (
    closed_without_a_check,
    open_without_a_deadline,
    merged_without_a_master,
    dispatched_without_a_condition,
    overdue_without_an_event,
    whistles_closed_without_a_score,
    whistles_without_one_lead,
    rules_naming_the_gone,
    remedies_without_a_ground,
    substitutes_without_a_reminder,
    remedies_overpaid,
    plans_that_overlap,
)
