"""A file found broken leaves its trace in the log."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.evidence.events import EvidenceFoundBroken
from chengzhi.evidence.models import EvidenceFile
from chengzhi.evidence.types import Fault


@transaction.atomic
def note_fault(fault: Fault, *, actor: Actor, now: datetime) -> None:
    """Record that a verification found a file missing or changed."""
    file = EvidenceFile.objects.select_for_update().get(sha256=fault.sha256)
    event = EvidenceFoundBroken(sha256=fault.sha256, reason=fault.reason)
    audit.record(event, subject=file.subject, actor=actor.ref, at=now)
