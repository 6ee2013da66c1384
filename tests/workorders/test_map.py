"""The map: what is open and young, by counters or by rows; heat; the replay of a day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chengzhi.workorders.commands.map import refresh_map
from chengzhi.workorders.models import HeatSquare, MapRefresh, MapSquare
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types import State
from tests.workorders.conftest import COUNTY, HERE, IN_SHIPU, LITTER, text

pytestmark = pytest.mark.usefixtures("county")
BOX = "bbox=121.5,28.8,122.3,29.7"


def tile(client, query=""):
    answer = client.get(f"/work-orders/map/tile.json?{BOX}&zoom=11&{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_counters_and_rows_say_the_same(centre, bring, today):
    for lon, lat in (HERE, HERE, IN_SHIPU):
        bring(at=today, lon=lon, lat=lat)
    bring(State.CLOSED, at=today)
    live = tile(centre, "text=靖南")

    refresh_map(COUNTY, now=today)
    counted = tile(centre)

    assert live["total"] == counted["total"] == 3
    assert (
        sorted(c[2] for c in live["clusters"])
        == sorted(c[2] for c in counted["clusters"])
        == [1, 2]
    )


def test_pain_15_the_map_opens_with_open_and_recent_ones_and_says_what_it_leaves_out(
    centre, bring, today
):
    bring(State.CLOSED, at=today)
    bring(at=today)
    bring(at=today - timedelta(days=40))
    refresh_map(COUNTY, now=today)

    first, whole = tile(centre), tile(centre, "age=0")

    assert (first["total"], first["older"]) == (1, 1)
    assert (whole["total"], whole["older"]) == (2, 0)
    assert "上报：近 30 天" in text(centre.get("/work-orders/map/"))


def test_pain_12_an_overdue_pin_is_told_apart(centre, bring, today):
    late = bring(at=today - timedelta(hours=2))
    bring(at=today, lon=IN_SHIPU[0], lat=IN_SHIPU[1])
    refresh_map(COUNTY, now=today)

    overdue = {c[5]: c[3] for c in tile(centre)["clusters"]}
    alone = tile(centre, "due=over")

    assert overdue[late.pk] == 1
    assert sum(overdue.values()) == 1
    assert [c[5] for c in alone["clusters"]] == [late.pk]


def test_a_state_is_filtered_by_the_counters(centre, bring, today):
    bring(at=today)
    filed = bring(State.FILED, at=today, matter_code=LITTER, lon=IN_SHIPU[0], lat=IN_SHIPU[1])
    refresh_map(COUNTY, now=today)

    assert [c[5] for c in tile(centre, "state=filed")["clusters"]] == [filed.pk]


def test_counters_follow_what_happened_and_are_refreshed_by_one_worker_at_a_time(bring, today):
    bring(at=today)
    assert refresh_map(COUNTY, now=today)
    bring(at=today)

    assert not refresh_map(COUNTY, now=today + timedelta(seconds=5))
    assert MapSquare.objects.get(level=0).total == 1
    assert refresh_map(COUNTY, now=today + timedelta(seconds=11))
    assert MapSquare.objects.get(level=0).total == 2
    assert MapRefresh.objects.count() == 1


def test_intake_writes_no_counter(bring, today, django_assert_num_queries):
    bring(at=today)

    assert not MapSquare.objects.exists()


def test_close_up_every_work_order_has_its_pin(centre, bring, today):
    pair = {bring(at=today).pk, bring(at=today).pk}

    found = centre.get("/work-orders/map/tile.json?bbox=121.87,29.47,121.89,29.48&zoom=17").json()

    assert {c[5] for c in found["clusters"]} == pair


def test_a_squads_map_shows_its_own(handler, bring, today):
    bring(at=today)
    own = bring(State.HANDLING, at=today)
    refresh_map(COUNTY, now=today)

    assert [c[5] for c in tile(handler)["clusters"]] == [own.pk]


def test_a_strangers_map_is_empty(stranger, bring, today):
    order = bring(at=today)
    refresh_map(COUNTY, now=today)

    assert tile(stranger)["clusters"] == []
    assert stranger.get(f"/work-orders/map/{order.pk}/").status_code == 404
    assert stranger.get("/work-orders/map/replay.json").json()["moments"] == []
    assert stranger.get(f"/work-orders/map/heat.json?{BOX}").json()["squares"] == []


def test_a_pin_says_what_it_is(centre, bring, today):
    order = bring(at=today)

    assert order.code in text(centre.get(f"/work-orders/map/{order.pk}/"))


def test_heat_counts_reports_of_the_period_whatever_became_of_them(centre, handler, bring, today):
    bring(State.CLOSED, at=today)
    own = bring(State.HANDLING, at=today)
    bring(at=today - timedelta(days=50))
    refresh_map(COUNTY, now=today)

    recent = centre.get(f"/work-orders/map/heat.json?{BOX}").json()
    mine = handler.get(f"/work-orders/map/heat.json?{BOX}").json()

    assert (recent["total"], recent["squares"][0][2]) == (2, 2)
    assert mine["total"] == 2  # what its squad handled, closed or not
    assert own.handler == "S01"
    assert HeatSquare.objects.filter(day=civil_date(today - timedelta(days=50))).count() == 1


def test_a_late_report_of_yesterday_still_warms_its_day(bring, today):
    bring(at=today)
    refresh_map(COUNTY, now=today)
    bring(at=today - timedelta(days=1))

    refresh_map(COUNTY, now=today + timedelta(minutes=1))

    assert HeatSquare.objects.get(day=civil_date(today - timedelta(days=1))).total == 1


def test_a_day_is_replayed_in_minutes(centre, bring, today):
    noon = timezone.localtime(today).replace(hour=12, minute=0, second=0, microsecond=0)
    bring(State.CLOSED, at=noon - timedelta(days=1))
    day = civil_date(noon - timedelta(days=1)).isoformat()

    found = centre.get(f"/work-orders/map/replay.json?day={day}").json()

    assert [(m["reported"], m["ended"]) for m in found["moments"]] == [(720, 720)]
    assert found["total"] == 1


@pytest.mark.parametrize(
    "query",
    ["bbox=1,2,3", "bbox=3,1,2,2", "bbox=a,b,c,d", f"{BOX}&zoom=x", f"{BOX}&age=5", f"{BOX}&age=x"],
)
def test_a_malformed_window_is_refused_in_a_sentence(centre, query):
    answer = centre.get(f"/work-orders/map/tile.json?{query}")

    assert answer.status_code == 422


@pytest.mark.parametrize("query", ["since=2026-02-01&until=2026-01-01", "since=2020-01-01"])
def test_heat_of_a_backward_or_endless_period_is_refused(centre, query):
    assert centre.get(f"/work-orders/map/heat.json?{BOX}&{query}").status_code == 422


@pytest.mark.parametrize("mode", ["spread", "heat", "replay", "nonsense"])
def test_every_mode_has_its_page(centre, mode):
    page = text(centre.get(f"/work-orders/map/?show={mode}"))

    assert f'data-mode="{"spread" if mode == "nonsense" else mode}"' in page
