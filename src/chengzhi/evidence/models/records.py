"""Rows about files: what they are, who brought them, which records they belong to."""

from django.db import models
from django.db.models import Q

from chengzhi.evidence.types import FileRole


class EvidenceFile(models.Model):
    """One file, known by the SHA-256 of its bytes; the bytes lie in the store under `key`."""

    sha256 = models.CharField(max_length=64, unique=True)
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    duration_s = models.FloatField(null=True)
    captured_at = models.DateTimeField(null=True)  # as the sender says, else as EXIF says
    exif_at = models.DateTimeField(null=True)
    exif_lon = models.FloatField(null=True)
    exif_lat = models.FloatField(null=True)
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=80)
    erased_at = models.DateTimeField(null=True)  # by retention: the row stays, the bytes go
    bytes_gone_at = models.DateTimeField(null=True)

    @property
    def subject(self) -> str:
        """The name under which the event log knows this file."""
        return f"evidence:{self.sha256}"


class Deposit(models.Model):
    """Somebody brought these bytes: they had them, so they may see them."""

    file = models.ForeignKey(EvidenceFile, models.PROTECT, related_name="deposits")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "by"], name="evidence_deposit_once"),
        ]


class Attachment(models.Model):
    """A file belongs to a record of another context, in a role."""

    file = models.ForeignKey(EvidenceFile, models.PROTECT, related_name="attachments")
    subject = models.CharField(max_length=80)  # "workorder:12"
    role = models.CharField(max_length=20)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "file", "role"], name="evidence_attachment_once"
            ),
            models.CheckConstraint(
                name="evidence_attachment_role_known",
                condition=Q(role__in=[role.value for role in FileRole]),
            ),
        ]
