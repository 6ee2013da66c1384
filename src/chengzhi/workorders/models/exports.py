"""Exports that a worker writes in the background."""

from django.db import models
from django.db.models import Q

from chengzhi.workorders.types.exports import ExportState


class ExportJob(models.Model):
    """One list that a person asked for as a file (导出): its filters, how far it is, its file.

    A worker claims it until `claimed_until` and moves that on with every batch, so another one takes
    over what a dead worker left. The file lies in the export store under `file`, until `expires_at`.
    """

    county = models.CharField(max_length=6)
    person = models.CharField(max_length=80)  # who asked, and who alone may fetch it
    kind = models.CharField(max_length=4)
    query = models.CharField(max_length=2000, blank=True)  # the list's address, to open it again
    filters = models.JSONField()
    state = models.CharField(max_length=10, default=ExportState.WAITING)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True)
    file = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workorders_export_state_known",
                condition=Q(state__in=[state.value for state in ExportState]),
            ),
            models.CheckConstraint(
                name="workorders_export_done_has_file",
                condition=~Q(state=ExportState.DONE.value) | ~Q(file=""),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="workorders_export_person"),
            models.Index(fields=["state", "id"], name="workorders_export_state"),
            models.Index(fields=["expires_at"], name="workorders_export_expires"),
        ]

    @property
    def subject(self) -> str:
        """The name under which the event log knows this export."""
        return f"orderexport:{self.pk}"
