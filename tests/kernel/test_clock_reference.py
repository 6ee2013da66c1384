"""The clock equals the clock a child would write, on random cases of every kind."""

from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from chengzhi.kernel.calendar import WorkCalendar
from chengzhi.kernel.clock import Duration, Pause, Unit, deadline, elapsed
from tests.kernel.cases import PLAN_2022, ClockCase, clock_case
from tests.kernel.reference_clock import ReferenceClock

CALENDAR = WorkCalendar(PLAN_2022)
REFERENCE = ReferenceClock(PLAN_2022)
CASES = st.integers(0, 2**32).map(lambda seed: clock_case(Random(seed)))


@settings(max_examples=300, deadline=None)
@given(CASES)
def test_every_deadline_equals_the_minute_by_minute_reference(case: ClockCase):
    found = deadline(
        case.start, case.duration, calendar=CALENDAR, pauses=case.pauses, rules=case.rules
    )

    assert found == REFERENCE.deadline(case.start, case.duration, case.pauses, case.rules)


@settings(max_examples=200, deadline=None)
@given(
    CASES,
    st.integers(1, 3_000_000),
    st.sampled_from((Unit.URGENT_HOUR, Unit.WORK_HOUR)),
)
def test_at_the_end_exactly_the_limit_has_elapsed(case: ClockCase, microseconds: int, unit: Unit):
    start = case.start + timedelta(microseconds=microseconds)
    pauses = [pause for pause in case.pauses if pause.end is not None]

    found = deadline(start, Duration(7, unit), calendar=CALENDAR, pauses=pauses)

    assert elapsed(start, found.due_at, unit, CALENDAR, pauses) == timedelta(hours=7)


@settings(max_examples=200, deadline=None)
@given(CASES)
def test_a_later_start_or_a_longer_pause_never_ends_earlier(case: ClockCase):
    limit = Duration(6, Unit.WORK_HOUR)
    pause = Pause(case.start + timedelta(hours=3), case.start + timedelta(hours=9))
    longer = Pause(pause.start, case.start + timedelta(hours=30))

    plain, later, paused, held = (
        deadline(start, limit, calendar=CALENDAR, pauses=pauses).due_at
        for start, pauses in (
            (case.start, []),
            (case.start + timedelta(hours=5), []),
            (case.start, [pause]),
            (case.start, [longer]),
        )
    )

    assert plain <= later
    assert plain <= paused <= held
