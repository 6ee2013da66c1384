"""The views between which a moving camera turns."""

from django.db import models
from django.db.models import Q

from chengzhi.vision.models.cameras import Camera


class Preset(models.Model):
    """One view of a moving camera (预置位): its zones count only while the camera stands there.

    A camera without presets does not move. A retired preset stays, for the findings made there.
    """

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    still = models.CharField(max_length=64)  # sha256 of the picture that people see
    still_at = models.DateTimeField()
    view = models.BinaryField()  # the same, small and grey, by which the worker knows the view
    is_home = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)  # the camera stood there last
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    retired_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["camera", "name"],
                condition=Q(retired_at__isnull=True),
                name="vision_preset_name_once",
            ),
            models.UniqueConstraint(
                fields=["camera"],
                condition=Q(is_home=True, retired_at__isnull=True),
                name="vision_preset_one_home",
            ),
            models.CheckConstraint(
                name="vision_preset_retired_for_a_reason",
                condition=Q(retired_at__isnull=True, retired_reason="")
                | Q(retired_at__isnull=False) & ~Q(retired_reason=""),
            ),
        ]
