"""Cameras, the zones drawn on their pictures, and the rules of the zones."""

from django.db import models
from django.db.models import Q

from chengzhi.vision.types import FindingKind, Polygon, RuleSpec, ZoneKind, camera_subject


class Camera(models.Model):
    """A camera of the county (摄像头). `source` may hold a password: it is shown to few."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=200, blank=True)
    division = models.CharField(max_length=12)  # town, or county where no town is known
    grid = models.CharField(max_length=20, blank=True)
    squad = models.CharField(max_length=18, blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    heading = models.FloatField(null=True, blank=True)  # degrees from north, clockwise
    source = models.CharField(max_length=500, blank=True)
    still = models.CharField(max_length=64, blank=True)  # sha256 of a stored picture
    still_at = models.DateTimeField(null=True)
    still_asked_at = models.DateTimeField(null=True)  # somebody waits for a newer one
    # of the picture in whose pixels zones and perspective are told; a newer one may be larger
    frame_width = models.PositiveIntegerField(default=0)
    frame_height = models.PositiveIntegerField(default=0)
    options = models.JSONField(default=dict)  # what the camera file holds beyond these fields
    enabled = models.BooleanField(default=True)
    worker = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["division", "code"], name="vision_camera_division")]

    @property
    def subject(self) -> str:
        """The name under which the event log and the evidence know this camera."""
        return camera_subject(self.pk)


class Zone(models.Model):
    """An area of a camera's picture (布控区域), in pixels of a picture of the stored size."""

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="+")
    preset = models.ForeignKey("vision.Preset", models.RESTRICT, null=True, related_name="+")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)
    polygon = models.JSONField()
    drawn = models.JSONField(null=True)  # line and width, or point and radius, behind the polygon
    frame_width = models.PositiveIntegerField(default=0)
    frame_height = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["camera", "name"], name="vision_zone_name_once"),
            models.CheckConstraint(
                name="vision_zone_kind_known",
                condition=Q(kind__in=[kind.value for kind in ZoneKind]),
            ),
        ]

    @property
    def corners(self) -> Polygon:
        return tuple((x, y) for x, y in self.polygon)


class Rule(models.Model):
    """When standing in a zone becomes a finding (布控规则); every change is a new version."""

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="+")
    finding = models.CharField(max_length=30)
    dwell_s = models.FloatField()
    hours = models.JSONField(default=list)
    weekdays = models.JSONField(default=list)
    except_dates = models.JSONField(default=list)
    min_size = models.JSONField(null=True)
    max_size = models.JSONField(null=True)
    exempt = models.JSONField(default=list)
    re_alert_s = models.FloatField(null=True)
    min_score = models.FloatField(null=True)
    grace_s = models.FloatField(null=True)
    enabled = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["zone", "finding"], name="vision_rule_finding_once"),
            models.CheckConstraint(name="vision_rule_dwell_positive", condition=Q(dwell_s__gt=0)),
        ]

    def spec(self) -> RuleSpec:
        """Return the rule as a value."""
        return RuleSpec(
            finding=FindingKind(self.finding),
            dwell_s=self.dwell_s,
            hours=tuple(self.hours),
            weekdays=tuple(self.weekdays),
            except_dates=tuple(self.except_dates),
            min_size=_pair(self.min_size),
            max_size=_pair(self.max_size),
            exempt=tuple(self.exempt),
            re_alert_s=self.re_alert_s,
            min_score=self.min_score,
            grace_s=self.grace_s,
            enabled=self.enabled,
        )


def _pair(value: list[float] | None) -> tuple[float, float] | None:
    return None if value is None else (value[0], value[1])
