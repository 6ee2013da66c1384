"""Coverage plans (错区域计划): versions by date, their zones, and who looks when."""

from django.db import models
from django.db.models import F, Q

from chengzhi.workorders.procedure.coverage import COVERAGE
from chengzhi.workorders.types.coverage import PlanState, Source


class CoveragePlan(models.Model):
    """One version of the plan; versions are never deleted, and at most one of a day holds."""

    county = models.CharField(max_length=6)
    state = models.CharField(max_length=10, default=PlanState.PLANNED)
    procedure = models.CharField(max_length=40, default=f"{COVERAGE.name} {COVERAGE.version}")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # half-open; empty means still
    note = models.CharField(max_length=200, blank=True)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workorders_plan_state_known",
                condition=Q(state__in=[state.value for state in PlanState]),
            ),
            models.UniqueConstraint(
                fields=["county"],
                condition=Q(state=PlanState.ACTIVE.value),
                name="workorders_plan_one_active",
            ),
            models.CheckConstraint(
                name="workorders_plan_ends_after",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    @property
    def subject(self) -> str:
        """The name under which the event log knows this plan."""
        return f"coverage:{self.pk}"


class CoverageZone(models.Model):
    """A patrol grid or a group of them, and the unit that answers there (片区)."""

    plan = models.ForeignKey(CoveragePlan, models.PROTECT, related_name="+")
    title = models.CharField(max_length=60)
    grids = models.TextField()  # patrol grid codes, space-separated
    unit = models.CharField(max_length=18, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "title"], name="workorders_zone_once"),
        ]

    @property
    def grid_codes(self) -> tuple[str, ...]:
        """The patrol grids of the zone."""
        return tuple(self.grids.split())


class CoverageCell(models.Model):
    """Who looks at a zone on a weekday in a slot; no row, or no primary, is a gap (空档)."""

    zone = models.ForeignKey(CoverageZone, models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    slot = models.CharField(max_length=12)
    primary = models.CharField(max_length=10, blank=True)
    backup = models.CharField(max_length=10, blank=True)
    unit = models.CharField(max_length=18, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "weekday", "slot"], name="workorders_cell_once"
            ),
            models.CheckConstraint(
                name="workorders_cell_weekday", condition=Q(weekday__gte=1, weekday__lte=7)
            ),
            models.CheckConstraint(
                name="workorders_cell_sources",
                condition=Q(primary__in=["", *(s.value for s in Source)])
                & Q(backup__in=["", *(s.value for s in Source)]),
            ),
        ]
