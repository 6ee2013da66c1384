"""What was drawn on a camera's picture at which time: every save is a version."""

from django.db import models

from chengzhi.vision.models.cameras import Camera


class ZonePlan(models.Model):
    """All zones and rules of a camera as they were saved once (布控方案); never changed."""

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    plan = models.JSONField()  # zones as in the camera file, perspective, picture size
    saved_by = models.CharField(max_length=80)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["camera", "version"], name="vision_plan_version_once"),
        ]
