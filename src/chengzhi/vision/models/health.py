"""What cameras and workers said of themselves."""

from django.db import models
from django.db.models import Q

from chengzhi.vision.models.cameras import Camera
from chengzhi.vision.models.findings import Finding


class CameraHealth(models.Model):
    """The last heartbeat of a camera (设备健康)."""

    camera = models.OneToOneField(Camera, models.CASCADE, related_name="+")
    worker = models.CharField(max_length=60)
    last_heartbeat_at = models.DateTimeField()
    frames = models.PositiveBigIntegerField(default=0)
    dropped = models.PositiveBigIntegerField(default=0)
    fps = models.FloatField(default=0)
    lag_s = models.FloatField(default=0)
    blind_s = models.FloatField(default=0)
    restarts = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=20)
    cost_ms = models.FloatField(default=0)  # CPU milliseconds a second
    note = models.CharField(max_length=300, blank=True)  # why the worker does not watch it
    preset = models.CharField(max_length=40, blank=True)  # at which a moving camera stands
    dark_since = models.DateTimeField(null=True)  # first of the heartbeats that see nothing


class CameraDay(models.Model):
    """What a camera did on one civil day, summed from its heartbeats."""

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="+")
    day = models.DateField()
    frames = models.PositiveBigIntegerField(default=0)
    dropped = models.PositiveBigIntegerField(default=0)
    blind_s = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["camera", "day"], name="vision_camera_day_once"),
        ]


class WorkerStatus(models.Model):
    """A camera worker and its last heartbeat."""

    name = models.CharField(max_length=60, unique=True)
    division = models.CharField(max_length=12)
    last_heartbeat_at = models.DateTimeField()
    camera_count = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)  # what it lacks, such as room on its disk


class Incident(models.Model):
    """A time in which a camera saw nothing or said nothing (设备异常).

    While it is silent, or was never heard, nobody watches: that time is blind time, unless the
    worker was only cut off and counted for itself (`was_watched`).
    """

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)  # blind, silent or never
    started_at = models.DateTimeField()
    noticed_at = models.DateTimeField()  # when the platform knew; of one that comes and goes, first
    ended_at = models.DateTimeField(null=True)
    was_watched = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)  # people were told that it is dark
    end_told_at = models.DateTimeField(null=True)  # and that it sees again
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["camera", "kind"],
                condition=Q(ended_at__isnull=True),
                name="vision_incident_open_once",
            ),
        ]
        indexes = [models.Index(fields=["-started_at", "-id"], name="vision_incident_when")]
