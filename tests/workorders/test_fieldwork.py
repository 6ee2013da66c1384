"""Beats, tasks, control areas, what is handled on the spot, bundles: rules, deeds, refusals."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from chengzhi.accounts.interface import NotPermitted
from chengzhi.accounts.types import Role
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.places.types import Located, Point
from chengzhi.workorders.commands import bundle, check, field, file, handle, spot, verify
from chengzhi.workorders.invariants import INVARIANTS
from chengzhi.workorders.models import Beat, Bundle, WorkOrder
from chengzhi.workorders.queries.control import control_here
from chengzhi.workorders.queries.decision import decision
from chengzhi.workorders.queries.links import bundle_page
from chengzhi.workorders.queries.tasks import my_tasks
from chengzhi.workorders.rules.beats import choose
from chengzhi.workorders.rules.control import controls_at, is_on
from chengzhi.workorders.rules.spot import is_sampled
from chengzhi.workorders.types import BeatRow, Channel, Check, ControlDraft, ControlRow, State
from tests.conftest import actor
from tests.workorders.conftest import DANDONG, HERE, MANHOLE, STALL, STALL_REPORT

GRID = f"{DANDONG}07"
PLACE = Located(cell=f"{DANDONG}002017", grid=GRID, town=DANDONG, squad="S01")
WEDNESDAY = date(2026, 11, 25)
PEOPLE = {"person:1": "李明", "person:5": "周小燕"}


def fresh(order):
    return WorkOrder.objects.get(pk=order.pk)


def beat(person="person:1", area=GRID, weekdays="1234567", pk=1):
    return BeatRow(id=pk, person=person, area_prefix=area, weekdays=weekdays)


CHOICES = [
    ([beat(area=DANDONG), beat("person:5")], {}, "person:5"),  # the narrowest area
    ([beat(), beat("person:5")], {"person:1": 3}, "person:5"),  # the fewest tasks
    ([beat("person:5"), beat()], {}, "person:1"),  # then the ref
    ([beat(weekdays="12")], {}, ""),  # not on this day
    ([beat("person:8")], {}, ""),  # gone
    ([beat(area="330225101")], {}, ""),  # elsewhere
]


@pytest.mark.parametrize(("rows", "tasks", "ref"), CHOICES)
def test_the_beat_decides_who_goes_and_says_why(rows, tasks, ref):
    found = choose(rows, place=PLACE, on=WEDNESDAY, people=PEOPLE, tasks=tasks)

    assert found.ref == ref
    assert ("今天由" if ref else "请人工选定采集员") in found.reason


@pytest.mark.django_db
def test_verification_goes_to_the_collector_on_the_beat(bring, wang_fang, now):
    field.add_beat(person="person:5", area_prefix=GRID, actor=wang_fang, now=now)
    order = bring(channel=Channel.HOTLINE)

    order = verify.ask_verify(order.pk, actor=wang_fang, now=now)

    assert order.verifier == "person:5"
    assert "今天由周小燕巡查" in Event.objects.get(name="workorders.verification-asked").data


@pytest.mark.django_db
def test_where_nobody_covers_the_grid_a_person_decides(bring, wang_fang, now, snapshot):
    order = bring(channel=Channel.HOTLINE)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="没有安排采集员，请人工选定采集员"):
        verify.ask_verify(order.pk, actor=wang_fang, now=now)

    assert snapshot() == before
    assert verify.ask_verify(order.pk, assignee="person:1", actor=wang_fang, now=now)


@pytest.mark.django_db
def test_the_check_goes_to_the_beat_and_the_centre_may_send_another(
    bring, wang_fang, zhou_jian, photograph, now, events
):
    field.add_beat(person="person:5", area_prefix=DANDONG, actor=wang_fang, now=now)
    order = bring(State.HANDLING)

    photos = (photograph(zhou_jian, "after"),)
    handle.record_handling(order.pk, photos=photos, actor=zhou_jian, now=now)

    assert fresh(order).checker == "person:5"
    assert events(order)[-1] == "check-assigned"
    assert decision(wang_fang, order.pk, now=now).beat.ref == "person:1"  # somebody else
    check.assign_check(order.pk, assignee="person:1", actor=wang_fang, now=now)
    assert fresh(order).checker == "person:1"


@pytest.mark.django_db
def test_a_check_that_nobody_can_do_says_so(bring, zhou_jian, photograph, now, events):
    order = bring(State.HANDLING)
    WorkOrder.objects.filter(pk=order.pk).update(reported_by="person:3")  # no collector

    photos = (photograph(zhou_jian, "after"),)
    handle.record_handling(order.pk, photos=photos, actor=zhou_jian, now=now)

    assert (fresh(order).state, fresh(order).checker) == ("to_check", "")
    assert events(order)[-1] == "collector-missing"
    assert "请人工选定采集员" in Event.objects.get(name="workorders.collector-missing").data


@pytest.mark.django_db
def test_a_collector_sees_own_tasks_by_deadline(bring, li_ming, wang_fang, now):
    later = bring(State.TO_CHECK)
    sooner = bring(channel=Channel.HOTLINE, at=now - timedelta(minutes=50))
    verify.ask_verify(
        sooner.pk, assignee="person:1", actor=wang_fang, now=now - timedelta(minutes=50)
    )

    found = my_tasks(li_ming, now=now)

    assert [(task.id, task.kind) for task in found] == [(sooner.pk, "verify"), (later.pk, "check")]
    assert found[1].look_for == "取缔"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"person": "person:4"}, "不是本县在岗的采集员"),
        ({"area_prefix": "330203001"}, "不在本县"),
        ({"weekdays": "8"}, "至少选一天"),
    ],
)
def test_a_beat_names_a_collector_an_area_and_days(county, wang_fang, now, snapshot, wrong, words):
    before = snapshot()
    said = {"person": "person:1", "area_prefix": GRID} | wrong

    with pytest.raises(InvalidInput, match=words):
        field.add_beat(**said, actor=wang_fang, now=now)

    assert snapshot() == before
    assert not Beat.objects.exists()


MARKET = ControlRow(
    id=1, title="农贸集市", permit="象政〔2026〕8号", polygon=None, area_prefix=GRID, road="",
    matter_prefixes=("09",), weekdays="3", from_time=time(6), to_time=time(11),
    valid_from=date(2026, 11, 1), valid_to=date(2026, 12, 1),
)  # fmt: skip
NIGHT = replace(MARKET, weekdays="2", from_time=time(22), to_time=time(2))


def at(day, hour):
    """A moment of the city, which is eight hours ahead."""
    return datetime(2026, 11, day, hour, 30, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("row", "moment", "on"),
    [
        (MARKET, at(25, 6), True),
        (MARKET, at(25, 11), False),
        (MARKET, at(26, 6), False),
        (replace(MARKET, valid_to=date(2026, 11, 25)), at(25, 6), False),
        (NIGHT, at(24, 23), True),
        (NIGHT, at(25, 1), True),  # past midnight it belongs to Tuesday
        (NIGHT, at(25, 3), False),
        (NIGHT, at(24, 1), False),
    ],
)
def test_a_window_is_open_on_its_days_and_hours(row, moment, on):
    assert is_on(row, moment) is on


@pytest.mark.parametrize(
    ("change", "held"),
    [
        ({}, True),
        ({"matter_prefixes": ("06",)}, False),
        ({"area_prefix": "330225101"}, False),
        ({"road": "330225R1"}, False),
        ({"polygon": {"inside": True}}, True),
        ({"polygon": {"inside": False}}, False),
    ],
)
def test_matter_place_and_time_all_have_to_fit(change, held):
    found = controls_at(
        [replace(MARKET, **change)], matter=STALL, place=PLACE,
        point=Point(lon=HERE[0], lat=HERE[1]), at=at(25, 7),
        holds=lambda surface, point: surface["inside"],
    )  # fmt: skip

    assert bool(found) is held


def square(half=0.003):
    (lon, lat), h = HERE, half
    ring = [[lon - h, lat - h], [lon + h, lat - h], [lon + h, lat + h], [lon - h, lat + h]]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


@pytest.mark.django_db
def test_a_control_area_warns_and_is_overridden_with_a_reason(bring, wang_fang, now, events):
    draft = ControlDraft(title="经批准的施工", permit="许可 12 号", polygon=square())
    field.add_control(draft, actor=wang_fang, now=now)
    order = bring(State.ACCEPTED)

    with pytest.raises(StepNotAllowed, match="在管控范围内：经批准的施工（每天，许可 许可 12 号）"):
        file.file(order.pk, condition_number=1, actor=wang_fang, now=now)
    file.file(order.pk, condition_number=1, reason="超出许可范围", actor=wang_fang, now=now)

    assert fresh(order).control_note.endswith("；超出许可范围")
    assert events(order)[-2:] == ["filed", "control-overridden"]
    here = Point(lon=HERE[0], lat=HERE[1])
    assert control_here(wang_fang.county, matter=STALL, point=here, at=now, now=now)
    assert not control_here("330203", matter=STALL, point=here, at=now, now=now)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"polygon": None}, "没有划定范围"),
        ({"polygon": {"type": "Point", "coordinates": [1, 2]}}, "没有画出范围"),
        ({"title": "x"}, "名称应有"),
        ({"valid_from": date(2026, 12, 2), "valid_to": date(2026, 12, 1)}, "早于开始"),
        ({"matter_prefixes": ("77",)}, "没有代码以“77”开头"),
        ({"road": "nowhere"}, "没有代码为"),
        ({"polygon": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}},
         "自相交"),
    ],
)  # fmt: skip
def test_a_control_area_is_sound_or_refused(county, wang_fang, now, snapshot, wrong, words):
    before = snapshot()
    draft = ControlDraft(**{"title": "集市", "polygon": square()} | wrong)

    with pytest.raises(InvalidInput, match=words):
        field.add_control(draft, actor=wang_fang, now=now)

    assert snapshot() == before


@pytest.fixture
def publish(county, zhao_qiang, now):
    def make(percent=0):
        return field.publish_policy(
            title="市容轻微问题现场处置办法", document="象综执〔2026〕3号",
            matter_prefixes=("09",), sample_percent=percent, actor=zhao_qiang, now=now,
        )  # fmt: skip

    return make


@pytest.fixture
def handled(photograph, li_ming):
    def make(*roles):
        photos = tuple(photograph(li_ming, role) for role in roles or ("near", "after"))
        return replace(STALL_REPORT, photos=photos)

    return make


@pytest.mark.django_db
def test_what_was_handled_on_the_spot_is_filed_and_closed_by_the_policy(
    publish, handled, li_ming, now, events
):
    publish()

    made = spot.report_handled(handled(), actor=li_ming, now=now)

    order = WorkOrder.objects.get(pk=made.id)
    assert (order.state, order.closing_basis, order.closing_result) == (
        "closed", "policy", "resolved",
    )  # fmt: skip
    assert events(order) == ["reported", "accepted", "filed", "handled-on-spot", "closed"]
    told = Event.objects.get(name="workorders.handled-on-spot").data
    assert "赵强" in told and "象综执〔2026〕3号" in told
    assert [broken for broken in INVARIANTS if broken(now=now)] == []


@pytest.mark.django_db
def test_a_sampled_case_is_checked_by_somebody_else(
    publish, handled, li_ming, wang_fang, now, events
):
    publish(percent=100)
    field.add_beat(person="person:1", area_prefix=GRID, actor=wang_fang, now=now)
    field.add_beat(person="person:5", area_prefix=GRID, actor=wang_fang, now=now)

    made = spot.report_handled(handled(), actor=li_ming, now=now)

    order = WorkOrder.objects.get(pk=made.id)
    assert (order.state, order.checker) == ("to_check", "person:5")
    xiaoyan = actor("person:5", "周小燕", Role.COLLECTOR)
    check.record_check(order.pk, result=Check.FAIL, reason="还在", actor=xiaoyan, now=now)
    order = fresh(order)
    assert (order.state, order.checker, order.handled_at) == ("filed", "", None)
    assert [broken for broken in INVARIANTS if broken(now=now)] == []


@pytest.mark.django_db
def test_the_spot_needs_pictures_a_policy_and_a_collector(
    publish, handled, li_ming, wang_fang, now, snapshot
):
    without_policy = handled()
    before = snapshot()
    with pytest.raises(spot.NotForTheSpot, match="没有公布现场处置办法"):
        spot.report_handled(without_policy, actor=li_ming, now=now)
    assert snapshot() == before
    publish()
    before = snapshot()

    with pytest.raises(spot.NotForTheSpot, match="处置前、处置后照片"):
        spot.report_handled(handled("near"), actor=li_ming, now=now)
    with pytest.raises(spot.NotForTheSpot, match="只有采集员"):
        spot.report_handled(handled(), actor=wang_fang, now=now)
    with pytest.raises(spot.NotForTheSpot, match="没有公布现场处置办法"):
        spot.report_handled(replace(handled(), matter_code=MANHOLE), actor=li_ming, now=now)

    assert [row["state"] for row in snapshot()[0]] == [row["state"] for row in before[0]]


@pytest.mark.django_db
def test_only_a_leader_publishes_what_stands_for_a_decision(county, wang_fang, now):
    with pytest.raises(NotPermitted):
        field.publish_policy(
            title="办法", document="象综执", matter_prefixes=("09",), sample_percent=5,
            actor=wang_fang, now=now,
        )  # fmt: skip


def test_the_sample_is_a_share_that_nobody_chooses():
    sampled = [pk for pk in range(1, 10_001) if is_sampled(pk, 10)]

    assert 900 < len(sampled) < 1100
    assert [is_sampled(7, 0), is_sampled(7, 100)] == [False, True]


@pytest.mark.django_db
def test_a_bundle_dispatches_each_under_its_own_limit(bring, wang_fang, now, events):
    stall, manhole = bring(State.FILED), bring(State.FILED, matter_code=MANHOLE)
    busy = bring(State.HANDLING)

    result = bundle.dispatch_bundle(
        [stall.pk, manhole.pk, busy.pk], unit="S01", reason="同一路段", actor=wang_fang, now=now
    )

    assert [line.is_done for line in result.lines] == [True, True, False]
    assert "不能“派遣”" in result.lines[2].sentence
    first, second = fresh(stall), fresh(manhole)
    assert first.bundle_id == second.bundle_id == result.id
    assert first.dispatched_at == second.dispatched_at == now
    assert events(stall)[-2:] == ["dispatched", "bundled"]
    cards, count, _ = bundle_page(wang_fang, now=now)
    assert (count, cards[0].order_count, cards[0].unit_name) == (1, 2, "丹东中队")


@pytest.mark.django_db
@pytest.mark.parametrize(("keys", "unit"), [([1], "S01"), ([1, 2], "C01")])
def test_a_bundle_has_two_orders_and_a_unit(bring, wang_fang, now, snapshot, keys, unit):
    bring(State.FILED)
    before = snapshot()

    with pytest.raises(InvalidInput):
        bundle.dispatch_bundle(keys, unit=unit, actor=wang_fang, now=now)

    assert snapshot() == before


@pytest.mark.django_db
def test_where_nothing_goes_there_is_no_bundle(bring, wang_fang, chen_jing, now, snapshot):
    orders = [bring(State.HANDLING).pk, bring(State.HANDLING).pk]
    before = snapshot()

    result = bundle.dispatch_bundle(orders, unit="S01", actor=wang_fang, now=now)

    assert (result.id, result.done_count) == (0, 0)
    assert snapshot() == before
    assert not Bundle.objects.exists()
    assert bundle_page(chen_jing, now=now)[1] == 0
