"""Coverage plans: every pair of the table, versions by date, gaps, overlaps, whose turn it is."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from django.urls import reverse

from chengzhi.accounts.rules import NotPermitted
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders.commands import coverage as commands
from chengzhi.workorders.invariants import plans_that_overlap
from chengzhi.workorders.models import CoverageCell, CoveragePlan, CoverageZone
from chengzhi.workorders.procedure.coverage import COVERAGE
from chengzhi.workorders.queries.coverage import (
    coverage_map,
    next_monday,
    plan_refs,
    plan_view,
    primary_for,
)
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.rules import coverage as g
from chengzhi.workorders.rules.coverage import coverage_settings, slot_at
from chengzhi.workorders.types import Channel, State
from chengzhi.workorders.types.coverage import CellChange, PlanFacts, PlanState, Source
from tests.workorders.conftest import COUNTY, DANDONG, HERE, text

GRID = f"{DANDONG}07"
DAY = timedelta(days=1)
TABLE = {
    ("planned", "activate"): "active",
    ("planned", "discard"): "replaced",
    ("active", "replace"): "replaced",
}
READY = PlanFacts(zone_count=1, starts_on=date(2026, 11, 25), today=date(2026, 11, 25))


@pytest.mark.parametrize(
    ("state", "name"), sorted(product(PlanState, ("activate", "discard", "replace")))
)
def test_a_pair_is_allowed_exactly_when_the_table_says_so(state, name):
    if (state, name) in TABLE:
        assert COVERAGE.take(name, state=state, facts=READY).target == TABLE[state, name]
    else:
        with pytest.raises(StepNotAllowed, match=COVERAGE.states[state]):
            COVERAGE.take(name, state=state, facts=READY)


GUARDS = [
    (g.zones_drawn, PlanFacts(), "还没有片区"),
    (g.no_grid_twice, PlanFacts(doubled=(GRID,)), "同时在两个片区"),
    (g.starts_in_time, PlanFacts(starts_on=date(2026, 11, 24), today=date(2026, 11, 25)), "已过"),
    (
        g.follows_the_active,
        PlanFacts(starts_on=date(2026, 11, 25), active_since=date(2026, 11, 25)),
        "现行计划从 2026-11-25 起",
    ),
]


@pytest.mark.parametrize(("guard", "wrong", "words"), GUARDS, ids=[x[0].__name__ for x in GUARDS])
def test_a_guard_says_why_not_and_passes_when_it_is_cured(guard, wrong, words):
    assert words in (guard(wrong) or "")
    assert guard(READY) is None


@pytest.mark.parametrize(
    ("hour", "weekday", "slot"),
    [(2, 2, "night"), (6, 3, "morning"), (13, 3, "midday"), (18, 3, "evening"), (23, 3, "night")],
)
def test_a_night_belongs_to_its_evening(hour, weekday, slot):
    """2026-11-25 is a Wednesday; two in the morning is still Tuesday's night."""
    at = datetime(2026, 11, 25, hour, tzinfo=UTC) - timedelta(hours=8)

    found = slot_at(at)

    assert (found[0], found[1].key) == (weekday, slot)


def everything():
    return (
        list(CoveragePlan.objects.order_by("pk").values()),
        list(CoverageZone.objects.order_by("pk").values()),
        list(CoverageCell.objects.order_by("pk").values()),
        list(Event.objects.order_by("pk").values_list("pk", "hash")),
    )


@pytest.fixture
def drafted(county, wang_fang, now):
    return commands.draft_plan(starts_on=date(2026, 11, 25), note="首版", actor=wang_fang, now=now)


def change(zone, slot="midday", weekday=3, primary=Source.AI, backup="", unit=""):
    return CellChange(
        zone=zone.pk, weekday=weekday, slot=slot, primary=primary, backup=backup, unit=unit
    )


@pytest.fixture
def active(drafted, wang_fang, now):
    zone = CoverageZone.objects.get(plan=drafted)
    commands.fill_cells(
        drafted.pk,
        changes=(change(zone, backup=Source.SQUAD), change(zone, "evening", unit="D01")),
        actor=wang_fang,
        now=now,
    )
    return commands.activate_plan(drafted.pk, actor=wang_fang, now=now)


def test_the_first_version_has_a_zone_for_each_squad(drafted):
    zone = CoverageZone.objects.get(plan=drafted)

    assert (zone.title, zone.grid_codes, zone.unit) == ("丹东中队", (GRID,), "S01")
    assert drafted.state == "planned"


def test_a_plan_says_whose_turn_it_is(active, now):
    turn = primary_for(COUNTY, GRID, now)
    evening = primary_for(COUNTY, GRID, now.replace(hour=12))

    assert (turn.primary, turn.backup, turn.unit) == ("ai", "squad", "S01")
    assert (turn.weekday, turn.slot) == (3, "midday")
    assert evening.unit == "D01"
    assert primary_for(COUNTY, "330225001999", now) is None
    assert primary_for("330203", GRID, now) is None


def test_the_routing_suggestion_names_the_unit_of_the_slot(active, bring, now):
    order = bring(at=now.replace(hour=12))  # eight in the evening

    suggestion = directory(COUNTY, now=now).suggest(
        matter="09005", place=order.located, at=now.replace(hour=12)
    )

    assert suggestion.unit == order.suggested_unit == "D01"
    assert "错区域计划" in suggestion.reasons[0] and "周三" in suggestion.reasons[0]


def test_a_new_version_replaces_the_old_one_on_its_day_and_deletes_nothing(
    active, wang_fang, zhao_qiang, now
):
    later = commands.draft_plan(starts_on=date(2026, 11, 30), actor=wang_fang, now=now)
    zone = CoverageZone.objects.get(plan=later)
    commands.fill_cells(
        later.pk,
        changes=(change(zone, primary=Source.COLLECTOR, weekday=3),),
        actor=wang_fang,
        now=now,
    )

    commands.activate_plan(later.pk, actor=zhao_qiang, now=now)

    active.refresh_from_db()
    assert (active.state, active.ends_on) == ("replaced", date(2026, 11, 30))
    assert primary_for(COUNTY, GRID, now).primary == "ai"  # the old one holds until its day
    assert primary_for(COUNTY, GRID, now + 7 * DAY).primary == "collector"
    assert CoverageCell.objects.filter(zone__plan=active).count() == 2
    assert plans_that_overlap(now=now) == []


def test_a_plan_in_force_is_not_changed(active, wang_fang, now):
    zone = CoverageZone.objects.get(plan=active)
    before = everything()

    with pytest.raises(StepNotAllowed, match="只有编制中的计划可以修改"):
        commands.fill_cells(active.pk, changes=(change(zone, "night"),), actor=wang_fang, now=now)

    assert everything() == before


@pytest.mark.parametrize(
    "wrong",
    [{"weekday": 8}, {"slot": "noon"}, {"primary": "dog"}, {"backup": "ai"}, {"unit": "Z9"}],
)
def test_a_malformed_cell_changes_nothing(drafted, wang_fang, now, wrong):
    zone = CoverageZone.objects.get(plan=drafted)
    before = everything()

    with pytest.raises(InvalidInput):
        commands.fill_cells(
            drafted.pk,
            changes=(change(zone, "night"), change(zone, **wrong)),
            actor=wang_fang,
            now=now,
        )

    assert everything() == before


def test_grids_that_are_split_off_leave_their_zone_and_keep_their_hours(drafted, wang_fang, now):
    old = CoverageZone.objects.get(plan=drafted)
    commands.fill_cells(drafted.pk, changes=(change(old),), actor=wang_fang, now=now)

    zone = commands.split_zone(
        drafted.pk, title="靖南夜市", grids=(GRID,), unit="D01", actor=wang_fang, now=now
    )

    assert [z.title for z in CoverageZone.objects.filter(plan=drafted)] == ["靖南夜市"]
    assert CoverageCell.objects.get(zone=zone).primary == "ai"


def test_only_planners_plan(drafted, zhao_qiang, zhou_jian, chen_jing, now):
    before = everything()

    with pytest.raises(NotPermitted):
        commands.draft_plan(starts_on=now.date(), actor=zhou_jian, now=now)
    with pytest.raises(NotPermitted):
        commands.discard_plan(drafted.pk, actor=zhao_qiang, now=now)
    with pytest.raises(NotVisible):
        commands.activate_plan(drafted.pk, actor=chen_jing, now=now)

    assert everything() == before


# numbers --------------------------------------------------------------------------------------


def test_gaps_are_zone_slots_without_a_primary_source(active, wang_fang, now):
    slots = len(coverage_settings().slots)

    view = plan_view(wang_fang, active.pk, weekday=3, now=now)

    assert view.numbers.slots == 7 * slots
    assert view.numbers.gaps == 7 * slots - 2 == plan_refs(wang_fang)[0].gap_count
    assert [cell.is_gap for cell in view.zones[0].cells] == [True, False, True, False, True]


def test_an_overlap_is_where_two_sources_really_found_something(active, bring, wang_fang, now):
    last_week = now - 7 * DAY
    bring(at=last_week)
    bring(at=last_week + timedelta(minutes=5), channel=Channel.PATROL)
    bring(at=last_week + timedelta(hours=8))  # in the evening, a collector alone

    view = plan_view(wang_fang, active.pk, weekday=3, now=now)

    midday = view.zones[0].cells[1]
    assert midday.found == {"采集员": 1, "中队巡查": 1}
    assert midday.is_overlap and not view.zones[0].cells[3].is_overlap
    assert view.numbers.overlaps == view.zones[0].overlap_week == 1
    assert view.numbers.found == {"collector": 2, "squad": 1}
    assert view.numbers.ai_share == 0


def test_the_mean_time_from_finding_to_handling_is_counted(active, bring, wang_fang, now):
    bring(State.CLOSED, at=now - DAY)

    numbers = plan_view(wang_fang, active.pk, weekday=3, now=now).numbers

    assert numbers.handling == timedelta(0)


def test_the_map_paints_gaps_red(active, wang_fang, now):
    shapes = coverage_map(wang_fang, active.pk, now=now)

    painted = shapes["features"][0]["properties"]
    assert painted["style"]["color"] == "#c22f27"
    assert "空档 33" in painted["name"]


def test_a_week_begins_on_monday():
    assert next_monday(date(2026, 11, 25)) == date(2026, 11, 30)
    assert next_monday(date(2026, 11, 30)) == date(2026, 12, 7)


# pages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "words"), [("plan", "丹东中队"), ("gaps", "丹东中队"), ("overlaps", "没有重叠")]
)
def test_every_view_of_a_plan_opens(active, centre, view, words):
    page = text(centre.get(reverse("coverage-plan", args=[active.pk]) + f"?weekday=3&view={view}"))

    assert words in page


def test_the_home_opens_the_plan_in_force(active, centre):
    assert centre.get(reverse("coverage"))["Location"] == f"/coverage/plans/{active.pk}/"


def test_the_editor_writes_a_day_or_the_whole_week(drafted, centre):
    zone = CoverageZone.objects.get(plan=drafted)
    said = {"weekday": "2", "zone": zone.pk, f"unit-{zone.pk}": "D01", "whole_week": "1"}
    said |= {f"cell-{zone.pk}-{slot.key}": "ai+squad" for slot in coverage_settings().slots}

    answer = centre.post(reverse("coverage-deed", args=[drafted.pk, "fill"]), said)

    zone.refresh_from_db()
    assert answer.status_code == 302
    assert zone.unit == "D01"
    assert CoverageCell.objects.filter(zone=zone, primary="ai", backup="squad").count() == 35


def test_a_version_is_drafted_and_activated_over_the_buttons(drafted, centre, today):
    starts = (today.astimezone(tz=UTC) + 3 * DAY).date().isoformat()
    CoveragePlan.objects.filter(pk=drafted.pk).update(starts_on=starts)

    centre.post(reverse("coverage-deed", args=[drafted.pk, "activate"]))
    centre.post(reverse("coverage-draft"), {"starts_on": "2099-01-04"})

    assert list(CoveragePlan.objects.order_by("pk").values_list("state", flat=True)) == [
        "active",
        "planned",
    ]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_plans_and_matrix_are_exported(active, centre, kind):
    for address in (reverse("coverage-plans"), reverse("coverage-plan", args=[active.pk])):
        answer = centre.get(address + f"?export={kind}")
        assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]


def test_a_stranger_sees_no_plan(active, stranger):
    assert active.note not in text(stranger.get(reverse("coverage-plans")))
    assert stranger.get(reverse("coverage-plan", args=[active.pk])).status_code == 404
    assert stranger.get(reverse("coverage-shapes", args=[active.pk])).status_code == 404


def test_the_api_says_whose_turn_it_is(active, centre, now):
    asked = {"grid": GRID, "at": now.isoformat()}

    turn = centre.get("/api/v1/coverage/turn", asked).json()
    nobody = centre.get("/api/v1/coverage/turn", asked | {"grid": "1"}).json()
    plan = centre.get(f"/api/v1/coverage/plans/{active.pk}?weekday=3").json()

    assert (turn["primary"], turn["unit"]) == ("ai", "S01")
    assert nobody["plan"] is None
    assert plan["zones"][0]["gap_week"] == 33
    assert centre.get("/api/v1/coverage/plans").json()[0]["id"] == active.pk
    assert HERE[0] > 0
