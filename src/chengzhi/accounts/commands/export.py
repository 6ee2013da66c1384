"""Taking the list of people out of the house leaves its trace."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from chengzhi.accounts.events import PeopleExported
from chengzhi.accounts.rules import permit
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit


@transaction.atomic
def note_export(*, count: int, actor: Actor, now: datetime) -> None:
    """Record an export of people."""
    permit(actor, Permission.EXPORT)
    exported = PeopleExported(count=count)
    subject = f"export:{uuid4().hex}"
    audit.record(exported, subject=subject, actor=actor.ref, at=now, first=True)
