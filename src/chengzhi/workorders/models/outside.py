"""What came with a request by Open311 beside the report itself."""

from django.db import models
from django.db.models import Q

from chengzhi.workorders.models.orders import WorkOrder


class OutsideRequest(models.Model):
    """The sender's side of a work order that came in by Open311 (开放接口来件).

    `email` is personal data like the reporter's name: it goes when the reporter's data go.
    """

    order = models.OneToOneField(WorkOrder, models.CASCADE, related_name="+")
    sender = models.CharField(max_length=80)  # the actor behind the api key
    token = models.CharField(max_length=40, blank=True)  # empty where the number was told at once
    account_id = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=254, blank=True)
    media_url = models.CharField(max_length=500, blank=True)
    attributes = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["token"], condition=~Q(token=""), name="workorders_outside_token"
            ),
        ]
