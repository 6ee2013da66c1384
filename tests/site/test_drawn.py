"""What is drawn once is drawn anew as soon as something that it shows has changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils.translation import override

from chengzhi.workorders.types import Row

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PART = Template(
    "{% load drawn i18n %}{% drawn key other %}{{ said }} {% translate '保存' %}{% enddrawn %}"
)
ROWS = Template("{% load order_rows %}{% order_rows rows show starred %}")
SHOW = {name: True for name in ("place", "channel", "left", "reported", "handler", "rework")} | {
    name: False for name in ("grid", "due", "handling_due", "returned", "ended")
}
ORDER = Row(
    id=7,
    code="城案〔2026〕7",
    serial=7,
    state="handling",
    state_label="处置中",
    channel="hotline",
    channel_label="热线",
    matter_code="09005",
    matter_name="店外经营",
    address="靖南大街",
    town="330225001",
    town_name="丹东街道",
    grid="",
    handler="S01",
    handler_name="一中队",
    lon=121.9,
    lat=29.5,
    reported_at=NOW - timedelta(hours=1),
    filed_at=None,
    closed_at=None,
    stage_warn_at=NOW + timedelta(hours=1),
    stage_due_at=NOW + timedelta(hours=2),
    handling_due_at=None,
    rework_count=0,
    return_count=0,
)


def part(**values: object) -> str:
    return PART.render(Context({"key": 1, "other": "a", **values}))


def drawn(*rows: Row, now: datetime = NOW, starred: frozenset[int] = frozenset(), **show) -> str:
    context = {"rows": rows, "show": SHOW | show, "starred": starred, "now": now}
    return ROWS.render(Context(context))


def test_a_part_is_drawn_once_for_its_keys():
    assert part(said="one") == part(said="two")
    assert part(said="three", other="b").startswith("three")


def test_a_part_is_drawn_in_each_language():
    chinese = part(key=2, said="x")

    with override("en"):
        english = part(key=2, said="x")

    assert (chinese, english) == ("x 保存", "x Save")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state_label": "已派遣"}, "已派遣"),
        ({"handler_name": "二中队"}, "二中队"),
        ({"rework_count": 3}, '<td class="num soft" data-label="返工">3</td>'),
        ({"address": "<b>"}, "&lt;b&gt;"),
    ],
)
def test_a_row_says_what_its_order_says_now(change, said):
    before, after = drawn(ORDER), drawn(replace(ORDER, **change))

    assert said not in before
    assert said in after


def test_the_countdown_goes_on_while_the_rest_is_kept():
    early, late = drawn(ORDER), drawn(ORDER, now=NOW + timedelta(minutes=150))

    assert "2:00" in early and "超期" in late
    assert early.split('<td class="num">')[0] == late.split('<td class="num">')[0]


def test_today_is_said_of_today_only():
    assert "今天 15:00" in drawn(ORDER)
    assert "03-02 15:00" in drawn(ORDER, now=NOW + timedelta(days=1))


def test_a_star_a_column_and_the_language_change_a_row():
    plain = drawn(ORDER)

    assert "ti-star" in drawn(ORDER, starred=frozenset({7})) and "ti-star" not in plain
    assert "一中队" not in drawn(ORDER, handler=False)
    with override("en"):
        assert "Hotline" in drawn(ORDER)
