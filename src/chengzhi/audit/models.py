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
            models.Index(fields=["happened_at", "id"], name="audit_event_when"),
            models.Index(fields=["name", "id"], name="audit_event_name"),
        ]
