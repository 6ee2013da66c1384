"""Routing rules, and each person's saved views."""

from django.db import models
from django.db.models import Q


class RoutingRule(models.Model):
    """Which unit handles what, where (派遣规则); rows, so that a city may change them at work."""

    county = models.CharField(max_length=6)
    matter_prefix = models.CharField(max_length=5, blank=True)
    area_prefix = models.CharField(max_length=20, blank=True)
    handler_kind = models.CharField(max_length=30, blank=True)
    unit = models.CharField(max_length=18)
    note = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # half-open; empty means still

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "matter_prefix", "area_prefix", "handler_kind"],
                condition=Q(valid_to__isnull=True),
                name="workorders_routing_once",
            ),
        ]


class SavedView(models.Model):
    """A list that a person gave a name (保存的视图): its query string, nothing else.

    With a unit's code it is shared: everybody of that unit finds it among the tabs.
    """

    person = models.CharField(max_length=80)
    unit = models.CharField(max_length=18, blank=True)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="workorders_view_once"),
        ]
