"""权责矩阵: what, where and when → who; explained, tried before it is saved, never a guess."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from chengzhi.accounts.models import Person, Unit
from chengzhi.accounts.types import Role
from chengzhi.audit.models import Event
from chengzhi.audit.types import Delivered
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places.interface import forget_index
from chengzhi.places.models import Road
from chengzhi.places.types import Located
from chengzhi.wiring import flag_rules_of_the_gone
from chengzhi.workorders.commands import file, intake, matrix, routing
from chengzhi.workorders.invariants import rules_naming_the_gone
from chengzhi.workorders.models import RoutingLayer, RoutingRule, WorkOrder
from chengzhi.workorders.queries.decision import decision
from chengzhi.workorders.queries.directory import directory, forget_directory
from chengzhi.workorders.queries.matrix import MatrixDeed, judge_matrix
from chengzhi.workorders.queries.trial import draft_row, trial
from chengzhi.workorders.rules.matrix import HEADS, Unreadable, slot_of, weekdays_of
from chengzhi.workorders.rules.routing import compile_book, suggest
from chengzhi.workorders.types import Duty, RoutingRow, RuleDraft, Spot, State
from tests.conftest import COUNTY, actor
from tests.standards.books import book
from tests.workorders.conftest import (
    DANDONG,
    HERE,
    IN_SHIPU,
    LITTER,
    MANHOLE,
    SHIPU,
    STALL,
    STALL_REPORT,
    text,
)

UNITS = {"S01": "丹东中队", "S02": "石浦中队", "D01": "环卫指导中心"}
PLACE = Located(
    cell="330225001002017", grid="33022500107", town="330225001", community="330225001002", squad="S01"
)  # fmt: skip
NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Xiangshan
ROUTING = "/work-orders/routing/"
H = 0.001
RING = [(-H, -H), (H, -H), (H, H), (-H, H), (-H, -H)]
SQUARE = {"type": "Polygon", "coordinates": [[[HERE[0] + e, HERE[1] + n] for e, n in RING]]}


@pytest.fixture
def sun_li():
    return actor("person:7", "孙丽", Role.ADMINISTRATOR)


def row(pk: int, unit: str, **said: Any) -> RoutingRow:
    return RoutingRow(
        id=pk, unit=unit, **{"matter_prefix": "", "area_prefix": "", "handler_kind": "", **said}
    )


class Map:
    """A road that passes so many metres away, and a layer that is loaded or not."""

    def __init__(self, metres: float | None = 12.4, inside: bool | None = True) -> None:
        self.metres, self.inside = metres, inside

    def metres_to(self, road, lon, lat):
        return self.metres

    def is_inside(self, layer, lon, lat):
        return self.inside


def asked(*rows: RoutingRow, at: datetime = NOON, reach=None, coverage=None, number: int = 0):
    spot = Spot(
        matter=STALL, place=PLACE, at=at, handler_kind="squad", lon=HERE[0], lat=HERE[1],
        condition_number=number,
    )  # fmt: skip
    return suggest(compile_book(rows), spot, units=UNITS, reach=reach or Map(), coverage=coverage)


# What, where, when -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "unit"),
    [
        ([row(1, "S02", matter_prefix=STALL), row(2, "D01", matter_prefix=STALL, condition_number=1)], "D01"),
        ([row(1, "S02", area_prefix="33022500107"), row(2, "D01", road="R1", road_metres=80)], "D01"),
        ([row(1, "S02", road="R1", road_metres=80), row(2, "D01", layer="夜市")], "D01"),
        ([row(1, "S02"), row(2, "D01", slot="11:00-13:00")], "D01"),
        ([row(1, "S02"), row(2, "D01", slot="18:00-22:00")], "S02"),
        ([row(1, "S02"), row(2, "D01", weekdays="67")], "S02"),
        ([row(1, "S02"), row(2, "D01", road="R1", road_metres=10)], "S02"),
    ],
    ids=[
        "a condition beats its matter", "a road beats an area", "a polygon beats a road",
        "a time beats always", "another time", "another weekday", "further from the road",
    ],
)  # fmt: skip
def test_the_most_specific_rule_of_matter_place_and_time_decides(rows, unit):
    assert asked(*rows, number=1).unit == unit
    assert asked(*reversed(rows), number=1).unit == unit


@pytest.mark.parametrize(
    ("weekdays", "slot", "at", "holds"),
    [
        ("3", "", NOON, True),
        ("12", "", NOON, False),
        ("", "08:00-12:00", NOON, False),
        ("", "12:00-18:00", NOON, True),
        ("", "18:00-06:00", datetime(2026, 11, 25, 15, 0, tzinfo=UTC), True),
        ("3", "18:00-06:00", datetime(2026, 11, 25, 17, 0, tzinfo=UTC), True),
        ("4", "18:00-06:00", datetime(2026, 11, 25, 17, 0, tzinfo=UTC), False),
        ("7", "18:00-06:00", datetime(2026, 11, 29, 17, 0, tzinfo=UTC), True),
    ],
    ids=["day", "other day", "ended", "begins", "evening", "its night", "next day", "Sunday night"],
)
def test_a_slot_holds_on_its_weekdays_and_a_night_belongs_to_its_evening(weekdays, slot, at, holds):
    found = asked(row(1, "D01", weekdays=weekdays, slot=slot), at=at)

    assert (found.unit == "D01") is holds


def test_every_suggestion_names_its_rule_and_says_plainly_why():
    found = asked(
        row(
            12, "D01", matter_prefix=STALL, matter_name="09005 店外经营", road="R1", road_metres=80,
            road_name="靖南大街", weekdays="123", slot="11:00-13:00", note="夜市专班",
        )
    )  # fmt: skip

    assert found.rule == 12
    assert found.reasons == (
        "因09005 店外经营、靖南大街 80 米内（相距 12 米）、周一、二、三 11:00—13:00："
        "派遣规则 12，由环卫指导中心处置（夜市专班）",
    )


@pytest.mark.parametrize(
    ("rule", "reach"),
    [
        (row(2, "D01", road="R1", road_metres=80, road_name="靖南大街"), Map(metres=None)),
        (row(2, "D01", layer="夜市"), Map(inside=None)),
    ],
)
def test_a_layer_that_is_not_ready_is_decided_by_a_person_and_never_guessed(rule, reach):
    found = asked(row(1, "S02"), rule, reach=reach)

    assert (found.unit, found.rule) == ("", 0)
    assert found.reasons[0].endswith("图层未就绪，由人决定")


def test_a_rule_above_one_with_a_missing_layer_still_decides():
    above = row(1, "S02", matter_prefix=STALL)
    below = row(2, "D01", layer="夜市")

    assert asked(above, below, reach=Map(inside=None)).unit == "S02"


def test_where_no_rule_answers_the_coverage_plan_says_whose_turn_it_is():
    found = asked(coverage=lambda grid, at: Duty(unit="D01", reason=f"{grid} 中午由环卫值守"))

    assert (found.unit, found.reasons[0]) == ("D01", "33022500107 中午由环卫值守")


def test_a_rule_that_was_flagged_is_passed_over_and_said():
    found = asked(row(1, "D01", flag="指定的单位已撤销"), row(2, "S02"))

    assert found.unit == "S02"
    assert "派遣规则 1 指定的单位已撤销，未采用，请修改该规则" in found.reasons


def test_a_person_who_left_is_said_and_not_named():
    found = asked(row(1, "D01", person="person:4", person_name="周健", is_person_gone=True))

    assert (found.unit, found.person) == ("D01", "")
    assert "派遣规则 1 指定的责任人周健已离岗，请修改该规则" in found.reasons


# On the record -----------------------------------------------------------------------------------


@pytest.fixture
def road(county) -> Road:
    """A road that runs east and west, some fifty metres north of where the stall is."""
    lat = HERE[1] + 0.00045
    line = {"type": "LineString", "coordinates": [[HERE[0] - 0.01, lat], [HERE[0] + 0.01, lat]]}
    made = Road.objects.create(code=f"{COUNTY}R001", name="靖南大街", line=line, length=1900)
    forget_index()
    return made


@pytest.mark.parametrize(("metres", "unit"), [(80, "D01"), (30, "S01")])
def test_pain_26_the_zone_of_a_road_decides_by_location(bring, road, sun_li, now, metres, unit):
    routing.add_routing_rule(unit="D01", road=road.code, road_metres=metres, actor=sun_li, now=now)

    order = bring()

    assert order.suggested_unit == unit


def test_pain_26_a_drawn_zone_decides_by_location(bring, sun_li, wang_fang, now):
    rule = routing.add_routing_rule(unit="D01", layer="靖南夜市", actor=sun_li, now=now)
    before = bring()
    routing.load_layer("靖南夜市", geometry=SQUARE, actor=sun_li, now=now)

    inside = bring()

    assert (before.suggested_unit, inside.suggested_unit) == ("", "D01")
    assert inside.suggested_rule == rule
    assert "在图层“靖南夜市”内" in decision(wang_fang, inside.pk, now=now).suggestion.reasons[0]
    assert Event.objects.filter(name="workorders.layer-loaded").count() == 1


@pytest.mark.parametrize(
    "geometry",
    [
        {},
        None,
        [],
        {"type": "Point", "coordinates": [121, 29]},
        {"type": "Polygon", "coordinates": [[[13000000, 3000000]] * 4]},
    ],
)
def test_what_is_no_polygon_is_refused(county, sun_li, now, geometry):
    with pytest.raises(InvalidInput, match="GeoJSON 的一个面"):
        routing.load_layer("夜市", geometry=geometry, actor=sun_li, now=now)

    assert not RoutingLayer.objects.exists()


def test_pain_25_who_reports_need_not_know_whose_place_it_is(bring, sun_li, now):
    routing.add_routing_rule(
        unit="D01", area_prefix=DANDONG, matter_prefix="06", actor=sun_li, now=now
    )
    routing.add_routing_rule(
        unit="T02", area_prefix=SHIPU, matter_prefix="06", actor=sun_li, now=now
    )

    here = bring(matter_code=LITTER)
    there = bring(matter_code=LITTER, lon=IN_SHIPU[0], lat=IN_SHIPU[1])

    assert (here.matter_name, there.matter_name) == ("暴露垃圾", "暴露垃圾")
    assert (here.suggested_unit, there.suggested_unit) == ("D01", "T02")


def test_a_rule_for_one_condition_follows_the_row_that_is_filed(bring, sun_li, wang_fang, now):
    routing.add_routing_rule(
        unit="D01", matter_prefix=MANHOLE, condition_number=2, actor=sun_li, now=now
    )
    first, second = (bring(State.ACCEPTED, matter_code=MANHOLE) for _ in range(2))

    file.file(first.pk, condition_number=1, actor=wang_fang, now=now)
    file.file(second.pk, condition_number=2, actor=wang_fang, now=now)

    units = WorkOrder.objects.in_bulk([first.pk, second.pk])
    assert (units[first.pk].suggested_unit, units[second.pk].suggested_unit) == ("S01", "D01")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("condition_number", {"condition_number": 1}),
        ("condition_number", {"matter_prefix": STALL, "condition_number": 99}),
        ("road", {"road": "R9", "road_metres": 20}),
        ("road_metres", {"road_metres": 20}),
        ("weekdays", {"weekdays": "8"}),
        ("slot", {"slot": "25:00-26:00"}),
        ("slot", {"slot": "08:00-08:00"}),
        ("person", {"person": "person:1"}),
        ("layer", {"layer": "长" * 61}),
        ("valid_from", {"valid_from": date(2026, 11, 24)}),
        ("valid_to", {"valid_to": date(2026, 11, 25)}),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused_at_its_field(
    county, sun_li, now, snapshot, field, said
):
    before = snapshot()

    with pytest.raises(InvalidInput) as refused:
        routing.add_routing_rule(unit="S01", actor=sun_li, now=now, **said)

    assert refused.value.field == field
    assert snapshot() == before
    assert not RoutingRule.objects.exists()


def test_a_dated_rule_begins_and_ends_by_itself(bring, sun_li, now):
    starts, ends = now.date() + timedelta(days=1), now.date() + timedelta(days=3)
    routing.add_routing_rule(unit="D01", valid_from=starts, valid_to=ends, actor=sun_li, now=now)

    units = [bring(at=now + timedelta(days=n)).suggested_unit for n in range(4)]

    assert units == ["S01", "D01", "D01", "S01"]


# The dry run -------------------------------------------------------------------------------------


def test_a_rule_is_tried_on_the_last_month_before_it_is_saved(bring, sun_li, now):
    old = bring(State.FILED, at=now - timedelta(days=40))
    moved = [bring(State.FILED, at=now - timedelta(days=day)) for day in (1, 2)]
    other = bring(State.FILED, at=now - timedelta(days=1), matter_code=LITTER)
    draft = routing.check_draft(RuleDraft(unit="D01", matter_prefix="09"), actor=sun_li, now=now)

    tried = trial(sun_li, add=(draft_row(draft, COUNTY, now=now),), now=now)

    assert (tried.looked, tried.changed) == (3, 2)
    assert tried.moves == (("丹东中队", "环卫指导中心", 2),)
    assert [example.id for example in tried.examples] == [order.pk for order in moved]
    assert {old.pk, other.pk}.isdisjoint(example.id for example in tried.examples)
    assert not RoutingRule.objects.exists()


def test_the_dry_run_is_kept_with_the_rule(bring, sun_li, now):
    bring(State.FILED, at=now - timedelta(days=1))

    rule = routing.add_routing_rule(unit="D01", actor=sun_li, now=now)

    event = json.loads(Event.objects.get(subject=f"routing:{rule}").data)
    assert (event["looked"], event["would_change"]) == (1, 1)
    assert event["moves"] == ["丹东中队 → 环卫指导中心：1"]


def test_the_page_tries_a_rule_and_writes_nothing(bring, centre, today):
    order = bring(State.FILED, at=today - timedelta(days=1))

    page = text(centre.post(f"{ROUTING}new/", {"unit": "D01", "deed": "try"}))

    assert "1 件会换单位" in page
    assert f'href="/work-orders/{order.pk}/"' in page
    assert not RoutingRule.objects.exists()


def test_pain_36_an_edited_rule_explains_what_changed_on_every_waiting_record(
    bring, sun_li, wang_fang, now
):
    waiting, gone = bring(State.FILED), bring(State.DISPATCHED)

    rule = routing.add_routing_rule(
        unit="D01", matter_prefix="09", note="划归环卫", actor=sun_li, now=now
    )

    changed = Event.objects.get(name="workorders.suggestion-changed")
    said = json.loads(changed.data)
    assert changed.subject == waiting.subject
    assert (said["was"], said["was_rule"], said["unit"], said["rule"]) == ("S01", 0, "D01", rule)
    assert said["reason"].startswith("因09 街面秩序类、在全县：派遣规则")
    waiting.refresh_from_db()
    gone.refresh_from_db()
    assert (waiting.state, waiting.suggested_unit, waiting.handler) == (State.FILED, "D01", "")
    assert (gone.suggested_unit, gone.handler) == ("S01", "S01")
    assert decision(wang_fang, waiting.pk, now=now).changed == ""


def test_pain_36_a_suggestion_that_differs_from_the_day_of_filing_says_why(
    bring, sun_li, wang_fang, now
):
    rule = routing.add_routing_rule(unit="D01", matter_prefix="09", actor=sun_li, now=now)
    order = bring(State.DISPATCHED)
    routing.end_routing_rule(rule, actor=sun_li, now=now)

    assert decision(wang_fang, order.pk, now=now).changed == (
        f"立案时建议环卫指导中心（派遣规则 {rule}）；派遣规则 {rule} 已停用；现在建议丹东中队"
    )


# Somebody has gone -------------------------------------------------------------------------------


def close(unit: str, now: datetime) -> None:
    Unit.objects.filter(code=unit).update(closed_on=now.date())
    forget_directory()


def test_a_rule_is_flagged_when_its_unit_is_closed(bring, sun_li, now):
    rule = routing.add_routing_rule(unit="D01", actor=sun_li, now=now)
    close("D01", now)

    delivered = Delivered(
        id=1, event=None, subject="unit:D01", actor="person:7", happened_at=now, now=now
    )  # fmt: skip
    flag_rules_of_the_gone(delivered)
    flag_rules_of_the_gone(delivered)

    flagged = RoutingRule.objects.get(pk=rule)
    assert flagged.flag == "指定的单位环卫指导中心已撤销"
    assert Event.objects.filter(name="workorders.routing-flagged").count() == 1
    assert bring().suggested_unit == "S01"
    assert rules_naming_the_gone(now=now) == [rule]


def test_a_flagged_rule_stays_unused_though_the_unit_comes_back(bring, sun_li, now):
    routing.add_routing_rule(unit="D01", actor=sun_li, now=now)
    close("D01", now)
    routing.flag_routing_rules(county=COUNTY, actor=sun_li, now=now)
    Unit.objects.filter(code="D01").update(closed_on=None)
    forget_directory()

    assert bring().suggested_unit == "S01"


def test_a_person_who_left_is_marked_on_the_page_and_in_the_invariants(centre, sun_li, today):
    rule = routing.add_routing_rule(unit="S01", person="person:4", actor=sun_li, now=today)
    assert rules_naming_the_gone(now=today) == []
    Person.objects.filter(pk=4).update(is_active=False)
    forget_directory()

    page = text(centre.get(ROUTING))

    assert "已离岗" in page
    assert "1 条规则指向已撤销的单位、已离岗的人或未装载的图层" in page
    assert rules_naming_the_gone(now=today) == [rule]


# No answer ---------------------------------------------------------------------------------------


def test_pain_40_no_answer_means_three_candidates_with_counts_and_a_person_decides(
    bring, sun_li, wang_fang, now
):
    for _ in range(2):
        bring(State.CLOSED, at=now - timedelta(days=3))
    routing.add_routing_rule(unit="D01", handler_kind="sanitation", actor=sun_li, now=now)
    nowhere = intake.report(
        _said("此处应由环卫指导中心处置", lon=IN_SHIPU[0], lat=IN_SHIPU[1]),
        actor=wang_fang,
        now=now,
    )

    found = decision(wang_fang, nowhere.id, now=now)

    order = WorkOrder.objects.get(pk=nowhere.id)
    assert (order.suggested_unit, order.handler, order.state) == ("", "", State.REPORTED)
    assert found.suggestion.unit == ""
    assert [(one.unit, one.reasons) for one in found.candidates] == [
        ("S01", ("近期处置同一事项 2 件",))
    ]


def _said(words: str, **changes: Any):
    return replace(STALL_REPORT, channel="hotline", description=words, **changes)


def test_candidates_say_what_speaks_for_each(bring, sun_li, wang_fang, now):
    for _ in range(3):
        bring(State.CLOSED, at=now - timedelta(days=3))
    routing.add_routing_rule(
        unit="D01", layer="没有装载的地块", matter_prefix="09", actor=sun_li, now=now
    )
    routing.add_routing_rule(unit="S02", handler_kind="squad", actor=sun_li, now=now)
    order = bring(State.FILED)

    found = decision(wang_fang, order.pk, now=now).candidates

    assert found[0].unit == "S01"
    assert found[0].reasons == (
        "近期在本责任网格处置 3 件",
        "近期处置同一事项 3 件",
        "近期处置须“执法中队”办的案件 3 件",
    )
    assert (found[1].unit, found[1].reasons) == ("S02", ("派遣规则中承担“执法中队”的有 1 条",))


def test_pain_27_the_picker_shows_department_description_and_the_person_on_duty(
    bring, centre, sun_li, today
):
    routing.add_routing_rule(
        unit="S01", area_prefix=SHIPU, note="夜市、早市管理", actor=sun_li, now=today
    )
    order = bring(State.FILED, at=today)

    page = text(centre.get(f"/work-orders/{order.pk}/"))

    person = directory(COUNTY, now=today).person_in("S01")
    assert person
    assert f"丹东中队 · 夜市、早市管理 · {person}" in page
    assert '<optgroup label="中队">' in page


# The sheet ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("周一至周五", "12345"),
        ("一、三、五", "135"),
        ("工作日", "12345"),
        ("周末", "67"),
        ("12345", "12345"),
        ("周五至周一", "1567"),
        ("每天", ""),
        ("", ""),
        ("1234567", ""),
    ],
)
def test_weekdays_are_read_as_people_write_them(said, digits):
    assert weekdays_of(said) == digits


@pytest.mark.parametrize(
    ("said", "slot"),
    [("18:00-22:00", "18:00-22:00"), ("18:00—次日6:00", "18:00-06:00"), ("全天", "")],
)
def test_slots_are_read_as_people_write_them(said, slot):
    assert slot_of(said) == slot


@pytest.mark.parametrize("said", ["晚上", "18-22"])
def test_what_is_no_slot_is_refused(said):
    with pytest.raises(Unreadable):
        slot_of(said)


def sheet(*rows: dict[str, object]) -> bytes:
    return book([[line.get(head) for head in HEADS] for line in rows], heads=HEADS, sheet="权责")


FULL = {
    "事项": "09005 店外经营", "范围": "丹东街道", "星期": "周一至周五", "时段": "18:00-22:00",
    "处置单位类型": "执法中队", "处置单位": "丹东中队", "责任人": "周健", "备注": "夜市",
}  # fmt: skip


def test_a_sheet_is_judged_with_a_report_of_what_cannot_be_read(county, sun_li, now):
    content = sheet(
        FULL,
        {"事项": "天外来物", "处置单位": "丹东中队"},
        {"事项": "全部事项", "处置单位": "神仙局"},
        {"事项": "06", "处置单位": "D01", "时段": "晚上"},
        {"事项": "06", "处置单位": "D01", "责任人": "周健"},
        {"事项": "06", "处置单位": "D01", "道路": "靖南大街"},
        {**FULL, "处置单位": "石浦中队", "责任人": None},
    )

    plan = judge_matrix(sun_li, content, file_name="权责.xlsx", is_whole=False, now=now)

    assert plan.count(MatrixDeed.NEW) == 1
    assert [(fault.row, fault.column) for fault in plan.faults] == [
        (4, "事项"), (5, "处置单位"), (6, "时段"), (7, "责任人"), (8, "道路"), (9, "事项"),
    ]  # fmt: skip
    assert not RoutingRule.objects.exists()


def test_a_sheet_is_written_with_one_dry_run_and_its_export_changes_nothing(
    bring, centre, sun_li, today
):
    bring(State.FILED, at=today - timedelta(days=1))
    old = routing.add_routing_rule(unit="S02", matter_prefix="06", actor=sun_li, now=today)
    content = sheet(
        FULL,
        {"事项": "06 市容环境类", "处置单位": "环卫指导中心"},
        {"事项": "10", "处置单位": "S02"},
    )

    plan = matrix.import_matrix(
        content, file_name="权责.xlsx", is_whole=False, actor=sun_li, now=today
    )

    assert {deed: plan.count(deed) for deed in (MatrixDeed.NEW, MatrixDeed.CHANGED)} == {
        MatrixDeed.NEW: 2, MatrixDeed.CHANGED: 1,
    }  # fmt: skip
    assert RoutingRule.objects.get(pk=old).valid_to is not None
    rule = RoutingRule.objects.get(matter_prefix=STALL)
    assert (rule.weekdays, rule.slot, rule.person, rule.area_prefix) == (
        "12345",
        "18:00-22:00",
        "person:4",
        DANDONG,
    )
    assert json.loads(Event.objects.get(name="workorders.matrix-imported").data)["looked"] == 1
    again = centre.get(f"{ROUTING}?export=xlsx").content
    same = judge_matrix(sun_li, again, file_name="导出.xlsx", is_whole=True, now=today)
    assert (same.faults, same.changes) == ((), ())


def test_a_whole_sheet_ends_the_rules_that_it_does_not_have(county, sun_li, now):
    rule = routing.add_routing_rule(unit="S02", matter_prefix="06", actor=sun_li, now=now)

    matrix.import_matrix(sheet(FULL), file_name="权责.xlsx", is_whole=True, actor=sun_li, now=now)

    assert RoutingRule.objects.get(pk=rule).valid_to == now.date()


def test_a_sheet_that_changes_nothing_is_refused(county, sun_li, now, snapshot):
    before = snapshot()

    with pytest.raises(InvalidInput, match="没有改动"):
        matrix.import_matrix(
            sheet({"事项": "x", "处置单位": "y"}),
            file_name="x.xlsx",
            is_whole=False,
            actor=sun_li,
            now=now,
        )

    assert snapshot() == before


def upload(client, content: bytes, **more):
    return client.post(
        f"{ROUTING}import/", {"file": SimpleUploadedFile("权责.xlsx", content), **more}
    )


def test_the_page_previews_reports_and_writes(centre, today):
    preview = upload(centre, sheet(FULL, {"事项": "天外来物", "处置单位": "丹东中队"}))
    kept = {"content": preview.context["content"], "file_name": "权责.xlsx", "is_whole": ""}
    report = centre.post(f"{ROUTING}import/", {**kept, "export": "xlsx"})
    written = centre.post(f"{ROUTING}import/", {**kept, "deed": "write"}, follow=True)

    assert "没有这个事项或大类" in text(preview)
    lines = list(load_workbook(BytesIO(report.content)).active.iter_rows(values_only=True))
    assert lines[1][1:4] == (4, "事项", "天外来物")
    assert "已导入权责矩阵：新增 1、修改 0、停用 0 条。" in text(written)
    assert RoutingRule.objects.count() == 1


@pytest.mark.parametrize("path", ["import/", "layers/", "new/"])
def test_a_handler_reads_none_of_the_pages(handler, path):
    assert handler.get(f"{ROUTING}{path}").status_code == 403


def test_a_layer_is_loaded_on_its_page(centre, today):
    file = SimpleUploadedFile("夜市.geojson", json.dumps(SQUARE).encode())
    answer = centre.post(f"{ROUTING}layers/", {"title": "靖南夜市", "file": file}, follow=True)
    broken = centre.post(
        f"{ROUTING}layers/", {"title": "坏的", "file": SimpleUploadedFile("x.json", b"{")}
    )

    assert "已装载图层。" in text(answer)
    assert "靖南夜市" in text(answer)
    assert broken.status_code == 422
    assert RoutingLayer.objects.count() == 1


def test_a_layer_nobody_loaded_is_named_on_the_pages(centre, sun_li, today):
    routing.add_routing_rule(unit="D01", layer="没装载的地块", actor=sun_li, now=today)

    assert "图层未就绪" in text(centre.get(ROUTING))
    assert "图层“没装载的地块”未就绪。" in text(centre.get(f"{ROUTING}layers/"))


def test_routing_is_asked_of_a_compiled_book(county, sun_li, now):
    routing.add_routing_rule(unit="D01", matter_prefix="09", actor=sun_li, now=now)

    known = directory(COUNTY, now=now)

    assert list(known.book.by_prefix) == ["09"]
    assert known is directory(COUNTY, now=now)
