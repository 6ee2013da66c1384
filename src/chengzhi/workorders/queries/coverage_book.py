"""The coverage plans in force, in memory: whose turn it is in a grid at a moment."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q

from chengzhi.workorders.models.coverage import CoverageCell, CoveragePlan, CoverageZone
from chengzhi.workorders.rules.coverage import slot_at
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types import Duty
from chengzhi.workorders.types.coverage import SOURCE_LABELS, WEEKDAY_NAMES, PlanState, Turn


@dataclass(frozen=True, kw_only=True)
class PlanBook:
    """One version compiled for asking."""

    id: int
    starts_on: date
    ends_on: date | None
    zone_of: dict[str, int] = field(default_factory=dict)  # grid -> zone
    zones: dict[int, tuple[str, str]] = field(default_factory=dict)  # title, unit
    cells: dict[tuple[int, int, str], tuple[str, str, str]] = field(default_factory=dict)

    def holds(self, on: date) -> bool:
        """Return whether the version is in force on a day."""
        return self.starts_on <= on and (self.ends_on is None or on < self.ends_on)


@dataclass(frozen=True, kw_only=True)
class CoverageBook:
    """Every version of a county that holds now or will; it answers as routing asks."""

    plans: tuple[PlanBook, ...]

    def __call__(self, grid: str, at: datetime) -> Duty | None:
        """Return the unit whose turn it is, and why; None where no plan says."""
        turn = self.turn(grid, at)
        if turn is None or not turn.unit:
            return None
        who = SOURCE_LABELS.get(turn.primary, "无主责来源")
        day = WEEKDAY_NAMES[turn.weekday - 1]
        reason = (
            f"错区域计划 {turn.plan}：{turn.zone}{day}{turn.slot_label}由{who}主责，交责任单位处置"
        )
        return Duty(unit=turn.unit, reason=reason)

    def turn(self, grid: str, at: datetime) -> Turn | None:
        """Return whose turn it is in a grid at a moment, with source, backup and unit."""
        plan = next((plan for plan in self.plans if plan.holds(civil_date(at))), None)
        zone = plan.zone_of.get(grid) if plan else None
        if plan is None or zone is None:
            return None
        weekday, slot = slot_at(at)
        title, unit = plan.zones[zone]
        primary, backup, own = plan.cells.get((zone, weekday, slot.key), ("", "", ""))
        return Turn(
            plan=plan.id,
            zone=title,
            weekday=weekday,
            slot=slot.key,
            slot_label=slot.label,
            primary=primary,
            backup=backup,
            unit=own or unit,
        )


def coverage_book(county: str, *, on: date) -> CoverageBook | None:
    """Return the versions that hold on a day or later; None for a county without a plan."""
    rows = CoveragePlan.objects.filter(county=county).exclude(state=PlanState.PLANNED)
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on - timedelta(days=1)))
    plans = list(rows.order_by("-starts_on", "-pk"))
    return CoverageBook(plans=tuple(_book(plan) for plan in plans)) if plans else None


def _book(plan: CoveragePlan) -> PlanBook:
    zones = list(CoverageZone.objects.filter(plan=plan).order_by("pk"))
    cells = CoverageCell.objects.filter(zone__plan=plan)
    return PlanBook(
        id=plan.pk,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        zone_of={grid: zone.pk for zone in zones for grid in zone.grid_codes},
        zones={zone.pk: (zone.title, zone.unit) for zone in zones},
        cells={
            (cell.zone_id, cell.weekday, cell.slot): (cell.primary, cell.backup, cell.unit)
            for cell in cells
        },
    )
