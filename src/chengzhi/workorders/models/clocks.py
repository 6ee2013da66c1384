"""What the clocks of a work order came to: stretches in which they stood, and stage by stage."""

from django.db import models
from django.db.models import F, Q

from chengzhi.workorders.models.orders import WorkOrder
from chengzhi.workorders.types.clocks import Clock

CLOCK_NAMES = [clock.value for clock in Clock]


class ClockPause(models.Model):
    """A stretch in which a clock stood (停表), half-open; no end means it still stands."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="+")
    clock = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    occasion = models.CharField(max_length=12)  # the row of the stop-clock table
    event = models.CharField(max_length=60)  # what stopped it, as the order's log names it

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workorders_pause_clock_known", condition=Q(clock__in=CLOCK_NAMES)
            ),
            models.CheckConstraint(
                name="workorders_pause_in_order",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
            ),
            models.UniqueConstraint(
                fields=["order", "clock"],
                condition=Q(ended_at__isnull=True),
                name="workorders_pause_stands_once",
            ),
        ]


class StageRun(models.Model):
    """One stage that one work order went through, written as it ended (环节事实).

    The basis of every indicator: how long, by whom, in time or not. `clock_since` is earlier than
    `started_at` where the stage went on with a clock that had stood.
    """

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="+")
    stage = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    clock_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField()
    ended_by = models.CharField(max_length=30)  # the step that ended it
    unit = models.CharField(max_length=18, blank=True)
    person = models.CharField(max_length=80, blank=True)
    paused_minutes = models.PositiveIntegerField(default=0)
    was_overdue = models.BooleanField(default=False)
    badly_late = models.BooleanField(default=False)
    exempted = models.BooleanField(default=False)  # an appeal was upheld; the fact stays

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workorders_run_stage_known", condition=Q(stage__in=CLOCK_NAMES)
            ),
            models.CheckConstraint(
                name="workorders_run_in_order", condition=Q(ended_at__gte=F("started_at"))
            ),
            models.CheckConstraint(
                name="workorders_run_exempts_lateness",
                condition=Q(exempted=False) | Q(was_overdue=True),
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "ended_at"], name="workorders_run_stage"),
            models.Index(
                fields=["unit", "ended_at"],
                name="workorders_run_late",
                condition=Q(was_overdue=True),
            ),
        ]
