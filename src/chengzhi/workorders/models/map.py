"""Counters for the map: what lies in each square, kept up to date by the worker."""

from django.db import models


class MapSquare(models.Model):
    """How many open work orders lie in a square of one of seven levels, by age and by limit.

    `within_30` is how many were reported within thirty days, `overdue_30` and `soon_30` how many
    of those are over or near their limit; without a number, of any age. All hold at the moment
    of the last refresh. `lon` and `lat` are the middle of what lies in the square; `order` is the
    one work order, where there is only one.
    """

    county = models.CharField(max_length=6)
    level = models.PositiveSmallIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    within_7 = models.PositiveIntegerField()
    within_30 = models.PositiveIntegerField()
    within_90 = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    overdue_7 = models.PositiveIntegerField()
    overdue_30 = models.PositiveIntegerField()
    overdue_90 = models.PositiveIntegerField()
    overdue = models.PositiveIntegerField()
    soon_7 = models.PositiveIntegerField()
    soon_30 = models.PositiveIntegerField()
    soon_90 = models.PositiveIntegerField()
    soon = models.PositiveIntegerField()
    lon = models.FloatField()
    lat = models.FloatField()
    order = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "level", "x", "y"], name="workorders_square_once"
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
