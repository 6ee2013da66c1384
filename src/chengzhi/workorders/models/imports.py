"""Imports of other systems' lists."""

from django.db import models


class ImportRun(models.Model):
    """One list that was brought in (导入): how far it is, and what became of its rows."""

    county = models.CharField(max_length=6)
    source = models.CharField(max_length=30)
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    mapping = models.TextField()  # as it was, so that a result can be explained later
    started_by = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    lines = models.JSONField(default=list)  # of the rows of which something is to be said

    class Meta:
        indexes = [models.Index(fields=["county", "-id"], name="workorders_import_newest")]

    @property
    def subject(self) -> str:
        """The name under which the event log knows this import."""
        return f"workorder-import:{self.pk}"
