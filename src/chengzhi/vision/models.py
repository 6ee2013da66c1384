"""Tables of cameras, zones and rules, of findings and their files, and of the cameras' health."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from chengzhi.vision.procedure import REVIEW
from chengzhi.vision.types import (
    REVIEWED_STATES,
    FindingFacts,
    FindingKind,
    FindingState,
    Polygon,
    RuleSpec,
    ZoneKind,
)


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
    frame_width = models.PositiveIntegerField(default=0)
    frame_height = models.PositiveIntegerField(default=0)
    options = models.JSONField(default=dict)  # what the camera file holds beyond these fields
    enabled = models.BooleanField(default=True)
    worker = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["division", "code"], name="vision_camera_division")]


class Zone(models.Model):
    """An area of a camera's picture (布控区域), in pixels of a picture of the stored size."""

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)
    polygon = models.JSONField()
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


class Finding(models.Model):
    """What a machine saw (机器发现) and what a person said about it.

    Zone and rule are copied in, so that the record shows what held at the time.
    """

    finding_id = models.CharField(max_length=80, unique=True)
    camera = models.ForeignKey(Camera, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    matter_code = models.CharField(max_length=10)
    zone = models.CharField(max_length=60, blank=True)
    polygon = models.JSONField(default=list)
    frame_width = models.PositiveIntegerField(default=0)
    frame_height = models.PositiveIntegerField(default=0)
    rule_text = models.CharField(max_length=200, blank=True)
    rule_version = models.PositiveIntegerField(default=0)
    lon = models.FloatField()
    lat = models.FloatField()
    started_at = models.DateTimeField()
    alarm_at = models.DateTimeField()
    start_unknown = models.BooleanField(default=False)
    bbox = models.JSONField()
    score = models.FloatField()
    model = models.CharField(max_length=80)
    model_version = models.CharField(max_length=80)
    frame_sha256 = models.CharField(max_length=64)
    priority = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()
    reviewable_at = models.DateTimeField()
    is_evidence_complete = models.BooleanField(default=False)
    procedure = models.CharField(max_length=40, default=f"{REVIEW.name}/{REVIEW.version}")
    state = models.CharField(max_length=20, default=FindingState.PENDING)
    reason = models.CharField(max_length=30, blank=True)
    note = models.CharField(max_length=200, blank=True)
    confirmed_matter_code = models.CharField(max_length=10, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decisions = models.PositiveSmallIntegerField(default=0)  # how often it was decided
    work_order = models.CharField(max_length=80, blank=True)
    work_order_code = models.CharField(max_length=40, blank=True)
    work_order_moved = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="vision_finding_state_known",
                condition=Q(state__in=[state.value for state in FindingState]),
            ),
            models.CheckConstraint(
                name="vision_finding_decided_by_somebody",
                condition=Q(
                    state__in=[state.value for state in REVIEWED_STATES],
                    decided_at__isnull=False,
                )
                & ~Q(decided_by="")
                | Q(state__in=[FindingState.PENDING.value, FindingState.NOTED.value])
                & Q(decided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="vision_finding_rejected_for_a_reason",
                condition=~Q(state=FindingState.REJECTED.value) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="vision_finding_merged_into_one",
                condition=~Q(state=FindingState.MERGED.value) | ~Q(work_order=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-priority", "received_at", "id"],
                name="vision_finding_queue",
                condition=Q(state="pending"),
            ),
            models.Index(fields=["decided_at", "state"], name="vision_finding_decided"),
            models.Index(fields=["camera", "kind", "decided_at"], name="vision_finding_camera"),
            models.Index(fields=["received_at", "id"], name="vision_finding_received"),
            models.Index(fields=["lat", "lon"], name="vision_finding_place"),
        ]

    @property
    def subject(self) -> str:
        """The name under which the event log and the evidence know this finding."""
        return f"finding:{self.pk}"

    def facts(self, now: datetime) -> FindingFacts:
        """Return what the guards may look at."""
        since = None if self.decided_at is None else (now - self.decided_at) / timedelta(seconds=1)
        return FindingFacts(
            kind=self.kind,
            is_reviewable=self.is_evidence_complete or self.reviewable_at <= now,
            seconds_since_decision=since,
            work_order_moved=self.work_order_moved,
            work_order_code=self.work_order_code,
        )


class ExpectedFile(models.Model):
    """A file that belongs to a finding, promised by the worker and then brought."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=40)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    arrived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "position"], name="vision_file_position"),
        ]
        indexes = [models.Index(fields=["sha256"], name="vision_file_sha256")]


class ReceivedFile(models.Model):
    """A file that a worker brought, perhaps before the finding that names it.

    Pictures and clips lie in the evidence store; a text about them lies here.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    text = models.TextField(blank=True)
    received_at = models.DateTimeField()


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


class Incident(models.Model):
    """A time in which a camera saw nothing or said nothing (设备异常)."""

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)  # blind or silent
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
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
