"""Look once more through files that were looked through before there was a plate finder."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.evidence.commands.redact import say_hidden, seen_in
from chengzhi.evidence.models import Redaction
from chengzhi.evidence.rules.hiding import MOST_PARTS, newly_seen
from chengzhi.evidence.types import HidingState
from chengzhi_redaction.redactor import Redactor


def look_again(
    pk: int, redactor: Redactor, *, actor: Actor, now: datetime, store_root: str = ""
) -> int:
    """Hide what is seen now and was not; return how many parts that are.

    Nothing that is hidden becomes visible, and what a person uncovered stays uncovered.

    :raises DomainError: the file is missing or damaged; its copies stay as they are.
    """
    accounts.require(actor, Role.SYSTEM)
    done = Redaction.objects.filter(pk=pk, state=HidingState.DONE, file__erased_at=None)
    looked = done.select_related("file").first()
    if looked is None:  # erased, or to be looked through anyway
        return 0
    rows = seen_in(looked.file, redactor, store_root)
    with transaction.atomic():
        redaction = done.select_for_update(of=("self",)).first()
        if redaction is None:
            return 0
        more = newly_seen(rows, known=redaction.found, lifted=redaction.lifted)
        more = more[: MOST_PARTS - len(redaction.found)]
        redaction.found = [*redaction.found, *more]
        redaction.method, redaction.looked_at = redactor.method, now
        redaction.revision += 1
        redaction.save(update_fields=["found", "method", "looked_at", "revision"])
        say_hidden(redaction, actor=actor, now=now)
    return len(more)
