"""Beats of collectors, control areas, and the policy for what collectors handle themselves."""

from django.db import models
from django.db.models import Q

from chengzhi.workorders.types import PolicyKind

EVERY_DAY = "1234567"


class Beat(models.Model):
    """Who looks after an area on which days (采集员责任网格); ended, never deleted."""

    county = models.CharField(max_length=6)
    person = models.CharField(max_length=80)  # actor ref
    area_prefix = models.CharField(max_length=20)  # cell, patrol grid, community or town
    weekdays = models.CharField(max_length=7, default=EVERY_DAY)  # 1 is Monday
    note = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # half-open; empty means still

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "area_prefix"],
                condition=Q(valid_to__isnull=True),
                name="workorders_beat_once",
            ),
        ]
        indexes = [models.Index(fields=["county", "valid_from"], name="workorders_beat_county")]


class ControlWindow(models.Model):
    """Where and when something is allowed that would be a problem elsewhere (管控范围、时段).

    Approved construction, a market day: matter, place and time all have to fit. The place is a
    polygon, an area by its code, or a road; without any it is the whole county.
    """

    county = models.CharField(max_length=6)
    title = models.CharField(max_length=100)  # why: "县政府批准的农贸集市"
    permit = models.CharField(max_length=100, blank=True)
    polygon = models.JSONField(null=True)  # GeoJSON geometry, WGS-84
    area_prefix = models.CharField(max_length=20, blank=True)
    road = models.CharField(max_length=60, blank=True)
    matter_prefixes = models.CharField(max_length=200, blank=True)  # space-separated
    weekdays = models.CharField(max_length=7, default=EVERY_DAY)
    from_time = models.TimeField(null=True)
    to_time = models.TimeField(null=True)  # before `from_time`: past midnight
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # half-open; empty means still
    created_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["county", "valid_from"], name="workorders_control_county")]


class SpotPolicy(models.Model):
    """What a collector may handle on the spot, or a camera may check, and who answers for it.

    现场处置办法 and 监控核查办法.

    A published policy that names the person answerable may stand for the decisions of filing and
    closing (docs/adr/0009); a share of its cases is checked all the same.
    """

    county = models.CharField(max_length=6)
    kind = models.CharField(max_length=8, default=PolicyKind.SPOT)
    title = models.CharField(max_length=100)
    document = models.CharField(max_length=100)  # number of the published document
    matter_prefixes = models.CharField(max_length=200)  # space-separated
    sample_percent = models.PositiveSmallIntegerField()
    answerable = models.CharField(max_length=80)  # actor ref
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # half-open; empty means still

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workorders_policy_percent", condition=Q(sample_percent__lte=100)
            ),
            models.CheckConstraint(
                name="workorders_policy_kind_known",
                condition=Q(kind__in=[kind.value for kind in PolicyKind]),
            ),
        ]
