"""What cameras saw when they looked again at the place of a work order."""

from django.db import models
from django.db.models import Q

from chengzhi.workorders.models.orders import WorkOrder
from chengzhi.workorders.types import LookAnswer


class CameraLook(models.Model):
    """One look of the camera that reported the problem (监控回看); `ref` is a sibling's name."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="+")
    ref = models.CharField(max_length=80, unique=True)
    camera = models.CharField(max_length=64)
    answer = models.CharField(max_length=8)
    looked_at = models.DateTimeField()
    remark = models.CharField(max_length=100, blank=True)
    still = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workorders_look_answer_known",
                condition=Q(answer__in=[answer.value for answer in LookAnswer]),
            ),
        ]
