"""上报: one report, one work order, once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chengzhi.accounts.interface import NotPermitted
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.workorders.commands import intake
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import Channel, FindingEvidence, PhotoRef, State
from tests.workorders.conftest import AT_SEA, HERE, IN_SHIPU, LITTER, STALL_REPORT

pytestmark = pytest.mark.usefixtures("county")


def test_a_report_becomes_a_work_order_with_its_place_and_its_event(li_ming, now, events):
    answer = intake.report(STALL_REPORT, actor=li_ming, now=now)

    order = WorkOrder.objects.get()
    assert (answer.id, answer.created, answer.state) == (order.pk, True, State.REPORTED)
    assert answer.code == f"城案〔2026〕{order.pk:05d}"
    assert (order.matter_name, order.county, order.year) == ("店外经营", "330225", 2026)
    assert (order.cell, order.grid, order.town) == ("330225001002017", "33022500107", "330225001")
    assert (order.squad, order.suggested_unit) == ("S01", "S01")
    assert (order.reported_by, order.occurred_at) == ("person:1", now)
    assert events(order) == ["reported"]


def test_an_urgent_matter_waits_by_the_urgent_limit(li_ming, now):
    """店外经营 has 2 urgent hours: filing has 15 urgent minutes, warned at 80 % (12 minutes)."""
    intake.report(STALL_REPORT, actor=li_ming, now=now)

    order = WorkOrder.objects.get()
    assert order.stage_due_at == now + timedelta(minutes=15)
    assert order.stage_warn_at == order.alert_at == now + timedelta(minutes=12)


def test_an_ordinary_matter_waits_in_office_hours(li_ming):
    """Reported at 17:50 on a Wednesday: 10 of the 30 work minutes, 20 more on Thursday from 8."""
    evening = datetime(2026, 11, 25, 9, 50, tzinfo=UTC)

    intake.report(replace(STALL_REPORT, matter_code=LITTER), actor=li_ming, now=evening)

    assert WorkOrder.objects.get().stage_due_at == datetime(2026, 11, 26, 0, 20, tzinfo=UTC)


def test_the_same_client_ref_is_the_same_work_order_and_no_second_event(li_ming, now):
    report = replace(STALL_REPORT, client_ref="phone:7f3a")
    first = intake.report(report, actor=li_ming, now=now)

    second = intake.report(report, actor=li_ming, now=now + timedelta(minutes=3))

    assert (second.id, second.code, second.created) == (first.id, first.code, False)
    assert second.duplicates == ()
    assert WorkOrder.objects.count() == Event.objects.count() == 1


def test_another_county_may_use_the_same_client_ref(li_ming, wang_fang, now):
    report = replace(STALL_REPORT, client_ref="phone:7f3a", channel=Channel.HOTLINE)
    elsewhere = replace(wang_fang, division="330203")
    first = intake.report(report, actor=wang_fang, now=now)

    second = intake.report(report, actor=elsewhere, now=now)

    assert second.id != first.id
    assert second.created


def test_reports_without_a_client_ref_are_each_their_own(li_ming, now):
    for _ in range(2):
        intake.report(STALL_REPORT, actor=li_ming, now=now)

    assert WorkOrder.objects.count() == 2


def test_the_same_matter_within_fifty_metres_and_a_day_is_a_possible_duplicate(li_ming, now):
    earlier = now - timedelta(hours=23)
    near = replace(STALL_REPORT, lon=HERE[0] + 0.0004)  # 38.7 m east
    far = replace(STALL_REPORT, lon=HERE[0] + 0.0006)  # 58.1 m east
    other = replace(STALL_REPORT, matter_code=LITTER)
    kept = intake.report(near, actor=li_ming, now=earlier)
    for unlike in (far, other):
        intake.report(unlike, actor=li_ming, now=earlier)
    intake.report(STALL_REPORT, actor=li_ming, now=now - timedelta(hours=24, seconds=1))

    answer = intake.report(STALL_REPORT, actor=li_ming, now=now)

    assert [(near.id, near.metres) for near in answer.duplicates] == [(kept.id, 38.7)]


def test_a_rejected_order_is_no_duplicate(bring, li_ming, now):
    bring(State.REJECTED)

    assert intake.report(STALL_REPORT, actor=li_ming, now=now).duplicates == ()


def test_a_closed_order_is_still_shown_as_a_possible_duplicate(bring, li_ming, now):
    """anchors_civic 4, pain 14: include closed ones."""
    closed = bring(State.CLOSED)

    found = intake.report(STALL_REPORT, actor=li_ming, now=now).duplicates

    assert [(near.id, near.state) for near in found] == [(closed.pk, State.CLOSED)]


def test_photos_are_attached_and_counted(li_ming, now, photograph):
    photos = (photograph(li_ming, "near"), photograph(li_ming, "far"))

    intake.report(replace(STALL_REPORT, photos=photos), actor=li_ming, now=now)

    event = Event.objects.get(name="workorders.reported")
    assert '"photo_count":2' in event.data


def test_a_photo_that_is_not_stored_refuses_the_report(li_ming, now, snapshot):
    before = snapshot()
    report = replace(STALL_REPORT, photos=(PhotoRef(sha256="0" * 64, role="near"),))

    with pytest.raises(NotVisible):
        intake.report(report, actor=li_ming, now=now)

    assert snapshot() == before


def test_a_point_outside_every_town_is_taken_with_an_empty_place(li_ming, now):
    report = replace(STALL_REPORT, lon=AT_SEA[0], lat=AT_SEA[1])

    intake.report(report, actor=li_ming, now=now)

    order = WorkOrder.objects.get()
    assert (order.town, order.cell, order.suggested_unit) == ("", "", "")


def test_a_town_without_a_grid_has_no_suggestion(li_ming, now):
    report = replace(STALL_REPORT, lon=IN_SHIPU[0], lat=IN_SHIPU[1])

    intake.report(report, actor=li_ming, now=now)

    order = WorkOrder.objects.get()
    assert (order.town, order.suggested_unit) == ("330225101", "")


def test_a_finding_leaves_who_confirmed_it(wang_fang, now):
    from chengzhi.accounts.interface import system_actor

    evidence = FindingEvidence(
        ref="finding:12", camera="C-0117", confirmed_by="person:6", score=0.9
    )
    report = replace(
        STALL_REPORT, channel=Channel.CAMERA, finding=evidence, client_ref="finding:12"
    )

    intake.report(report, actor=system_actor("wiring", division="330225"), now=now)

    order = WorkOrder.objects.get()
    assert order.finding == "finding:12"
    assert order.finding_evidence["confirmed_by"] == "person:6"
    assert order.facts().confirmed_finding


@pytest.mark.parametrize("channel", [Channel.COLLECTOR, Channel.CAMERA])
def test_nobody_speaks_for_another_channel(channel, wang_fang, now, snapshot):
    before = snapshot()

    with pytest.raises(NotPermitted):
        intake.report(replace(STALL_REPORT, channel=channel), actor=wang_fang, now=now)

    assert snapshot() == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"matter_code": "99999"}, "matter_code"),
        ({"address": "  "}, "address"),
        ({"address": "路" * 257}, "address"),
        ({"description": "多" * 4001}, "description"),
        ({"lon": 181.0}, "lon"),
        ({"lat": float("nan")}, "lat"),
        ({"component_code": "12"}, "component_code"),
        ({"client_ref": "r" * 101}, "client_ref"),
        ({"occurred_at": datetime(2026, 11, 26, tzinfo=UTC)}, "occurred_at"),
        ({"occurred_at": datetime(2026, 11, 24)}, "occurred_at"),  # noqa: DTZ001
        ({"photos": (PhotoRef(sha256="0" * 64, role="near"),) * 21}, "photos"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_malformed_field_is_named_and_nothing_is_written(changes, field, li_ming, now, snapshot):
    before = snapshot()

    with pytest.raises(InvalidInput) as refused:
        intake.report(replace(STALL_REPORT, **changes), actor=li_ming, now=now)

    assert refused.value.field == field
    assert snapshot() == before


def test_another_countys_order_at_the_spot_is_no_duplicate(li_ming, now):
    stranger = replace(li_ming, division="330203001")
    intake.report(STALL_REPORT, actor=stranger, now=now)

    made = intake.report(STALL_REPORT, actor=li_ming, now=now)

    assert made.duplicates == ()


def test_intake_asks_the_database_five_times(li_ming, now, django_assert_num_queries):
    """Savepoint, duplicates, order, event, release: what `make bench-intake` relies on."""
    elsewhere = replace(STALL_REPORT, lon=IN_SHIPU[0], lat=IN_SHIPU[1])
    intake.report(elsewhere, actor=li_ming, now=now)

    with django_assert_num_queries(5):
        intake.report(STALL_REPORT, actor=li_ming, now=now)
    with django_assert_num_queries(6):  # what was found is read
        intake.report(STALL_REPORT, actor=li_ming, now=now)


def test_intake_stores_what_saving_the_order_stores(li_ming, now):
    made = intake.report(replace(STALL_REPORT, client_ref="a"), actor=li_ming, now=now)

    order = WorkOrder.objects.get(pk=made.id)
    order.pk, order.client_ref, order._state.adding = None, "b", True
    order.save()

    inserted, saved = (WorkOrder.objects.values().get(client_ref=ref) for ref in "ab")
    assert saved == {**inserted, "id": order.pk, "client_ref": "b"}
