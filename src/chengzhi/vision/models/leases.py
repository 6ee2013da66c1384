"""Which worker watches which camera for the next seconds, and what it remembers of the places."""

from django.db import models

from chengzhi.vision.models.cameras import Camera


class CameraLease(models.Model):
    """The right of one worker to watch a camera for a while (看守租约).

    Whoever takes a camera raises its epoch; findings of a former epoch are refused from then on.
    The holder may come back late: the epoch is its own until somebody else takes the camera.
    """

    camera = models.OneToOneField(Camera, models.CASCADE, related_name="+")
    worker = models.CharField(max_length=60, blank=True)
    epoch = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    cost_ms = models.FloatField(default=0)  # CPU milliseconds a second, as measured; 0: unknown

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="vision_lease_taken_has_epoch",
                condition=models.Q(worker="") | models.Q(epoch__gt=0, taken_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["worker", "expires_at"], name="vision_lease_worker"),
            models.Index(fields=["expires_at"], name="vision_lease_expires"),
        ]


class LeaseTenure(models.Model):
    """From when until when an epoch was a worker's own (看守期): who may still tell what it saw.

    `ended_at` is written when the next worker takes the camera; two of a camera never overlap.
    """

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="+")
    epoch = models.PositiveBigIntegerField()
    holder = models.CharField(max_length=60)  # whose token took it
    taken_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["camera", "epoch"], name="vision_tenure_once"),
            models.CheckConstraint(
                name="vision_tenure_ends_after_it_began",
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("taken_at")),
            ),
        ]
        indexes = [models.Index(fields=["ended_at"], name="vision_tenure_ended")]


class LeaseSeat(models.Model):
    """A worker that takes cameras by lease, and how much it can carry (识别程序席位)."""

    worker = models.CharField(max_length=60, unique=True)
    division = models.CharField(max_length=12)
    joined_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    capacity_ms = models.FloatField()
    instance = models.CharField(max_length=64, blank=True)


class DwellMemory(models.Model):
    """The places of a camera as its last worker saw them, so that the next resumes the clock.

    It carries small pictures of the street, so it is deleted after a day (`forget_memories`).
    """

    camera = models.OneToOneField(Camera, models.CASCADE, related_name="+")
    epoch = models.PositiveBigIntegerField()
    body = models.TextField()
    saved_at = models.DateTimeField()
