"""What units ask of the clock: extensions, deferrals, shelving, overtime appeals; and notices."""

from django.db import models
from django.db.models import Q

from chengzhi.workorders.models.clocks import StageRun
from chengzhi.workorders.models.orders import WorkOrder
from chengzhi.workorders.types.adjustments import PENDING, AdjustmentKind, AdjustmentState
from chengzhi.workorders.types.appeals import OPEN_APPEALS, AppealState
from chengzhi.workorders.types.notices import UNANSWERED, NoticeKind, NoticeState

PENDING_STATES = sorted(state.value for state in PENDING)
OPEN_APPEAL_STATES = sorted(state.value for state in OPEN_APPEALS)
UNANSWERED_STATES = sorted(state.value for state in UNANSWERED)


class Adjustment(models.Model):
    """A request for an extension, a deferral or shelving (延期、缓办、挂账申请)."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=16, default=AdjustmentState.ASKED)
    amount = models.PositiveSmallIntegerField(default=0)  # of `amount_unit`, for an extension
    amount_unit = models.CharField(max_length=20, blank=True)
    until = models.DateField(null=True)  # the civil day on which it goes on
    cause = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=500)
    unit = models.CharField(max_length=18, blank=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    first_by = models.CharField(max_length=80, blank=True)
    first_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_note = models.CharField(max_length=500, blank=True)
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # by when the level that has it should answer
    alert_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workorders_adjustment_state_known",
                condition=Q(state__in=[state.value for state in AdjustmentState]),
            ),
            models.CheckConstraint(
                name="workorders_adjustment_kind_known",
                condition=Q(kind__in=[kind.value for kind in AdjustmentKind]),
            ),
            models.CheckConstraint(
                name="workorders_adjustment_says_how_long",
                condition=Q(kind=AdjustmentKind.EXTENSION.value, amount__gt=0)
                | Q(until__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=PENDING_STATES),
                name="workorders_adjustment_one_pending",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="workorders_adjustment_state"),
            models.Index(
                fields=["alert_at"],
                name="workorders_adjustment_alert",
                condition=Q(alert_at__isnull=False),
            ),
        ]


class Notice(models.Model):
    """An urging or a supervision notice (催办、督办) to the unit that handles."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    level = models.CharField(max_length=20)
    state = models.CharField(max_length=16, default=NoticeState.ISSUED)
    unit = models.CharField(max_length=18)
    text = models.CharField(max_length=500)
    issued_by = models.CharField(max_length=80)
    issued_at = models.DateTimeField()
    is_automatic = models.BooleanField(default=False)
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    alert_at = models.DateTimeField(null=True)  # when the worker says that it is overdue
    acknowledged_by = models.CharField(max_length=80, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    replied_by = models.CharField(max_length=80, blank=True)
    replied_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workorders_notice_state_known",
                condition=Q(state__in=[state.value for state in NoticeState]),
            ),
            models.CheckConstraint(
                name="workorders_notice_kind_known",
                condition=Q(kind__in=[kind.value for kind in NoticeKind]),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="workorders_notice_state"),
            models.Index(
                fields=["alert_at"],
                name="workorders_notice_alert",
                condition=Q(alert_at__isnull=False),
            ),
        ]


class Appeal(models.Model):
    """An overtime appeal (超时申诉) against one late stage; the fact itself stays."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="+")
    run = models.OneToOneField(StageRun, models.CASCADE, related_name="+")
    state = models.CharField(max_length=16, default=AppealState.LODGED)
    unit = models.CharField(max_length=18)
    reason = models.CharField(max_length=500)
    lodged_by = models.CharField(max_length=80)
    lodged_at = models.DateTimeField()
    first_by = models.CharField(max_length=80, blank=True)
    first_at = models.DateTimeField(null=True)
    first_note = models.CharField(max_length=500, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_note = models.CharField(max_length=500, blank=True)
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workorders_appeal_state_known",
                condition=Q(state__in=[state.value for state in AppealState]),
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="workorders_appeal_state")]
