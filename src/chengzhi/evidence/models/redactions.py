"""What of a picture or recording is hidden in the copies that people are shown."""

from django.db import models
from django.db.models import Q

from chengzhi.evidence.models.records import EvidenceFile
from chengzhi.evidence.types import HidingState


class Redaction(models.Model):
    """Where faces and plates are (遮挡), found by a machine and corrected by people.

    Boxes are shares of the upright picture. Revision 0 is a coarse sketch of everything: it is
    what people see until somebody or something has looked.
    """

    file = models.OneToOneField(EvidenceFile, models.PROTECT, related_name="redaction")
    state = models.CharField(max_length=10, default=HidingState.WAITING)
    method = models.CharField(max_length=60, blank=True)
    found = models.JSONField(default=list)
    added = models.JSONField(default=list)  # by hand
    lifted = models.JSONField(default=list)  # numbers of found rows that a person uncovered
    revision = models.PositiveIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evidence_redaction_state_known",
                condition=Q(state__in=[state.value for state in HidingState]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-id"], name="evidence_redaction_waiting", condition=Q(state="waiting")
            ),
        ]

    @property
    def rows(self) -> list[dict[str, object]] | None:
        """What a copy hides; nothing (everything is hidden) while nobody has looked."""
        if self.state != HidingState.DONE:
            return None
        kept = [row for number, row in enumerate(self.found) if number not in self.lifted]
        return [*kept, *self.added]
