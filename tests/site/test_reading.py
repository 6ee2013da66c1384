"""Figures, dates, clocks and personal data are worded as people write them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from chengzhi.site.reading import (
    clock_face,
    masked,
    official_date,
    percent,
    sentences,
    table_time,
    thousands,
)

TEN_THIRTY = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [(45248, 0, "45,248"), (1192.37, 2, "1,192.37"), (0, 0, "0"), (None, 0, "—")],
)
def test_numbers_are_grouped_by_thousands_and_a_null_is_a_dash(value, digits, words):
    assert thousands(value, digits=digits) == words


@pytest.mark.parametrize(("share", "words"), [(0.76, "76.0%"), (1.0, "100.0%"), (None, "—")])
def test_a_share_of_nothing_is_neither_zero_nor_a_hundred(share, words):
    assert percent(share) == words


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("day", "2026年11月25日"),
        ("short", "11月25日 10:30"),
        ("full", "2026年11月25日 10:30"),
    ],
)
def test_dates_are_written_as_official_documents_write_them(form, words):
    assert official_date(TEN_THIRTY, form=form) == words


def test_dates_are_english_in_english():
    with translation.override("en"):
        assert official_date(TEN_THIRTY, form="full") == "25 Nov 2026 10:30"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (TEN_THIRTY - timedelta(hours=2), "今天 08:30"),
        (TEN_THIRTY - timedelta(days=2), "11-23 10:30"),
        (TEN_THIRTY - timedelta(days=400), "2025-10-21 10:30"),
        (None, "—"),
    ],
)
def test_tables_leave_out_what_the_reader_knows(moment, words):
    assert table_time(moment, now=TEN_THIRTY) == words


@pytest.mark.parametrize(
    ("left", "tone", "word", "time"),
    [
        (timedelta(minutes=31), "ok", "剩", "0:31"),
        (timedelta(minutes=9), "warn", "剩", "0:09"),
        (timedelta(0), "warn", "剩", "0:00"),
        (timedelta(minutes=-14), "bad", "超期", "0:14"),
        (timedelta(hours=130), "ok", "剩", "5 天"),
    ],
)
def test_a_clock_is_in_limit_then_near_then_over(left, tone, word, time):
    due = TEN_THIRTY + left

    face = clock_face(due, now=TEN_THIRTY, warn=due - timedelta(minutes=15))

    assert (face.tone, face.word, face.time) == (tone, word, time)


def test_a_paused_clock_shows_no_time_and_does_not_tick():
    face = clock_face(TEN_THIRTY, now=TEN_THIRTY, stopped=True)

    assert (face.tone, face.time, face.due) == ("hold", "计时暂停", "")


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("周小燕", "name", "周**"),
        ("13805741234", "mobile", "138****1234"),
        ("330225199001010017", "id", "330225********0017"),
        ("12345", "mobile", "*****"),
        ("", "name", "—"),
    ],
)
def test_personal_data_is_masked(value, kind, shown):
    assert masked(value, kind=kind) == shown


def test_a_refusal_is_read_as_what_is_wrong_and_then_the_cure():
    assert sentences("缺送达回证。请先送达。再立案。") == ("缺送达回证。", "请先送达。再立案。")
    assert sentences("没有句号") == ("没有句号", "")
