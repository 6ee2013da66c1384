"""Periods end today, comparisons are worded as official reports word them, nulls stay nulls."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from chengzhi.kernel.errors import InvalidInput
from chengzhi.reports import rules
from chengzhi.reports.types import Number, Rate

CHINA = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("name", "first", "days"),
    [
        ("today", date(2026, 11, 25), 1),
        ("7d", date(2026, 11, 19), 7),
        ("30d", date(2026, 10, 27), 30),
        ("month", date(2026, 11, 1), 25),
        ("year", date(2026, 1, 1), 329),
    ],
)
def test_a_period_is_whole_days_up_to_today(now, name, first, days):
    span = rules.period(name, now=now, zone=CHINA)

    assert (span.first, span.last, span.days) == (first, date(2026, 11, 25), days)
    assert span.since.isoformat() == f"{first}T00:00:00+08:00"
    assert span.until.isoformat() == "2026-11-26T00:00:00+08:00"


def test_today_is_the_citys_day_and_not_that_of_greenwich():
    just_after_midnight = datetime(2026, 11, 25, 16, 5, tzinfo=UTC)

    assert rules.period("today", now=just_after_midnight, zone=CHINA).first == date(2026, 11, 26)


def test_an_unknown_period_is_refused_with_the_ones_there_are(now):
    with pytest.raises(InvalidInput, match="没有周期“week”，可用：today（今天）"):
        rules.period("week", now=now, zone=CHINA)


def test_the_span_before_is_as_long_and_ends_where_this_begins(now):
    span = rules.period("month", now=now, zone=CHINA)

    before = rules.before(span, zone=CHINA)

    assert (before.first, before.last) == (date(2026, 10, 7), date(2026, 10, 31))
    assert before.until == span.since
    assert before.days == span.days


@pytest.mark.parametrize(("name", "count", "last"), [("7d", 7, "11-25"), ("year", 11, "11月")])
def test_the_chart_has_days_or_months(now, name, count, last):
    columns = rules.steps(rules.period(name, now=now, zone=CHINA))

    assert len(columns) == count
    assert columns[-1][0] == last


@pytest.mark.parametrize("name", ["7d", "30d", "month", "year"])
def test_the_columns_cover_the_period_once(now, name):
    span = rules.period(name, now=now, zone=CHINA)

    columns = rules.steps(span)

    assert sum((last - first).days + 1 for _label, first, last in columns) == span.days
    assert (columns[0][1], columns[-1][2]) == (span.first, span.last)


@pytest.mark.parametrize(
    ("value", "previous", "words"),
    [
        (6963, 1418, "增长 3.91 倍"),  # the county's report of 2022
        (45248, 37432, "增长 20.88%"),
        (1000, 1195, "下降 16.32%"),
        (7, 7, "持平"),
        (7, 0, ""),
    ],
)
def test_a_change_is_told_in_times_from_a_doubling_on(value, previous, words):
    assert rules.change(value, previous) == words


@pytest.mark.parametrize(("part", "whole", "value"), [(37, 41, 37 / 41), (0, 4, 0.0), (0, 0, None)])
def test_a_share_of_nothing_is_null(part, whole, value):
    assert Rate(part=Number(value=part), whole=whole).value == value
