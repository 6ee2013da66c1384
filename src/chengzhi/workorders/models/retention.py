"""Legal holds, and the register of what retention removed."""

from django.db import models
from django.db.models import Q

from chengzhi.workorders.models.orders import WorkOrder


class LegalHold(models.Model):
    """Nothing of a work order is removed while a dispute may need it (暂停清除)."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    placed_by = models.CharField(max_length=80)
    placed_at = models.DateTimeField()
    until = models.DateField(null=True)  # half-open: it holds on the days before
    lifted_by = models.CharField(max_length=80, blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(lifted_at__isnull=True),
                name="workorders_hold_one_open",
            ),
        ]


class RetentionRun(models.Model):
    """One executed run: which rules, how many rows, and a digest over them (清除登记)."""

    county = models.CharField(max_length=6)
    batch = models.CharField(max_length=32, unique=True)
    rule_version = models.CharField(max_length=20)
    executed_at = models.DateTimeField()
    executed_by = models.CharField(max_length=80)
    row_count = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    @property
    def subject(self) -> str:
        """The name under which the event log knows this run."""
        return f"retention:{self.pk}"


class RetentionRow(models.Model):
    """What went from one record under one rule: never the data, only what kind and how many."""

    run = models.ForeignKey(RetentionRun, models.PROTECT, related_name="+")
    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    item_count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "rule", "subject"], name="workorders_retention_row_once"
            ),
        ]
