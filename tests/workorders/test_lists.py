"""The list: filters, order, pages by key, counts, numbers that equal their list."""

from datetime import datetime, timedelta

import pytest

from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries import desk as desks
from chengzhi.workorders.queries import here, lists
from chengzhi.workorders.queries.measures import MEASURES, totals
from chengzhi.workorders.rules.parameters import parameters
from chengzhi.workorders.types import Channel, Filters, State
from tests.workorders.conftest import HERE, IN_SHIPU, LITTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def several(bring, now) -> dict[str, WorkOrder]:
    return {
        "old": bring(State.CLOSED, at=now - timedelta(days=3)),
        "litter": bring(State.FILED, at=now - timedelta(hours=2), matter_code=LITTER),
        "hotline": bring(
            channel=Channel.HOTLINE, lon=IN_SHIPU[0], lat=IN_SHIPU[1], address="渔港中路41号"
        ),
        "handling": bring(State.HANDLING, at=now - timedelta(minutes=97)),
        "late": bring(State.HANDLING, at=now - timedelta(hours=4)),
    }


CASES = [
    (Filters(), {"old", "litter", "hotline", "handling", "late"}),
    (Filters(states=("handling",)), {"handling", "late"}),
    (Filters(states=("filed", "closed")), {"litter", "old"}),
    (Filters(matter="06"), {"litter"}),
    (Filters(channels=("hotline",)), {"hotline"}),
    (Filters(handler="S01"), {"old", "handling", "late"}),
    (Filters(towns=("330225101",)), {"hotline"}),
    (Filters(grid="33022500107"), {"old", "litter", "handling", "late"}),
    (Filters(overdue=True), {"late", "litter"}),
    (Filters(due_soon=True), {"handling"}),
    (Filters(open_only=True), {"litter", "hotline", "handling", "late"}),
    (Filters(rework_from=1), set()),
    (Filters(text="渔港"), {"hotline"}),
    (Filters(text="暴露"), {"litter"}),
    (Filters(text="果筐"), {"old", "litter", "hotline", "handling", "late"}),
    (Filters(states=("handling",), overdue=True), {"late"}),
]


@pytest.mark.parametrize(("filters", "kept"), CASES, ids=range(len(CASES)))
def test_a_filter_keeps_what_it_says(several, wang_fang, now, filters, kept):
    names = {order.pk: name for name, order in several.items()}

    page = lists.page(wang_fang, filters, now=now)

    assert {names[row.id] for row in page.rows} == kept
    assert page.count == len(kept) == lists.count(wang_fang, filters, now=now)


def test_a_period_is_half_open(several, wang_fang, now):
    def kept(since: datetime | None, until: datetime | None) -> int:
        return lists.count(wang_fang, Filters(since=since, until=until), now=now)

    assert kept(now - timedelta(hours=4), now) == 3
    assert kept(None, now - timedelta(hours=4)) == 1
    assert kept(now, None) == 1


@pytest.mark.parametrize("typed", ["{pk}", "城案〔2026〕{pk:05d}", "（2026）{pk}"])
def test_a_number_is_found_however_it_is_typed(several, wang_fang, now, typed):
    order = several["litter"]

    page = lists.page(wang_fang, Filters(text=typed.format(pk=order.pk)), now=now)

    assert order.pk in {row.id for row in page.rows}


def test_mine_are_those_i_reported_or_went_to_see(several, li_ming, now):
    assert lists.count(li_ming, Filters(mine=True), now=now) == 4


def test_pages_by_key_go_there_and_back_without_a_gap(bring, wang_fang, now):
    for minutes in (0, 0, 1, 2, 2, 2, 3):
        bring(at=now - timedelta(minutes=minutes))
    whole = [row.id for row in lists.page(wang_fang, Filters(), now=now, size=50).rows]

    first = lists.page(wang_fang, Filters(), now=now, size=3)
    second = lists.page(wang_fang, Filters(), now=now, size=3, after=first.after)
    third = lists.page(wang_fang, Filters(), now=now, size=3, after=second.after)
    back = lists.page(wang_fang, Filters(), now=now, size=3, before=third.before)

    assert [r.id for p in (first, second, third) for r in p.rows] == whole
    assert (first.before, third.after) == ("", "")
    assert back.rows == second.rows
    assert back.before and back.after


def test_by_deadline_the_most_urgent_is_first_and_ended_ones_are_left_out(several, wang_fang, now):
    rows = lists.page(wang_fang, Filters(), now=now, order="due").rows

    assert [row.id for row in rows] == [
        several[name].pk for name in ("late", "litter", "hotline", "handling")
    ]


def test_a_new_row_does_not_shift_the_next_page(bring, wang_fang, now):
    for minutes in (1, 2, 3, 4):
        bring(at=now - timedelta(minutes=minutes))
    first = lists.page(wang_fang, Filters(), now=now, size=2)
    bring(at=now)

    second = lists.page(wang_fang, Filters(), now=now, size=2, after=first.after)

    assert len({row.id for row in (*first.rows, *second.rows)}) == 4


@pytest.mark.parametrize("cursor", ["x", "12", "1-x", "9" * 20 + "-1"])
def test_a_broken_cursor_is_refused_with_a_sentence(bring, wang_fang, now, cursor):
    with pytest.raises(InvalidInput, match="请回到第一页"):
        lists.page(wang_fang, Filters(), now=now, after=cursor)


@pytest.mark.parametrize("bad", [{"order": "name"}, {"filters": Filters(measure="fines")}])
def test_an_unknown_order_or_measure_is_named(bring, wang_fang, now, bad):
    filters = bad.pop("filters", Filters())

    with pytest.raises(InvalidInput):
        lists.page(wang_fang, filters, now=now, **bad)


def test_a_stranger_lists_nothing(several, chen_jing, now):
    page = lists.page(chen_jing, Filters(), now=now)

    assert (page.rows, page.count) == ((), 0)


@pytest.mark.parametrize(("size", "queries"), [(3, 2), (30, 1)])
def test_a_page_asks_for_its_rows_and_counts_only_what_it_does_not_show(
    several, wang_fang, now, django_assert_num_queries, size, queries
):
    """Rows, and the count where there are more; units, towns and rules are kept from before."""
    lists.page(wang_fang, Filters(), now=now)

    with django_assert_num_queries(queries):
        page = lists.page(wang_fang, Filters(), now=now, size=size)

    assert page.count == 5


def test_past_a_cap_a_count_is_a_floor_and_says_so(several, wang_fang, now, monkeypatch):
    monkeypatch.setattr(lists, "MOST_COUNTED", 4)

    page = lists.page(wang_fang, Filters(), now=now, size=2)
    few = lists.page(wang_fang, Filters(states=("handling",)), now=now, size=1)

    assert (page.count, page.is_more) == (4, True)
    assert (few.count, few.is_more) == (2, False)


def test_a_long_list_keeps_its_count_for_twenty_seconds_and_is_then_counted_anew(
    several, wang_fang, now, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(lists, "MOST_COUNTED", 4)
    monkeypatch.setattr(lists, "MANY", 5)
    lists.page(wang_fang, Filters(), now=now, size=2)

    with django_assert_num_queries(1):
        again = lists.page(wang_fang, Filters(), now=now, size=2)
    monkeypatch.setattr(lists, "MOST_COUNTED", 5)
    later = lists.page(wang_fang, Filters(), now=now + timedelta(seconds=20), size=2)

    assert (again.count, again.is_more) == (4, True)
    assert (later.count, later.is_more) == (5, False)


def test_a_list_that_can_be_looked_through_is_counted_every_time(
    several, wang_fang, now, django_assert_num_queries
):
    lists.page(wang_fang, Filters(), now=now, size=2)

    with django_assert_num_queries(2):
        lists.page(wang_fang, Filters(), now=now, size=2)


def test_many_hits_of_a_text_are_reckoned_from_a_sample_and_said_to_be_about_so_many(
    several, wang_fang, now, monkeypatch
):
    known = {**vars(parameters()), "text_reach": 4}
    monkeypatch.setattr(lists, "parameters", lambda: type(parameters())(**known))
    monkeypatch.setattr(lists, "SAMPLE_SHARE", 2)
    monkeypatch.setattr(lists, "ENOUGH_HITS", 3)

    about = lists.page(wang_fang, Filters(text="果筐"), now=now, size=2, sampled=True)
    exact = lists.page(wang_fang, Filters(text="果筐"), now=now, size=2)

    assert (about.count, about.is_about) == (6, True)
    assert (exact.count, exact.is_about) == (5, False)


@pytest.fixture
def short_reach(monkeypatch):
    """Let a search read the text of the two newest orders only."""
    known = {**vars(parameters()), "text_reach": 2}
    monkeypatch.setattr(lists, "parameters", lambda: type(parameters())(**known))


def test_a_word_is_looked_for_in_the_newest_orders_unless_a_period_is_chosen(
    several, wang_fang, now, short_reach
):
    def found(**more: datetime) -> int:
        return lists.count(wang_fang, Filters(text="果筐", **more), now=now)

    assert found() == 3
    assert found(since=now - timedelta(days=30)) == 5


def test_a_number_is_found_however_old_its_order_is(several, wang_fang, now, short_reach):
    oldest = several["old"]

    page = lists.page(wang_fang, Filters(text=oldest.code), now=now)

    assert [row.id for row in page.rows] == [oldest.pk]


def test_every_number_equals_the_length_of_its_list(several, wang_fang, now):
    since, until = now - timedelta(days=7), now + timedelta(days=1)

    numbers = totals(wang_fang, since=since, until=until, now=now)

    for measure in MEASURES:
        filters = Filters(measure=measure, since=since, until=until)
        assert getattr(numbers, measure) == lists.count(wang_fang, filters, now=now)
    assert (numbers.reported, numbers.filed, numbers.closed) == (5, 4, 1)
    assert (numbers.on_time, numbers.late, numbers.open, numbers.overdue) == (1, 0, 4, 2)


def test_numbers_by_channel_add_up_and_name_every_channel(several, wang_fang, now):
    since, until = now - timedelta(days=7), now + timedelta(days=1)

    numbers = totals(wang_fang, since=since, until=until, now=now)

    assert [line.channel for line in numbers.by_channel] == list(Channel)
    for measure in MEASURES:
        assert sum(getattr(line, measure) for line in numbers.by_channel) == getattr(
            numbers, measure
        )


def test_the_export_is_the_whole_list(several, wang_fang, now):
    rows = list(lists.export(wang_fang, Filters(), now=now))

    assert [row.id for row in rows] == [
        several[name].pk for name in ("hotline", "handling", "litter", "late", "old")
    ]
    assert rows[1].handler_name == "丹东中队"
    assert rows[0].town_name == "石浦镇"


def test_the_desk_shows_what_waits_for_the_roles_by_what_is_left(several, wang_fang, now):
    desk = desks.desk(wang_fang, now=now)

    assert [row.id for row in desk.rows] == [several["litter"].pk, several["hotline"].pk]
    assert [(line.state, line.count) for line in desk.waiting] == [("reported", 1), ("filed", 1)]
    assert (desk.count, desk.overdue, desk.near) == (2, 1, 0)


def test_the_desk_of_one_state(several, wang_fang, now):
    desk = desks.desk(wang_fang, now=now, state="filed")

    assert [row.id for row in desk.rows] == [several["litter"].pk]
    assert desk.count == 2


def test_a_handler_has_the_tasks_of_the_unit(several, zhou_jian, now):
    desk = desks.desk(zhou_jian, now=now)

    assert [row.id for row in desk.rows] == [several["late"].pk, several["handling"].pk]


def test_a_collector_has_the_tasks_given_to_him(bring, li_ming, now):
    asked = bring(State.TO_VERIFY, channel=Channel.HOTLINE)
    to_check = bring(State.TO_CHECK)
    bring(State.REPORTED)

    desk = desks.desk(li_ming, now=now)

    assert {row.id for row in desk.rows} == {asked.pk, to_check.pk}


def test_a_leader_and_a_stranger_have_an_empty_desk(several, zhao_qiang, chen_jing, now):
    assert desks.waiting_signal(zhao_qiang, now=now) == (0, False)
    assert desks.waiting_signal(chen_jing, now=now) == (0, False)


def test_near_here_starts_from_what_the_actor_may_see(several, wang_fang, chen_jing, now):
    found = here.nearby(wang_fang, *HERE, now=now, metres=60, hours=24)

    assert {near.id for near in found} == {
        several[name].pk for name in ("litter", "handling", "late")
    }
    assert here.nearby(chen_jing, *HERE, now=now, metres=60, hours=24) == ()
    assert len(here.nearby(wang_fang, *HERE, now=now, matter=LITTER)) == 1


def test_the_spot_tells_how_often_and_how_long(bring, wang_fang, now):
    bring(State.CLOSED, at=now - timedelta(days=2))
    bring(at=now - timedelta(days=89))
    bring(at=now - timedelta(days=91))
    bring(matter_code=LITTER)

    lines = here.spot_history(wang_fang, *HERE, now=now)

    assert [(line.matter_name, line.count) for line in lines] == [("店外经营", 2), ("暴露垃圾", 1)]
    assert (lines[0].mean, lines[1].mean) == (timedelta(0), None)


def test_the_unit_that_closed_it_here_before_is_counted(bring, wang_fang, now):
    bring(State.CLOSED, at=now - timedelta(days=2))
    order = bring()

    assert here.handled_here_by(wang_fang, order, "S01", now=now) == (1, 1)
    assert here.handled_here_by(wang_fang, order, "S02", now=now) == (0, 0)
