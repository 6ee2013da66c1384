"""The stop-clock table, every combination, against the clock a child would write."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengzhi.kernel.calendar import WorkCalendar
from chengzhi.kernel.clock import CountRules, DayEnd, Duration, Pause, RollRule, StartRule, Unit
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.rules.running import Running
from chengzhi.workorders.rules.stop_clock import effect, paused_between, read_table, stop_clock
from chengzhi.workorders.types import Clock, Effect, Occasion
from tests.kernel.cases import PLAN_2022
from tests.kernel.reference_clock import ReferenceClock

CALENDAR = WorkCalendar(PLAN_2022)
REFERENCE = ReferenceClock(PLAN_2022)
ZERO = datetime.combine(date(2022, 9, 20), time(), tzinfo=PLAN_2022.zone).astimezone(UTC)
LIMITS = (
    Duration(2, Unit.URGENT_HOUR),
    Duration(2, Unit.URGENT_DAY),
    Duration(120, Unit.WORK_MINUTE),
    Duration(4, Unit.WORK_HOUR),
    Duration(5, Unit.WORK_DAY),
    Duration(3, Unit.NATURAL_DAY),
)
RULES = (
    CountRules(),
    CountRules(start=StartRule.NEXT_DAY),
    CountRules(start=StartRule.NEXT_DAY, roll=RollRule.NEXT_WORKING_DAY, day_end=DayEnd.CLOSING),
)
Happenings = list[tuple[int, Occasion]]


def by_table(clock: Clock, start: datetime, limit: Duration, rules: CountRules, said: Happenings):
    """The clock as the program runs it."""
    running = Running(since=start, limit=limit, rules=rules)
    for minute, occasion in said:
        more = Duration(added(limit), limit.unit) if occasion is Occasion.EXTEND else None
        running = running.after(effect(occasion, clock), at(minute), more=more)
    return running


def by_hand(clock: Clock, start: datetime, limit: Duration, rules: CountRules, said: Happenings):
    """The same, told minute by minute: does it stand, when did it last begin, what was added."""
    began, stands, gaps, amount = start, None, [], limit.amount
    for minute, occasion in said:
        what, here = effect(occasion, clock), at(minute)
        if what is Effect.RESTART:
            began, stands, gaps, amount = here, None, [], limit.amount
        elif what is Effect.PAUSE:
            stands = stands or here
        elif what is Effect.RESUME and stands:
            gaps, stands = [*gaps, Pause(stands, here)], None
        elif what is Effect.EXTEND:
            amount += added(limit)
    if stands:
        gaps = [*gaps, Pause(stands)]
    return REFERENCE.deadline(began, Duration(amount, limit.unit), gaps, rules)


def added(limit: Duration) -> int:
    """Return what is granted: of minutes five, so that the warning falls on a whole minute."""
    return 5 if limit.unit is Unit.WORK_MINUTE else 1


def at(minute: int) -> datetime:
    return ZERO + timedelta(minutes=minute)


PAIRS = list(product(Occasion, repeat=2))


@pytest.mark.parametrize("clock", [clock for clock in Clock if clock is not Clock.WHOLE])
@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_every_pair_of_occasions_ends_where_the_reference_clock_says(clock, limit):
    """144 pairs for each clock and unit: an hour after the start, and a day after that."""
    start = at(9 * 60)

    for first, second in PAIRS:
        said = [(10 * 60, first), (34 * 60, second)]
        found = by_table(clock, start, limit, RULES[0], said).ends(CALENDAR)
        assert found == by_hand(clock, start, limit, RULES[0], said), (first, second)


HAPPENINGS = st.lists(st.tuples(st.integers(1, 6000), st.sampled_from(list(Occasion))), max_size=12)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([clock for clock in Clock if clock is not Clock.WHOLE]),
    st.integers(0, 4000),
    st.sampled_from(LIMITS),
    st.sampled_from(RULES),
    HAPPENINGS,
)
def test_any_life_of_a_clock_ends_where_the_reference_clock_says(clock, start, limit, rules, said):
    said = sorted((start + minute, occasion) for minute, occasion in said)

    found = by_table(clock, at(start), limit, rules, said).ends(CALENDAR)

    assert found == by_hand(clock, at(start), limit, rules, said)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(LIMITS), HAPPENINGS)
def test_what_does_not_stop_a_clock_never_moves_it(limit, said):
    silent = (Occasion.APPEAL, Occasion.NOTICE)
    said = sorted(said)
    without = [(minute, occasion) for minute, occasion in said if occasion not in silent]

    found, expected = (
        by_table(Clock.HANDLE, at(0), limit, RULES[0], line).ends(CALENDAR)
        for line in (said, without)
    )

    assert found == expected


def test_a_pending_appeal_and_a_notice_stop_nothing():
    """domain.md 1.4: a pending appeal does not stop the clock; 督办 is not a state."""
    for occasion in (Occasion.APPEAL, Occasion.NOTICE):
        assert {effect(occasion, clock) for clock in Clock} == {Effect.KEEP}


def test_suspending_stops_every_clock_and_resuming_lets_every_clock_go_on():
    assert paused_between(Occasion.SUSPEND, Occasion.RESUME) == tuple(Clock)


def test_only_the_unit_that_sent_it_back_goes_on_with_its_clock():
    """anchors_civic.md 2.4: same department resumes, another restarts."""
    assert paused_between(Occasion.RETURN, Occasion.SAME_UNIT) == (Clock.HANDLE,)
    assert paused_between(Occasion.RETURN, Occasion.OTHER_UNIT) == ()
    assert effect(Occasion.OTHER_UNIT, Clock.HANDLE) is Effect.RESTART


def test_a_verification_stops_acceptance_and_a_check_stops_handling():
    assert paused_between(Occasion.VERIFY, Occasion.VERIFIED) == (Clock.REGISTER,)
    assert paused_between(Occasion.CHECK, Occasion.REWORK) == (Clock.HANDLE,)


def test_every_row_names_its_source():
    assert set(stop_clock()) == set(Occasion)
    assert all(row.source and row.label and row.event for row in stop_clock().values())


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "缺少或多出"), ("[verify]\n", "缺少或多出")],
)
def test_a_table_with_a_row_missing_is_refused(text, words):
    with pytest.raises(InvalidInput, match=words):
        read_table(text)


def test_a_table_that_names_what_is_no_clock_is_refused():
    rows = "".join(f'[{o}]\nname="x"\nevent="x"\nsource="x"\n' for o in Occasion)

    with pytest.raises(InvalidInput, match="写错"):
        read_table(rows + 'lunch = "pause"\n')


def test_badly_late_is_three_times_the_limit_with_the_pauses():
    clock = Running(
        since=at(9 * 60),
        limit=Duration(2, Unit.URGENT_HOUR),
        pauses=(Pause(at(10 * 60), at(11 * 60)),),
    )

    assert clock.badly_late(CALENDAR) == at(16 * 60)
    assert clock.stood(at(12 * 60)) == timedelta(hours=1)
