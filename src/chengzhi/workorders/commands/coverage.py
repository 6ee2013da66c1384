"""Writing a coverage plan: draft a version, draw zones, fill the week, activate, replace."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.kernel.procedure import Step, StepNotAllowed
from chengzhi.places import interface as places
from chengzhi.workorders.events.coverage import (
    CoverageActivated,
    CoverageChanged,
    CoverageEnded,
    CoveragePlanned,
)
from chengzhi.workorders.models import CoverageCell, CoveragePlan, CoverageZone
from chengzhi.workorders.procedure.coverage import COVERAGE, PLANNERS, coverage_roles
from chengzhi.workorders.queries.coverage import (
    access_plan,
    active_plan,
    gap_count,
    plan_facts,
)
from chengzhi.workorders.queries.directory import directory, forget_directory
from chengzhi.workorders.rules.coverage import coverage_settings
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types.coverage import (
    SOURCE_LABELS,
    WEEKDAY_NAMES,
    WEEKDAYS,
    CellChange,
    PlanState,
)

MOST_ZONES = 300


@transaction.atomic
def draft_plan(*, starts_on: date, actor: Actor, now: datetime, note: str = "") -> CoveragePlan:
    """Write a new version: a copy of the one that holds, else one zone for each squad."""
    accounts.require(actor, *sorted(PLANNERS))
    if starts_on < civil_date(now):
        raise InvalidInput("启用日期不能在今天以前，请改正。", field="starts_on")
    if len(note) > 200:
        raise InvalidInput("说明最多 200 字，请缩短。", field="note")
    plan = CoveragePlan.objects.create(
        county=actor.county,
        starts_on=starts_on,
        note=note.strip(),
        created_by=actor.ref,
        created_at=now,
    )
    before = active_plan(actor.county)
    count = _copy(before, plan) if before else _by_squad(plan)
    event = CoveragePlanned(
        plan=plan.pk, starts_on=starts_on.isoformat(), zone_count=count, note=plan.note
    )
    _tell(plan, event, actor, now)
    return plan


def _copy(before: CoveragePlan, plan: CoveragePlan) -> int:
    zones = list(CoverageZone.objects.filter(plan=before).order_by("pk"))
    made = CoverageZone.objects.bulk_create(
        CoverageZone(plan=plan, title=z.title, grids=z.grids, unit=z.unit) for z in zones
    )
    new = {old.pk: zone for old, zone in zip(zones, made, strict=True)}
    CoverageCell.objects.bulk_create(
        CoverageCell(
            zone=new[cell.zone_id], weekday=cell.weekday, slot=cell.slot,
            primary=cell.primary, backup=cell.backup, unit=cell.unit,
        )
        for cell in CoverageCell.objects.filter(zone__plan=before).order_by("pk")
    )  # fmt: skip
    return len(made)


def _by_squad(plan: CoveragePlan) -> int:
    grids: dict[str, list[str]] = {}
    for grid in places.grid_refs(plan.county):
        grids.setdefault(grid.squad, []).append(grid.code)
    names = directory(plan.county, now=plan.created_at)
    CoverageZone.objects.bulk_create(
        CoverageZone(
            plan=plan,
            title=names.unit_name(squad) if squad else "未定中队",
            grids=" ".join(codes),
            unit=squad,
        )
        for squad, codes in sorted(grids.items())
    )
    return len(grids)


@transaction.atomic
def split_zone(
    pk: int, *, title: str, grids: tuple[str, ...], unit: str, actor: Actor, now: datetime
) -> CoverageZone:
    """Make a zone of its own of some grids; they leave the zones in which they lay."""
    plan = _open_plan(pk, actor)
    known = {grid.code for grid in places.grid_refs(plan.county)}
    if not grids or not known.issuperset(grids):
        raise InvalidInput("没有选择责任网格，或网格不在本县，请重新选择。", field="grids")
    if not 0 < len(title.strip()) <= 60:
        raise InvalidInput("片区名称应有 1 至 60 字，请改正。", field="title")
    _require_unit(plan, unit, now)
    zones = list(CoverageZone.objects.filter(plan=plan).order_by("pk"))
    if len(zones) >= MOST_ZONES:
        raise InvalidInput(f"片区最多 {MOST_ZONES} 个，请合并一些。", field="title")
    donor = next((z for z in zones if set(z.grid_codes) & set(grids)), None)
    zone = _make_zone(plan, title.strip(), grids, unit)
    if donor is not None:
        _inherit(donor, zone)
    for old in zones:
        _leave(old, frozenset(grids))
    _changed(plan, f"片区“{zone.title}”单列，{len(grids)} 个网格", actor, now)
    return zone


def _make_zone(plan: CoveragePlan, title: str, grids: tuple[str, ...], unit: str) -> CoverageZone:
    try:
        with transaction.atomic():
            return CoverageZone.objects.create(
                plan=plan, title=title, grids=" ".join(dict.fromkeys(grids)), unit=unit
            )
    except IntegrityError as error:
        raise InvalidInput("已有同名片区，请换一个名称。", field="title") from error


def _inherit(donor: CoverageZone, zone: CoverageZone) -> None:
    CoverageCell.objects.bulk_create(
        CoverageCell(zone=zone, weekday=c.weekday, slot=c.slot, primary=c.primary, backup=c.backup)
        for c in CoverageCell.objects.filter(zone=donor).order_by("pk")
    )


def _leave(zone: CoverageZone, gone: frozenset[str]) -> None:
    left = [code for code in zone.grid_codes if code not in gone]
    if len(left) == len(zone.grid_codes):
        return
    if left:
        zone.grids = " ".join(left)
        zone.save(update_fields=["grids"])
        return
    CoverageCell.objects.filter(zone=zone).delete()
    zone.delete()


@transaction.atomic
def fill_cells(
    pk: int,
    *,
    changes: tuple[CellChange, ...],
    actor: Actor,
    now: datetime,
    units: dict[int, str] | None = None,
) -> CoveragePlan:
    """Write who looks when, and which unit answers in a zone; what is the same stays."""
    plan = _open_plan(pk, actor)
    zones = {zone.pk: zone for zone in CoverageZone.objects.filter(plan=plan)}
    for change in changes:
        _refuse_malformed(change, zones, plan, now)
    kept = {(c.zone_id, c.weekday, c.slot): c for c in CoverageCell.objects.filter(zone__plan=plan)}
    count = sum(_fill(change, zones, kept) for change in changes)
    count += sum(_assign(plan, zones, zone, unit, now) for zone, unit in (units or {}).items())
    if count:
        days = "、".join(WEEKDAY_NAMES[d - 1] for d in sorted({c.weekday for c in changes}))
        _changed(plan, f"修改 {count} 处（{days or '责任单位'}）", actor, now)
    return plan


def _refuse_malformed(
    change: CellChange, zones: dict[int, CoverageZone], plan: CoveragePlan, now: datetime
) -> None:
    slots = {slot.key for slot in coverage_settings().slots}
    sources = {"", *SOURCE_LABELS}
    if change.zone not in zones:
        raise NotVisible("没有这个片区，或它不在这个计划里。")
    if change.weekday not in WEEKDAYS or change.slot not in slots:
        raise InvalidInput("没有这个星期或时段，请从表中选择。", field="slot")
    if change.primary not in sources or change.backup not in sources:
        raise InvalidInput("来源只能是智能抓拍、采集员或中队巡查，请改正。", field="primary")
    if change.backup and change.backup == change.primary:
        raise InvalidInput("主责和备份不能是同一来源，请改正。", field="backup")
    if change.unit:
        _require_unit(plan, change.unit, now)


def _fill(
    change: CellChange,
    zones: dict[int, CoverageZone],
    kept: dict[tuple[int, int, str], CoverageCell],
) -> bool:
    wanted = (change.primary, change.backup, change.unit)
    cell = kept.get((change.zone, change.weekday, change.slot))
    if cell is None:
        cell = CoverageCell(zone=zones[change.zone], weekday=change.weekday, slot=change.slot)
    if (cell.primary, cell.backup, cell.unit) == wanted:
        return False
    cell.primary, cell.backup, cell.unit = wanted
    cell.save()
    return True


def _assign(
    plan: CoveragePlan, zones: dict[int, CoverageZone], pk: int, unit: str, now: datetime
) -> bool:
    if pk not in zones:
        raise NotVisible("没有这个片区，或它不在这个计划里。")
    if zones[pk].unit == unit:
        return False
    _require_unit(plan, unit, now)
    zones[pk].unit = unit
    zones[pk].save(update_fields=["unit"])
    return True


def _require_unit(plan: CoveragePlan, unit: str, now: datetime) -> None:
    if unit and unit not in directory(plan.county, now=now).handlers:
        raise InvalidInput(f"单位 {unit[:18]} 不存在、已撤销或不承担处置，请另选。", field="unit")


@transaction.atomic
def activate_plan(pk: int, *, actor: Actor, now: datetime) -> CoveragePlan:
    """Put a version in force from its day on; the one before ends that day (启用)."""
    plan = access_plan(actor, pk, lock=True)
    step = _take(plan, "activate", actor=actor, now=now)
    before = active_plan(plan.county)
    if before is not None:
        before.state = _take(before, "replace", actor=actor, now=now).target
        before.ends_on = plan.starts_on
        before.save(update_fields=["state", "ends_on"])
        ended = CoverageEnded(plan=before.pk, reason=f"由计划 {plan.pk} 接替，{plan.starts_on} 起")
        _tell(before, ended, actor, now)
    plan.state = step.target
    plan.save(update_fields=["state"])
    zones = CoverageZone.objects.filter(plan=plan).count()
    event = CoverageActivated(
        plan=plan.pk,
        starts_on=plan.starts_on.isoformat(),
        zone_count=zones,
        gap_count=gap_count(plan, zones),
    )
    _tell(plan, event, actor, now)
    return plan


@transaction.atomic
def discard_plan(pk: int, *, actor: Actor, now: datetime) -> CoveragePlan:
    """Give up a version that was never in force (弃用)."""
    plan = access_plan(actor, pk, lock=True)
    step = _take(plan, "discard", actor=actor, now=now)
    plan.state, plan.ends_on = step.target, plan.starts_on
    plan.save(update_fields=["state", "ends_on"])
    _tell(plan, CoverageEnded(plan=plan.pk, reason="弃用，未执行"), actor, now)
    return plan


def _take(plan: CoveragePlan, name: str, *, actor: Actor, now: datetime) -> Step:
    step = COVERAGE.take(name, state=plan.state, facts=plan_facts(plan, now=now))
    accounts.require(actor, *coverage_roles(step))
    return step


def _open_plan(pk: int, actor: Actor) -> CoveragePlan:
    plan = access_plan(actor, pk, lock=True)
    accounts.require(actor, *sorted(PLANNERS))
    if plan.state != PlanState.PLANNED:
        raise StepNotAllowed("只有编制中的计划可以修改。要改现行计划，请另编一版并启用。")
    return plan


def _changed(plan: CoveragePlan, text: str, actor: Actor, now: datetime) -> None:
    _tell(plan, CoverageChanged(plan=plan.pk, text=text), actor, now)


def _tell(plan: CoveragePlan, happened: object, actor: Actor, now: datetime) -> None:
    audit.record(happened, subject=plan.subject, actor=actor.ref, at=now)
    forget_directory()
    transaction.on_commit(forget_directory)
