"""The deadline clock: units, rules, pauses, extensions, warnings and refusals."""

from datetime import UTC, datetime, timedelta

import pytest

from chengzhi.kernel.calendar import CHINA, OutsideCalendar, WorkCalendar
from chengzhi.kernel.clock import (
    CIVIL_PERIOD,
    FROM_NEXT_DAY,
    CountRules,
    DayEnd,
    Deadline,
    Duration,
    Pause,
    RollRule,
    Unit,
    deadline,
    elapsed,
    last_day,
    latest_day_before,
    merge,
    remaining,
)
from chengzhi.kernel.errors import InvalidInput
from tests.kernel.cases import PLAN_2022, day

CALENDAR = WorkCalendar(PLAN_2022)
FRIDAY_EVENING = "2022-09-30T17:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


def due(start: str, amount: int, unit: Unit, **more) -> Deadline:
    return deadline(at(start), Duration(amount, unit), calendar=CALENDAR, **more)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        (FRIDAY_EVENING, 2, Unit.URGENT_HOUR, "2022-09-30T19:00"),
        (FRIDAY_EVENING, 90, Unit.URGENT_MINUTE, "2022-09-30T18:30"),
        (FRIDAY_EVENING, 2, Unit.URGENT_DAY, "2022-10-02T17:00"),
        (FRIDAY_EVENING, 24, Unit.HOUR, "2022-10-01T17:00"),
        (FRIDAY_EVENING, 2, Unit.WORK_HOUR, "2022-10-08T09:00"),
        (FRIDAY_EVENING, 90, Unit.WORK_MINUTE, "2022-10-08T08:30"),
        (FRIDAY_EVENING, 1, Unit.WORK_DAY, "2022-10-08T17:00"),
        # the ninth is a short day of two hours and a half: a day is eight hours, wherever they lie
        (FRIDAY_EVENING, 2, Unit.WORK_DAY, "2022-10-10T14:30"),
        (FRIDAY_EVENING, 3, Unit.NATURAL_DAY, "2022-10-03T17:00"),
        ("2022-01-31T09:15", 1, Unit.MONTH, "2022-02-28T09:15"),
        ("2022-01-31T09:15", 1, Unit.YEAR, "2023-01-31T09:15"),
        ("2022-09-28T08:00", 4, Unit.WORK_HOUR, "2022-09-28T12:00"),
        ("2022-09-28T03:00", 4, Unit.WORK_HOUR, "2022-09-28T12:00"),
        ("2022-09-28T12:30", 4, Unit.WORK_HOUR, "2022-09-28T18:00"),
    ],
)
def test_limits_count_from_the_moment(start, amount, unit, end):
    assert due(start, amount, unit).due_at == at(end)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "last"),
    [
        ("2022-09-28T10:00", 5, Unit.WORK_DAY, "2022-10-10"),
        ("2022-09-28T00:00", 5, Unit.WORK_DAY, "2022-10-10"),
        ("2022-09-28T23:59", 5, Unit.WORK_DAY, "2022-10-10"),
        ("2022-09-28T10:00", 3, Unit.NATURAL_DAY, "2022-10-01"),
        ("2022-08-31T10:00", 6, Unit.MONTH, "2023-02-28"),
        ("2022-02-28T10:00", 2, Unit.YEAR, "2024-02-28"),
    ],
)
def test_the_start_day_is_not_counted_when_the_rule_says_so(start, amount, unit, last):
    ends = due(start, amount, unit, rules=FROM_NEXT_DAY)

    assert ends.due_at == at(last + "T00:00") + timedelta(days=1)
    assert CALENDAR.due_date(ends.due_at) == day(last)


def test_an_hour_limit_runs_from_the_moment_whatever_the_start_rule():
    assert due(FRIDAY_EVENING, 2, Unit.URGENT_HOUR, rules=FROM_NEXT_DAY).due_at == at(
        "2022-09-30T19:00"
    )


def test_a_last_day_that_is_a_holiday_rolls_to_the_next_working_day():
    assert due("2022-09-28T10:00", 3, Unit.NATURAL_DAY, rules=CIVIL_PERIOD).due_at == at(
        "2022-10-09T00:00"
    )


def test_a_roll_from_a_moment_ends_with_that_working_day():
    rules = CountRules(roll=RollRule.NEXT_WORKING_DAY, day_end=DayEnd.CLOSING)

    assert due(FRIDAY_EVENING, 3, Unit.NATURAL_DAY, rules=rules).due_at == at("2022-10-08T18:00")
    assert due("2022-09-28T10:00", 2, Unit.NATURAL_DAY, rules=rules).due_at == at(
        "2022-09-30T10:00"
    )


def test_a_day_may_end_when_the_office_closes():
    rules = CountRules(start=FROM_NEXT_DAY.start, day_end=DayEnd.CLOSING)

    assert due("2022-10-08T09:00", 1, Unit.WORK_DAY, rules=rules).due_at == at("2022-10-09T15:30")
    assert due("2022-09-30T09:00", 1, Unit.NATURAL_DAY, rules=rules).due_at == at(
        "2022-10-02T00:00"
    )


@pytest.mark.parametrize(
    ("amount", "unit", "warn"),
    [
        (10, Unit.WORK_HOUR, "2022-10-08T17:00"),
        (5, Unit.URGENT_HOUR, "2022-09-30T21:00"),
        (1, Unit.URGENT_MINUTE, "2022-09-30T17:00:48"),
    ],
)
def test_the_warning_comes_when_four_fifths_are_used(amount, unit, warn):
    assert due(FRIDAY_EVENING, amount, unit).warn_at == at(warn)


@pytest.mark.parametrize(
    ("days", "warn_at"), [(5, "2022-10-10T00:00"), (7, "2022-10-11T00:00"), (1, "2022-09-29T00:00")]
)
def test_a_day_limit_warns_when_whole_days_of_four_fifths_are_over(days, warn_at):
    assert due("2022-09-28T10:00", days, Unit.WORK_DAY, rules=FROM_NEXT_DAY).warn_at == at(warn_at)


def test_the_warning_share_is_a_rule():
    rules = CountRules(warn_percent=50)

    assert due(FRIDAY_EVENING, 4, Unit.URGENT_HOUR, rules=rules).warn_at == at("2022-09-30T19:00")


def test_a_pause_moves_the_end_by_the_time_it_covers():
    lunch_and_more = Pause(at("2022-09-28T11:00"), at("2022-09-28T15:00"))

    assert due("2022-09-28T09:00", 4, Unit.WORK_HOUR, pauses=[lunch_and_more]).due_at == at(
        "2022-09-28T17:00"
    )
    assert due("2022-09-28T09:00", 4, Unit.URGENT_HOUR, pauses=[lunch_and_more]).due_at == at(
        "2022-09-28T17:00"
    )


def test_a_pause_outside_working_hours_moves_nothing():
    night = Pause(at("2022-09-28T18:00"), at("2022-09-29T08:00"))

    assert due("2022-09-28T17:00", 2, Unit.WORK_HOUR, pauses=[night]).due_at == at(
        "2022-09-29T09:00"
    )


def test_overlapping_pauses_are_counted_once_and_their_order_does_not_matter():
    pauses = [
        Pause(at("2022-09-28T10:30"), at("2022-09-28T11:00")),
        Pause(at("2022-09-28T10:00"), at("2022-09-28T10:45")),
    ]

    assert due("2022-09-28T09:00", 2, Unit.WORK_HOUR, pauses=pauses).due_at == at(
        "2022-09-28T12:00"
    )


def test_a_pause_that_begins_as_the_limit_ends_changes_nothing():
    late = Pause(at("2022-09-28T11:00"), None)

    assert due("2022-09-28T09:00", 2, Unit.WORK_HOUR, pauses=[late]) == due(
        "2022-09-28T09:00", 2, Unit.WORK_HOUR
    )


def test_an_open_pause_leaves_the_end_open_and_says_what_remains():
    held = due("2022-09-28T09:00", 4, Unit.WORK_HOUR, pauses=[Pause(at("2022-09-28T11:00"))])

    assert held == Deadline(None, None, True, timedelta(hours=2))


def test_an_open_pause_after_the_warning_keeps_the_warning():
    held = due("2022-09-28T09:00", 2, Unit.WORK_HOUR, pauses=[Pause(at("2022-09-28T10:50"))])

    assert held == Deadline(None, at("2022-09-28T10:36"), True, timedelta(minutes=10))


def test_a_day_limit_loses_the_days_at_whose_end_the_clock_stands():
    testing = Pause(at("2022-09-10T09:00"), at("2022-09-13T15:00"))

    paused = due("2022-09-01T10:00", 30, Unit.NATURAL_DAY, pauses=[testing], rules=FROM_NEXT_DAY)

    assert CALENDAR.due_date(paused.due_at) == day("2022-10-04")


def test_a_paused_day_limit_remains_in_days():
    held = due(
        "2022-09-01T10:00",
        30,
        Unit.NATURAL_DAY,
        pauses=[Pause(at("2022-09-11T09:00"))],
        rules=FROM_NEXT_DAY,
    )

    assert held == Deadline(None, None, True, timedelta(days=21))


def test_an_extension_of_the_same_scale_lengthens_the_limit():
    extended = due(FRIDAY_EVENING, 2, Unit.WORK_HOUR, extensions=[Duration(1, Unit.WORK_DAY)])

    assert extended == due(FRIDAY_EVENING, 10, Unit.WORK_HOUR)


def test_an_extension_of_thirty_days_is_counted_from_the_first_thirty():
    extended = due(
        "2022-09-01T10:00",
        30,
        Unit.NATURAL_DAY,
        rules=FROM_NEXT_DAY,
        extensions=[Duration(30, Unit.NATURAL_DAY)],
    )

    assert CALENDAR.due_date(extended.due_at) == day("2022-10-31")


def test_an_extension_of_another_scale_runs_from_the_end():
    working = due(FRIDAY_EVENING, 2, Unit.URGENT_HOUR, extensions=[Duration(1, Unit.WORK_HOUR)])
    by_day = due(
        FRIDAY_EVENING,
        2,
        Unit.URGENT_HOUR,
        rules=FROM_NEXT_DAY,
        extensions=[Duration(1, Unit.WORK_DAY)],
    )

    assert working.due_at == at("2022-10-08T09:00")
    assert CALENDAR.due_date(by_day.due_at) == day("2022-10-08")


def test_day_limits_extended_by_working_days_run_from_the_last_day():
    extended = due(
        "2022-09-28T10:00",
        2,
        Unit.NATURAL_DAY,
        rules=FROM_NEXT_DAY,
        extensions=[Duration(1, Unit.WORK_DAY)],
    )

    assert CALENDAR.due_date(extended.due_at) == day("2022-10-08")


def test_an_extension_of_another_scale_is_refused_while_the_clock_stands():
    with pytest.raises(InvalidInput, match="时限正在中止"):
        due(
            FRIDAY_EVENING,
            2,
            Unit.URGENT_HOUR,
            pauses=[Pause(at("2022-09-30T18:00"))],
            extensions=[Duration(1, Unit.WORK_HOUR)],
        )


def test_nothing_to_count_ends_where_it_starts():
    assert due(FRIDAY_EVENING, 0, Unit.WORK_HOUR) == Deadline(
        at(FRIDAY_EVENING), at(FRIDAY_EVENING)
    )


def test_elapsed_counts_what_the_unit_counts():
    start, end = at("2022-09-30T17:00"), at("2022-10-08T09:30")
    pause = [Pause(at("2022-10-08T08:15"), at("2022-10-08T08:45"))]

    assert elapsed(start, end, Unit.WORK_HOUR, CALENDAR) == timedelta(hours=2, minutes=30)
    assert elapsed(start, end, Unit.URGENT_HOUR, CALENDAR) == timedelta(
        days=7, hours=16, minutes=30
    )
    assert elapsed(start, end, Unit.WORK_HOUR, CALENDAR, pause) == timedelta(hours=2)


def test_elapsed_from_the_first_midnight_of_the_calendar():
    first = at("2021-12-01T00:00")

    assert elapsed(first, at("2021-12-01T09:00"), Unit.WORK_HOUR, CALENDAR) == timedelta(hours=1)


def test_elapsed_stops_at_an_open_pause():
    pauses = [Pause(at("2022-09-30T17:30"))]

    assert elapsed(
        at(FRIDAY_EVENING), at("2022-10-08T09:00"), Unit.WORK_HOUR, CALENDAR, pauses
    ) == (timedelta(minutes=30))


def test_remaining_is_negative_once_overdue():
    due_at = at("2022-10-08T09:00")

    assert remaining(due_at, at(FRIDAY_EVENING), Unit.WORK_HOUR, CALENDAR) == timedelta(hours=2)
    assert remaining(due_at, at("2022-10-08T10:00"), Unit.WORK_HOUR, CALENDAR) == timedelta(
        hours=-1
    )


def test_merge_joins_overlaps_and_an_open_pause_swallows_the_rest():
    early, late = at("2022-09-28T10:00"), at("2022-09-28T11:00")
    joined = merge([Pause(early, late), Pause(late, None), Pause(at("2022-09-29T10:00"), None)])

    assert len(joined) == 1
    assert joined[0][1] is None


def test_a_pause_that_ends_before_it_starts_is_refused():
    with pytest.raises(InvalidInput, match="恢复时间早于开始时间"):
        merge([Pause(at("2022-09-28T11:00"), at("2022-09-28T10:00"))])


def test_a_negative_limit_is_refused():
    with pytest.raises(InvalidInput, match="负数"):
        Duration(-1, Unit.WORK_DAY)


def test_a_limit_reads_as_people_write_it():
    assert str(Duration(2, Unit.URGENT_HOUR)) == "2 紧急工作时"
    assert Unit.URGENT_DAY.is_urgent
    assert not Unit.WORK_DAY.is_urgent


def test_a_limit_beyond_the_calendar_is_refused_not_guessed():
    with pytest.raises(OutsideCalendar):
        due("2024-12-20T10:00", 30, Unit.WORK_DAY)


class Limit:
    """A limit that is not a row of the standards."""

    def __init__(self, amount: int, unit: Unit, rules: CountRules = FROM_NEXT_DAY) -> None:
        self.duration, self.rules = Duration(amount, unit), rules


def test_a_paused_legal_limit_has_no_last_day_yet():
    with pytest.raises(InvalidInput, match="已中止"):
        last_day(
            day("2022-09-01"),
            Limit(30, Unit.NATURAL_DAY),
            CALENDAR,
            pauses=[Pause(at("2022-09-11T09:00"))],
        )


def test_days_before_an_event_lie_wholly_between():
    # seven working days: 8, 9, 10, 11, 12, 13, 14 October; so notice on the 7th at the latest
    assert latest_day_before(day("2022-10-15"), Limit(7, Unit.WORK_DAY), CALENDAR) == day(
        "2022-10-07"
    )
    assert latest_day_before(day("2022-10-15"), Limit(3, Unit.NATURAL_DAY), CALENDAR) == day(
        "2022-10-11"
    )
    with pytest.raises(InvalidInput, match="不能倒推"):
        latest_day_before(day("2022-10-15"), Limit(1, Unit.MONTH), CALENDAR)
