"""The working calendar: days, hours, and what it refuses."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chengzhi.kernel.calendar import (
    CHINA,
    CalendarConflict,
    Hours,
    OutsideCalendar,
    Plan,
    WorkCalendar,
    micros,
    moment,
)
from chengzhi.kernel.errors import InvalidInput
from tests.kernel.cases import PLAN_2022, WINTER, day, days, span

CALENDAR = WorkCalendar(PLAN_2022)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("on", "works"),
    [
        ("2022-09-30", True),
        ("2022-10-01", False),
        ("2022-10-07", False),
        ("2022-10-08", True),  # a Saturday worked instead
        ("2022-10-09", True),  # a Sunday worked instead, and only for an afternoon
        ("2022-10-15", False),
        ("2022-03-08", True),  # a half day is a working day
    ],
)
def test_a_day_works_by_pattern_holiday_and_make_up(on, works):
    assert CALENDAR.is_working_day(day(on)) is works


def test_working_days_are_counted_half_open():
    assert CALENDAR.working_days(day("2022-09-26"), day("2022-10-11")) == 8
    assert CALENDAR.working_days(day("2022-10-01"), day("2022-10-08")) == 0
    assert CALENDAR.working_days(day("2022-10-08"), day("2022-10-08")) == 0


def test_next_working_day_is_the_day_itself_or_the_first_after():
    assert CALENDAR.next_working_day(day("2022-10-01")) == day("2022-10-08")
    assert CALENDAR.next_working_day(day("2022-10-08")) == day("2022-10-08")


def test_hours_change_with_the_season_and_on_half_days():
    assert CALENDAR.spans_on(day("2022-06-14")) == [
        (at("2022-06-14T08:00"), at("2022-06-14T12:00")),
        (at("2022-06-14T14:00"), at("2022-06-14T18:00")),
    ]
    assert len(CALENDAR.spans_on(day("2022-06-15"))) == 3
    assert CALENDAR.spans_on(day("2022-10-09")) == [
        (at("2022-10-09T13:00"), at("2022-10-09T15:30"))
    ]
    assert CALENDAR.spans_on(day("2022-10-01")) == []


def test_working_time_is_half_open():
    assert not CALENDAR.is_working_time(at("2022-09-28T07:59"))
    assert CALENDAR.is_working_time(at("2022-09-28T08:00"))
    assert not CALENDAR.is_working_time(at("2022-09-28T12:00"))
    assert not CALENDAR.is_working_time(at("2021-12-01T00:00"))


def test_midnight_belongs_to_the_day_that_ends_when_it_is_a_limit():
    midnight = at("2022-10-11T00:00")

    assert CALENDAR.due_date(midnight) == day("2022-10-10")
    assert CALENDAR.civil_date(midnight) == day("2022-10-11")
    assert CALENDAR.civil_date(datetime(2022, 10, 10, 16, 0, tzinfo=UTC)) == day("2022-10-11")
    assert CALENDAR.start_of(day("2022-10-11")) == midnight


def test_a_year_without_a_plan_is_known_to_be_a_guess():
    assert CALENDAR.is_planned(day("2022-05-01"))
    assert not CALENDAR.is_planned(day("2023-05-01"))


def test_closing_is_the_end_of_the_last_span_or_midnight():
    friday, holiday = CALENDAR.index_of(day("2022-09-30")), CALENDAR.index_of(day("2022-10-01"))

    assert moment(CALENDAR.closing(friday)) == at("2022-09-30T18:00")
    assert moment(CALENDAR.closing(holiday)) == at("2022-10-02T00:00")


def test_a_day_outside_the_calendar_is_refused_with_its_bounds():
    for ask in (
        lambda: CALENDAR.is_working_day(date(2030, 1, 1)),
        lambda: CALENDAR.civil_date(at("2021-11-30T12:00")),
        lambda: CALENDAR.midnight(-1),
        lambda: CALENDAR.days_worked(10_000),
        lambda: CALENDAR.days_worked_until(10_000),
        lambda: CALENDAR.worked_until(10**18),
        lambda: CALENDAR.worked(micros(at("2021-11-30T12:00"))),
        lambda: CALENDAR.worked(micros(at("2025-01-02T12:00"))),
    ):
        with pytest.raises(OutsideCalendar, match="2021-12-01 至 2024-12-31"):
            ask()


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(InvalidInput, match="没有时区") as refusal:
        micros(datetime(2022, 1, 1, 8, 0))  # noqa: DTZ001

    assert refusal.value.field == "at"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"last": date(2021, 1, 1)}, "止日早于起日"),
        ({"make_up_days": days("2022-10-01")}, "既是放假日又是调休上班日"),
        ({"short_days": {day("2022-10-01"): WINTER}}, "半日工作只能写在工作日上"),
        ({"hours": (Hours(valid_from=date(2022, 1, 1), spans=WINTER),)}, "首日没有作息时段"),
        ({"hours": (Hours(valid_from=date(2021, 1, 1), spans=()),)}, "作息时段为空"),
        (
            {"hours": (Hours(valid_from=date(2021, 1, 1), spans=WINTER[::-1]),)},
            "作息时段为空、颠倒或重叠",
        ),
        ({"short_days": {day("2022-03-08"): (span("12:00", "08:00"),)}}, "颠倒"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(change, sentence):
    plan = replace(PLAN_2022, **{"short_days": {}, **change})

    with pytest.raises(CalendarConflict, match=sentence):
        WorkCalendar(plan)


def test_a_plan_without_holidays_works_monday_to_friday():
    hours = (Hours(valid_from=date(2022, 1, 1), spans=WINTER),)
    plain = WorkCalendar(Plan(first=date(2022, 1, 3), last=date(2022, 1, 16), hours=hours))

    week = [plain.is_working_day(date(2022, 1, 3) + timedelta(days=n)) for n in range(7)]

    assert week == [True] * 5 + [False] * 2
