"""The event log's table: rows are only ever added."""

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """One thing that happened.

    The same row is the history a reader sees, the outbox a worker drains (`handled_at` is
    null), and the evidence an auditor asks for (`hash` chains the rows of one subject).
    """

    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)  # "workorder:12"
    seq = models.PositiveIntegerField()
    actor = models.CharField(max_length=80)
    data = models.TextField()  # canonical JSON, hashed as it stands
    happened_at = models.DateTimeField()
    algorithm = models.CharField(max_length=10)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    handled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    given_up_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "seq"], name="audit_event_seq_unique"),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="audit_event_outbox",
                condition=Q(handled_at__isnull=True, given_up_at__isnull=True),
            ),
            models.Index(
                fields=["subject", "seq"],
                name="audit_event_queue",
                condition=Q(handled_at__isnull=True, given_up_at__isnull=True),
            ),
            models.Index(
                fields=["given_up_at", "id"],
                name="audit_event_dead",
                condition=Q(given_up_at__isnull=False),
            ),
            models.Index(fields=["happened_at", "id"], name="audit_event_when"),
            models.Index(fields=["name", "id"], name="audit_event_name"),
            models.Index(fields=["actor", "id"], name="audit_event_actor"),
        ]


class Checkpoint(models.Model):
    """Every row up to a point, counted and digested, so that a deleted tail is noticed.

    A checkpoint covers the rows in (`after_id`, `last_id`] in order of id and chains on the
    digest of the one before it. Its digest is worth printing and keeping outside the house.
    """

    after_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    count = models.BigIntegerField()
    algorithm = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
