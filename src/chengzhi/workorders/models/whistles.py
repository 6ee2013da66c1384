"""Whistles (镇街吹哨) and the departments' answers to them."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from chengzhi.workorders.models.orders import WorkOrder
from chengzhi.workorders.procedure.whistle import ANSWER, WHISTLE
from chengzhi.workorders.types.whistles import (
    ANSWER_AT_REST,
    WHISTLE_FINAL,
    AnswerStage,
    AnswerState,
    Urgency,
    WhistleState,
)


class Whistle(models.Model):
    """A town's request that departments come (综合行政执法条例 17); its lead carries it forward."""

    county = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    town = models.CharField(max_length=9)
    state = models.CharField(max_length=14, default=WhistleState.DRAFTED)
    procedure = models.CharField(max_length=40, default=f"{WHISTLE.name} {WHISTLE.version}")
    urgency = models.CharField(max_length=8)
    item_codes = models.CharField(max_length=200)  # matter codes, space-separated
    items = models.CharField(max_length=300)  # their names when it was written
    description = models.TextField(blank=True)
    address = models.CharField(max_length=256)
    lon = models.FloatField()
    lat = models.FloatField()
    located_town = models.CharField(max_length=9, blank=True)
    grid = models.CharField(max_length=20, blank=True)
    departments = models.CharField(max_length=400)  # unit codes, space-separated
    lead = models.CharField(max_length=18)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, null=True, related_name="+")
    result = models.TextField(blank=True)
    confirm_words = models.TextField(blank=True)
    last_reason = models.TextField(blank=True)
    rework_count = models.PositiveSmallIntegerField(default=0)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # the centre's clock to dispatch, then the town's to confirm; the answers have their own
    stage_due_at = models.DateTimeField(null=True)
    alert_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workorders_whistle_state_known",
                condition=Q(state__in=[state.value for state in WhistleState]),
            ),
            models.CheckConstraint(
                name="workorders_whistle_urgency_known",
                condition=Q(urgency__in=[urgency.value for urgency in Urgency]),
            ),
            models.CheckConstraint(
                name="workorders_whistle_end_has_moment",
                condition=Q(ended_at__isnull=False)
                | ~Q(state__in=[state.value for state in sorted(WHISTLE_FINAL)]),
            ),
        ]
        indexes = [
            models.Index(fields=["county", "-id"], name="workorders_whistle_newest"),
            models.Index(fields=["town", "-id"], name="workorders_whistle_town"),
            models.Index(
                fields=["alert_at"],
                name="workorders_whistle_alert",
                condition=Q(alert_at__isnull=False),
            ),
        ]

    @property
    def code(self) -> str:
        """The printed number: 哨〔2026〕00017."""
        return f"哨〔{self.year}〕{self.pk:05d}"

    @property
    def subject(self) -> str:
        """The name under which the event log knows this whistle."""
        return f"whistle:{self.pk}"

    @property
    def unit_codes(self) -> tuple[str, ...]:
        """The departments called, in the order in which they were named."""
        return tuple(self.departments.split())

    def enter(self, state: str, *, now: datetime, due_at: datetime | None = None) -> None:
        """Stand in a state, with the clock that belongs to it; the caller saves."""
        self.state = state
        self.stage_due_at = self.alert_at = due_at
        if state in WHISTLE_FINAL:
            self.ended_at = now


class WhistleAnswer(models.Model):
    """What one department does about a whistle (响应)."""

    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="+")
    unit = models.CharField(max_length=18)
    is_lead = models.BooleanField(default=False)
    state = models.CharField(max_length=14, default=AnswerState.PENDING)
    procedure = models.CharField(max_length=40, default=f"{ANSWER.name} {ANSWER.version}")
    asked_at = models.DateTimeField()
    acknowledge_due_at = models.DateTimeField()
    arrive_due_at = models.DateTimeField()
    finish_due_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    arrived_lon = models.FloatField(null=True)
    arrived_lat = models.FloatField(null=True)
    arrived_metres = models.PositiveIntegerField(null=True)  # from the place of the whistle
    people = models.CharField(max_length=200, blank=True)
    reported_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)
    dispute = models.TextField(blank=True)
    score = models.PositiveSmallIntegerField(default=0)
    score_words = models.CharField(max_length=500, blank=True)
    overdue_stages = models.CharField(max_length=40, blank=True)  # marked once each
    escalated_to = models.CharField(max_length=30, blank=True)
    alert_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["whistle", "unit"], name="workorders_answer_once"),
            models.CheckConstraint(
                name="workorders_answer_state_known",
                condition=Q(state__in=[state.value for state in AnswerState]),
            ),
            models.CheckConstraint(
                name="workorders_answer_scored",
                condition=Q(score__gte=1, score__lte=5) | ~Q(state=AnswerState.SCORED.value),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "finish_due_at"], name="workorders_answer_unit"),
            models.Index(
                fields=["alert_at"],
                name="workorders_answer_alert",
                condition=Q(alert_at__isnull=False),
            ),
        ]

    def dues(self) -> dict[str, datetime]:
        """Return the limits that are not met yet, in order."""
        if self.state in ANSWER_AT_REST or self.state == AnswerState.DISPUTED or self.reported_at:
            return {}
        done = {
            AnswerStage.ACKNOWLEDGE: self.acknowledged_at,
            AnswerStage.ARRIVE: self.arrived_at,
            AnswerStage.FINISH: self.reported_at,
        }
        limits = {
            AnswerStage.ACKNOWLEDGE: self.acknowledge_due_at,
            AnswerStage.ARRIVE: self.arrive_due_at,
            AnswerStage.FINISH: self.finish_due_at,
        }
        return {stage: limits[stage] for stage, at in done.items() if at is None}

    def set_alert(self) -> None:
        """Wake the worker at the next limit that nobody has called overdue yet."""
        told = self.overdue_stages.split()
        waiting = [due for stage, due in self.dues().items() if stage not in told]
        self.alert_at = min(waiting, default=None)
