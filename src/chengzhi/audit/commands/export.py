"""Taking a part of the log out of the house leaves its trace in it."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from chengzhi.audit.commands.record import record
from chengzhi.audit.events import LogExported


@transaction.atomic
def note_export(*, count: int, filters: str, actor: str, now: datetime) -> None:
    """Record an export; each is a subject of its own, so that nobody waits for anybody."""
    exported = LogExported(count=count, filters=filters or "无")
    record(exported, subject=f"export:{uuid4().hex}", actor=actor, at=now, first=True)
