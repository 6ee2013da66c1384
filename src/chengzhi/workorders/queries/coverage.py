"""The coverage plan as people see it: matrix, gaps, overlaps, numbers; and `primary_for`."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import product

from django.db.models import Avg, F, QuerySet

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.kernel.errors import NotVisible
from chengzhi.kernel.procedure import refusals
from chengzhi.places import interface as places
from chengzhi.workorders.models import CoverageCell, CoveragePlan, CoverageZone, WorkOrder
from chengzhi.workorders.procedure.coverage import COVERAGE, PLANNERS, coverage_roles
from chengzhi.workorders.queries.coverage_book import coverage_book
from chengzhi.workorders.queries.directory import Directory, directory
from chengzhi.workorders.rules.coverage import coverage_settings, slot_at
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types.coverage import (
    PLAN_LABELS,
    SOURCE_LABELS,
    WEEKDAYS,
    CellView,
    CoverageNumbers,
    PlanFacts,
    PlanRef,
    PlanState,
    PlanView,
    Turn,
    ZoneView,
)

READERS = (
    *sorted(PLANNERS), Role.LEADER, Role.EVALUATOR, Role.AUDITOR, Role.ACCEPTANCE_OFFICER,
    Role.SQUAD_LEADER, Role.HANDLER, Role.COLLECTOR,
)  # fmt: skip
UNSEEN = "没有这个错区域计划，或它不在您的查看范围内。"
Found = dict[tuple[int, int, str], dict[str, int]]  # zone, weekday, slot -> source -> count


def visible_plans(actor: Actor) -> QuerySet[CoveragePlan]:
    """Return the county's plans, for those who work by them."""
    if len(actor.county) != 6 or actor.roles.isdisjoint(READERS):
        return CoveragePlan.objects.none()
    return CoveragePlan.objects.filter(county=actor.county)


def access_plan(actor: Actor, pk: int, *, lock: bool = False) -> CoveragePlan:
    """Return one plan.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    rows = visible_plans(actor)
    found = (rows.select_for_update() if lock else rows).filter(pk=pk).first()
    if found is None:
        raise NotVisible(UNSEEN)
    return found


def primary_for(county: str, grid: str, at: datetime) -> Turn | None:
    """Return whose turn it is in a patrol grid at a moment; None where no plan says."""
    book = coverage_book(county, on=civil_date(at))
    return book.turn(grid, at) if book else None


def active_plan(county: str) -> CoveragePlan | None:
    """Return the version that holds, or will next."""
    return CoveragePlan.objects.filter(county=county, state=PlanState.ACTIVE).first()


def plan_refs(actor: Actor) -> list[PlanRef]:
    """Return the versions, newest first."""
    accounts.require(actor, *READERS)
    plans = list(visible_plans(actor).order_by("-starts_on", "-pk")[:100])
    names = accounts.names_of({plan.created_by for plan in plans})
    return [_ref(plan, names) for plan in plans]


def _ref(plan: CoveragePlan, names: dict[str, str]) -> PlanRef:
    zones = CoverageZone.objects.filter(plan=plan).count()
    return PlanRef(
        id=plan.pk,
        state=plan.state,
        state_label=PLAN_LABELS[plan.state],
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        note=plan.note,
        created_by_name=names.get(plan.created_by, ""),
        created_at=plan.created_at,
        zone_count=zones,
        gap_count=gap_count(plan, zones),
    )


def gap_count(plan: CoveragePlan, zones: int) -> int:
    """Return how many zone-slots of the week have no primary source (空档)."""
    covered = CoverageCell.objects.filter(zone__plan=plan).exclude(primary="").count()
    return zones * len(WEEKDAYS) * len(coverage_settings().slots) - covered


def plan_facts(plan: CoveragePlan, *, now: datetime) -> PlanFacts:
    """Return what the guards of a plan may ask."""
    zones = list(CoverageZone.objects.filter(plan=plan))
    active = active_plan(plan.county)
    seen: set[str] = set()
    doubled = []
    for zone in zones:
        doubled += [grid for grid in zone.grid_codes if grid in seen]
        seen.update(zone.grid_codes)
    return PlanFacts(
        zone_count=len(zones),
        starts_on=plan.starts_on,
        active_since=active.starts_on if active else None,
        today=civil_date(now),
        doubled=tuple(doubled),
    )


def plan_view(actor: Actor, pk: int, *, weekday: int, now: datetime) -> PlanView:
    """Return one version on one weekday, with what was found lately beside what is planned.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    plan = access_plan(actor, pk)
    zones = list(CoverageZone.objects.filter(plan=plan).order_by("title", "pk"))
    cells = _cells(plan)
    found = found_lately(plan.county, zones, now=now)
    names = directory(actor.county, now=now)
    rows = tuple(_zone(zone, cells, found, names, weekday) for zone in zones)
    facts = plan_facts(plan, now=now)
    steps = [s for s in COVERAGE.steps_from(plan.state) if s.name != "replace"]
    mine = [s for s in steps if not actor.roles.isdisjoint(coverage_roles(s))]
    return PlanView(
        ref=_ref(plan, accounts.names_of({plan.created_by})),
        weekday=weekday,
        zones=rows,
        numbers=_numbers(plan, zones, rows, found, now=now),
        actions=tuple((s.name, s.label, tuple(refusals(s, facts))) for s in mine),
        may_edit=plan.state == PlanState.PLANNED and not actor.roles.isdisjoint(PLANNERS),
    )


def _cells(plan: CoveragePlan) -> dict[tuple[int, int, str], CoverageCell]:
    rows = CoverageCell.objects.filter(zone__plan=plan)
    return {(cell.zone_id, cell.weekday, cell.slot): cell for cell in rows}


def found_lately(county: str, zones: Iterable[CoverageZone], *, now: datetime) -> Found:
    """Return what each source found in each zone-slot in the last weeks, from work orders."""
    settings = coverage_settings()
    zone_of = {grid: zone.pk for zone in zones for grid in zone.grid_codes}
    counts: Found = defaultdict(lambda: defaultdict(int))
    for grid, channel, at in _lately(county, now).values_list("grid", "channel", "reported_at"):
        if grid in zone_of:
            weekday, slot = slot_at(at)
            counts[zone_of[grid], weekday, slot.key][settings.sources[channel]] += 1
    return {key: dict(value) for key, value in counts.items()}


def _lately(county: str, now: datetime) -> QuerySet[WorkOrder]:
    settings = coverage_settings()
    since = now - timedelta(days=settings.overlap_days)
    return WorkOrder.objects.filter(
        county=county, reported_at__gte=since, reported_at__lt=now, channel__in=settings.sources
    )


def _zone(
    zone: CoverageZone,
    cells: dict[tuple[int, int, str], CoverageCell],
    found: Found,
    names: Directory,
    weekday: int,
) -> ZoneView:
    slots = [slot.key for slot in coverage_settings().slots]
    week = list(product(WEEKDAYS, slots))
    return ZoneView(
        id=zone.pk,
        name=zone.title,
        grids=zone.grid_codes,
        unit=zone.unit,
        unit_name=names.unit_name(zone.unit),
        cells=tuple(
            _cell(slot, cells.get((zone.pk, weekday, slot)), found.get((zone.pk, weekday, slot), {}), names)
            for slot in slots
        ),
        gap_week=sum(_is_gap(cells.get((zone.pk, day, slot))) for day, slot in week),
        overlap_week=sum(len(found.get((zone.pk, day, slot), {})) > 1 for day, slot in week),
    )  # fmt: skip


def _is_gap(cell: CoverageCell | None) -> bool:
    return cell is None or not cell.primary


def _cell(
    slot: str, cell: CoverageCell | None, found: dict[str, int], names: Directory
) -> CellView:
    primary, backup = (cell.primary, cell.backup) if cell else ("", "")
    label = SOURCE_LABELS.get(primary, "")
    return CellView(
        slot=slot,
        primary=primary,
        backup=backup,
        choice=f"{primary}+{backup}" if backup else primary,
        label=label,
        unit_name=names.unit_name(cell.unit) if cell and cell.unit else "",
        found={SOURCE_LABELS[key]: count for key, count in sorted(found.items())},
        is_gap=not primary,
        is_overlap=len(found) > 1,
    )


def _numbers(
    plan: CoveragePlan,
    zones: list[CoverageZone],
    rows: tuple[ZoneView, ...],
    found: Found,
    *,
    now: datetime,
) -> CoverageNumbers:
    totals: dict[str, int] = defaultdict(int)
    for counts in found.values():
        for source, count in counts.items():
            totals[source] += count
    handled = _lately(plan.county, now).filter(handled_at__isnull=False)
    mean = handled.aggregate(mean=Avg(F("handled_at") - F("reported_at")))["mean"]
    return CoverageNumbers(
        slots=len(zones) * len(WEEKDAYS) * len(coverage_settings().slots),
        gaps=sum(row.gap_week for row in rows),
        overlaps=sum(row.overlap_week for row in rows),
        found=dict(totals),
        handling=mean,
    )


def coverage_map(actor: Actor, pk: int, *, now: datetime) -> dict[str, object]:
    """Return the zones' grids as GeoJSON, coloured by gaps (red) and overlaps (amber)."""
    view = plan_view(actor, pk, weekday=1, now=now)
    tone = {grid: _tone(zone) for zone in view.zones for grid in zone.grids}
    label = {grid: _map_label(zone) for zone in view.zones for grid in zone.grids}
    shapes = places.grids_geojson(county=actor.county)
    kept = [f for f in shapes["features"] if f["properties"]["code"] in tone]
    features = [
        {
            **feature,
            "properties": {
                "name": label[feature["properties"]["code"]],
                "style": {"color": tone[feature["properties"]["code"]], "fillOpacity": 0.35},
            },
        }
        for feature in kept
    ]
    return {"type": "FeatureCollection", "features": features}


def _tone(zone: ZoneView) -> str:
    if zone.gap_week:
        return "#c22f27"
    return "#b26a00" if zone.overlap_week else "#2e7d4f"


def _map_label(zone: ZoneView) -> str:
    return f"{zone.name}：空档 {zone.gap_week}，重叠 {zone.overlap_week}"


def free_grids(plan: CoveragePlan) -> dict[str, str]:
    """Return the county's patrol grids that lie in no zone of the plan, code to name."""
    taken = {g for zone in CoverageZone.objects.filter(plan=plan) for g in zone.grid_codes}
    return {g.code: g.name for g in places.grid_refs(plan.county) if g.code not in taken}


def next_monday(today: date) -> date:
    """Return the day on which the next weekly plan begins."""
    return today + timedelta(days=7 - today.weekday())
