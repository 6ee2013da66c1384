"""Counters for the map: what lies in each square, kept up to date by the worker."""

from django.db import models


class MapSquare(models.Model):
    """How many open work orders of a state and an age lie in a square of one of seven levels.

    `total`, `overdue` and `soon` hold at the moment of the last refresh; `lon_sum` and `lat_sum`
    give the middle; `order` is the one work order, where there is only one.
    """

    county = models.CharField(max_length=6)
    level = models.PositiveSmallIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    state = models.CharField(max_length=12)
    age = models.PositiveSmallIntegerField()
    total = models.PositiveIntegerField()
    overdue = models.PositiveIntegerField()
    soon = models.PositiveIntegerField()
    lon_sum = models.FloatField()
    lat_sum = models.FloatField()
    order = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "level", "x", "y", "state", "age"],
                name="workorders_square_once",
            ),
        ]


class HeatSquare(models.Model):
    """How many work orders were reported on a day in a square of about 250 metres."""

    county = models.CharField(max_length=6)
    day = models.DateField()
    x = models.IntegerField()
    y = models.IntegerField()
    total = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "day", "x", "y"], name="workorders_heat_once"
            ),
        ]


class MapRefresh(models.Model):
    """When a county's counters were last made, and from which day on the heat is still to count."""

    county = models.CharField(max_length=6, unique=True)
    refreshed_at = models.DateTimeField()
    heat_from = models.DateField(null=True)  # days before it are complete
