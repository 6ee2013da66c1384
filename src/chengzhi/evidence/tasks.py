"""What the platform's worker does for files: it looks for faces and plates, newest files first."""

from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.evidence import commands, queries
from chengzhi_redaction.redactor import installed


def hide_faces(should_stop: Callable[[], bool]) -> bool:
    """Look through one file; return whether there was one. Without models nothing is done."""
    if should_stop() or not queries.is_waiting():
        return False
    redactor = installed()
    if redactor is None:
        return False
    actor = accounts.system_actor("redaction", division=settings.CHENGZHI_COUNTY)
    return commands.redact_next(redactor, actor=actor, clock=timezone.now)
