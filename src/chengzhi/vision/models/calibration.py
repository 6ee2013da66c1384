"""Thresholds that verdicts speak for, the policies that let them move, and drift alarms."""

from django.db import models
from django.db.models import F, Q

from chengzhi.vision.models.cameras import Camera
from chengzhi.vision.types import DriftKind, Limits, ThresholdState


class ScorePolicy(models.Model):
    """What a person published about a category's thresholds (阈值办法), and answers for.

    An automatic one lets the machine move a threshold within its limits (docs/adr/0009); without
    it every change is a proposal that a person accepts.
    """

    county = models.CharField(max_length=6)
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=100)
    document = models.CharField(max_length=100)
    target = models.FloatField()
    floor = models.FloatField()
    ceiling = models.FloatField()
    most_step = models.FloatField()
    exploration_share = models.FloatField()
    is_automatic = models.BooleanField(default=False)
    answerable = models.CharField(max_length=80)  # actor ref
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # half-open; empty means still

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "kind"],
                condition=Q(valid_to__isnull=True),
                name="vision_policy_once",
            ),
            models.CheckConstraint(
                name="vision_policy_limits",
                condition=Q(floor__gte=0, ceiling__lte=1, floor__lte=F("ceiling"))
                & Q(exploration_share__gt=0, exploration_share__lte=1),
            ),
        ]

    @property
    def subject(self) -> str:
        """The name under which the event log knows this policy."""
        return f"scorepolicy:{self.pk}"

    def limits(self) -> Limits:
        """Return within what a threshold may move."""
        return Limits(
            target=self.target,
            floor=self.floor,
            ceiling=self.ceiling,
            most_step=self.most_step,
            exploration_share=self.exploration_share,
            is_automatic=self.is_automatic,
            policy=self.pk,
        )


class Threshold(models.Model):
    """One version of a category's score threshold (识别阈值), for a camera or the county.

    The published one with the highest version holds; a camera without any goes by the county's.
    """

    county = models.CharField(max_length=6)
    kind = models.CharField(max_length=30)
    camera = models.ForeignKey(Camera, models.CASCADE, null=True, related_name="+")
    version = models.PositiveIntegerField()
    value = models.FloatField()
    previous = models.FloatField(null=True)
    exploration_share = models.FloatField()
    state = models.CharField(max_length=12)
    why = models.CharField(max_length=300)
    is_automatic = models.BooleanField(default=False)
    policy = models.ForeignKey(ScorePolicy, models.PROTECT, null=True, related_name="+")
    precision = models.FloatField(null=True)  # expected, when it was proposed
    per_day = models.FloatField(null=True)
    verdicts = models.PositiveIntegerField(default=0)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "kind", "version"],
                condition=Q(camera__isnull=True),
                name="vision_threshold_county_version",
            ),
            models.UniqueConstraint(
                fields=["camera", "kind", "version"],
                condition=Q(camera__isnull=False),
                name="vision_threshold_camera_version",
            ),
            models.CheckConstraint(
                name="vision_threshold_state_known",
                condition=Q(state__in=[state.value for state in ThresholdState]),
            ),
            models.CheckConstraint(
                name="vision_threshold_published_by_somebody",
                condition=~Q(state=ThresholdState.PUBLISHED.value) | ~Q(decided_by=""),
            ),
        ]
        indexes = [models.Index(fields=["county", "kind", "state"], name="vision_threshold_held")]

    @property
    def subject(self) -> str:
        """The name under which the event log knows this category's thresholds."""
        place = f"c{self.camera_id}" if self.camera_id else self.county
        return f"threshold:{self.kind}:{place}"


class DriftAlarm(models.Model):
    """A camera's category that went astray (漂移告警), until it is well again."""

    county = models.CharField(max_length=6)
    camera = models.ForeignKey(Camera, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    what = models.CharField(max_length=12)  # a `DriftKind`
    text = models.CharField(max_length=200)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["camera", "kind", "what"],
                condition=Q(ended_at__isnull=True),
                name="vision_drift_open_once",
            ),
            models.CheckConstraint(
                name="vision_drift_known",
                condition=Q(what__in=[what.value for what in DriftKind]),
            ),
        ]


class CalibrationRun(models.Model):
    """When the verdicts were last added up (校准)."""

    county = models.CharField(max_length=6)
    at = models.DateTimeField()
    changed = models.PositiveIntegerField(default=0)
    proposed = models.PositiveIntegerField(default=0)
    alarms = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["county", "-at"], name="vision_calibration_run")]
