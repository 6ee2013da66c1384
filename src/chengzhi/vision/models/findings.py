"""What the machine found, and the files that show it."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from chengzhi.vision.models.cameras import Camera
from chengzhi.vision.procedure import REVIEW
from chengzhi.vision.types import REVIEWED_STATES, UNDECIDED_STATES, FindingFacts, FindingState


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
    frame_width = models.PositiveIntegerField(default=0)  # in its pixels polygon and box are told
    frame_height = models.PositiveIntegerField(default=0)
    shop_names = models.JSONField(default=list)  # read by a machine, a hint only
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

    # the published threshold it met (rules/calibration.py), and how it came to be shown
    threshold = models.FloatField(null=True)
    explored = models.CharField(max_length=6, blank=True)  # an `Explored`
    shown_share = models.FloatField(default=1)  # the chance with which it was shown
    was_parked = models.BooleanField(default=False)

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
                | Q(state__in=[state.value for state in UNDECIDED_STATES])
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
