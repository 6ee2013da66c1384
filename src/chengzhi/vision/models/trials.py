"""Rules tried before they are switched on."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from chengzhi.vision.models.cameras import Camera
from chengzhi.vision.procedure import TRIAL
from chengzhi.vision.rules.trials import STALE_AFTER
from chengzhi.vision.types import OPEN_TRIALS, TrialFacts, TrialState


class RuleTrial(models.Model):
    """A draft of zones and rules, run over the stills of the last day (规则试跑)."""

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="+")
    plan = models.JSONField()  # zones, perspective and picture size, as the editor had them
    base = models.PositiveIntegerField()  # the plan's version the draft began from
    since = models.DateTimeField()
    until = models.DateTimeField()
    procedure = models.CharField(max_length=40, default=f"{TRIAL.name}/{TRIAL.version}")
    state = models.CharField(max_length=20, default=TrialState.WAITING)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    worker = models.CharField(max_length=60, blank=True)
    heard_at = models.DateTimeField(null=True)
    stills_done = models.PositiveIntegerField(default=0)
    stills_total = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True)
    refusal = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="vision_trial_state_known",
                condition=Q(state__in=[state.value for state in TrialState]),
            ),
            models.UniqueConstraint(
                fields=["camera"],
                condition=Q(state__in=[state.value for state in OPEN_TRIALS]),
                name="vision_trial_one_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="vision_trial_open")]

    def facts(self, *, now: datetime, asking: str = "", newest: int = 0) -> TrialFacts:
        """Return what the guards may look at."""
        heard = self.heard_at
        return TrialFacts(
            worker=self.worker,
            asking=asking,
            is_stale=heard is not None and now - heard > STALE_AFTER,
            base=self.base,
            newest=newest,
        )


class TrialPicture(models.Model):
    """A small picture of an alarm in a trial; no evidence, gone with the trial."""

    trial = models.ForeignKey(RuleTrial, models.CASCADE, related_name="+")
    alarm = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trial", "alarm", "position"], name="vision_trial_picture_once"
            ),
        ]
