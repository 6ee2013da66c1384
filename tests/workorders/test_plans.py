"""Every list at a million rows is a stretch of an index: no whole table is read, nothing is sorted."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from chengzhi.workorders.queries import desk, lists
from chengzhi.workorders.types import Filters, State
from tests.workorders.conftest import DANDONG, LITTER

pytestmark = pytest.mark.django_db
FORBIDDEN = {
    "sqlite": ("SCAN workorders_workorder", "USE TEMP B-TREE FOR ORDER BY"),
    "postgresql": ("Seq Scan on workorders_workorder", "Sort  ("),
}
ALLOWED = {"sqlite": "SCAN workorders_workorder USING", "postgresql": "\0"}


@pytest.fixture(autouse=True)
def as_with_a_million(db: None) -> Iterator[None]:
    """Let PostgreSQL choose as with many rows: it reads a small table whole and sorts it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan TO off")
            cursor.execute("SET LOCAL enable_sort TO off")
            cursor.execute("SET LOCAL enable_bitmapscan TO off")
    yield


def plan_of(rows) -> str:
    return rows.explain()


def broken(plan: str) -> list[str]:
    lines = [line for line in plan.splitlines() if ALLOWED[connection.vendor] not in line]
    return [line for line in lines for word in FORBIDDEN[connection.vendor] if word in line]


LISTS = {
    "first": (Filters(), "-reported"),
    "oldest first": (Filters(), "reported"),
    "state and town": (Filters(states=("handling",), towns=(DANDONG,)), "-reported"),
    "open states": (Filters(states=("handling", "to_check")), "-reported"),
    "ended": (Filters(states=("closed",), towns=(DANDONG,)), "-reported"),
    "handler": (Filters(handler="S01"), "-reported"),
    "open of a handler": (Filters(handler="S01", open_only=True), "-reported"),
    "overdue": (Filters(overdue=True), "-reported"),
    "overdue by deadline": (Filters(overdue=True), "due"),
    "latest deadline first": (Filters(open_only=True), "-due"),
    "due soon": (Filters(due_soon=True), "due"),
    "grid": (Filters(grid=f"{DANDONG}07"), "-reported"),
    "matter": (Filters(matter=LITTER), "-reported"),
    "measure open": (Filters(measure="open"), "-reported"),
    "measure overdue": (Filters(measure="overdue"), "-reported"),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("side", ["first", "after", "before"])
def test_pain_8_a_page_of_a_list_is_a_stretch_of_an_index(bring, wang_fang, now, name, side):
    """open-zaak#1926: lists that three cities found too slow, at a million cases."""
    filters, order = LISTS[name]
    bring(State.HANDLING)
    how = lists.ORDERS[order]
    rows = lists.listed(wang_fang, filters, now=now)
    if how.field == "stage_due_at":
        rows = rows.filter(lists.OPEN)
    at = f"{(now - lists.EPOCH) // timedelta(microseconds=1)}-1"

    cut = lists.stretch(
        rows, how, after=at if side == "after" else "", before=at if side == "before" else ""
    )

    assert broken(plan_of(cut[:51])) == []


def test_pain_8_matter_prefix_and_month_read_only_the_month(bring, wang_fang, now):
    bring()
    filters = Filters(matter="06", since=now - timedelta(days=30), until=now)
    rows = lists.listed(wang_fang, filters, now=now)

    plan = plan_of(lists.stretch(rows, lists.ORDERS["-reported"])[:51])

    assert broken(plan) == []
    assert "reported_at" in plan


@pytest.mark.parametrize("who", ["wang_fang", "zhou_jian"])
def test_the_signal_of_what_waits_is_read_from_an_index(bring, request, now, who):
    bring(State.HANDLING)
    rows = desk.waiting_for(request.getfixturevalue(who)).order_by("stage_due_at", "pk")

    assert [
        line for line in broken(plan_of(rows[:100])) if "SCAN" in line or "Seq Scan" in line
    ] == []


@pytest.mark.parametrize("name", LISTS)
def test_counting_a_list_reads_no_whole_table(bring, wang_fang, now, name):
    filters, _ = LISTS[name]
    bring(State.HANDLING)

    plan = plan_of(lists.listed(wang_fang, filters, now=now)[: lists.MOST_COUNTED + 1])

    assert broken(plan) == []
