"""Routing rules, and each person's saved views."""

from django.db import models
from django.db.models import Q


class RoutingRule(models.Model):
    """Which unit handles what, where (派遣规则); rows, so that a city may change them at work."""

    county = models.CharField(max_length=6)
    matter_prefix = models.CharField(max_length=5, blank=True)
    area_prefix = models.CharField(max_length=20, blank=True)
    handler_kind = models.CharField(max_length=30, blank=True)
    condition_number = models.PositiveSmallIntegerField(default=0)  # of the matter; 0: any
    road = models.CharField(max_length=20, blank=True)
    road_metres = models.PositiveSmallIntegerField(default=0)
    layer = models.CharField(max_length=60, blank=True)  # a polygon's name, loaded or not yet
    weekdays = models.CharField(max_length=7, blank=True)  # digits from 1, Monday; empty: any
    slot = models.CharField(max_length=11, blank=True)  # "18:00-06:00"; empty: all day
    unit = models.CharField(max_length=18)
    person = models.CharField(max_length=80, blank=True)  # actor ref of the person answerable
    note = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # half-open; empty means still
    flag = models.CharField(max_length=200, blank=True)  # why it is not used any more
    flagged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "county",
                    "matter_prefix",
                    "condition_number",
                    "area_prefix",
                    "road",
                    "layer",
                    "weekdays",
                    "slot",
                    "handler_kind",
                ],
                condition=Q(valid_to__isnull=True),
                name="workorders_routing_once",
            ),
        ]


class RoutingLayer(models.Model):
    """A polygon that routing rules may name (权责图层): a market, a square, a construction site."""

    county = models.CharField(max_length=6)
    title = models.CharField(max_length=60)
    geometry = models.JSONField()  # GeoJSON Polygon or MultiPolygon, WGS-84
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "title"], name="workorders_layer_once"),
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
