"""What a camera saw when it looked again at a place it had reported."""

from django.db import models
from django.db.models import Q

from chengzhi.vision.models.findings import Finding
from chengzhi.vision.types import RecheckAnswer


class Recheck(models.Model):
    """One look (监控回看): asked by somebody, or told by the camera when the thing was gone."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="+")
    work_order = models.CharField(max_length=80, blank=True)
    asked_by = models.CharField(max_length=80, blank=True)  # empty: the camera told by itself
    asked_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=8, blank=True)
    looked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=100, blank=True)
    model = models.CharField(max_length=80, blank=True)
    still = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding"], condition=Q(asked_at__isnull=True), name="vision_gone_once"
            ),
            models.UniqueConstraint(
                fields=["finding"],
                condition=Q(asked_at__isnull=False, answer=""),
                name="vision_recheck_open_once",
            ),
            models.CheckConstraint(
                name="vision_recheck_answer_known",
                condition=Q(answer__in=["", *(answer.value for answer in RecheckAnswer)]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(answer=""), name="vision_recheck_waiting"
            ),
        ]
