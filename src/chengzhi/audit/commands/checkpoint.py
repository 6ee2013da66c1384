"""The write that counts and digests the log up to now."""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from chengzhi.audit.commands.record import record
from chengzhi.audit.events import CheckpointMade
from chengzhi.audit.models import Checkpoint, Event
from chengzhi.audit.queries.verify import anchor_of, digest_between
from chengzhi.audit.types import Anchor, Progress
from chengzhi.kernel.errors import DomainError


class NothingNew(DomainError):
    """A checkpoint needs rows that the last one does not cover."""

    code = "nothing-new"
    status = 409


def make_checkpoint(*, actor: str, now: datetime, progress: Progress) -> Anchor:
    """Digest the rows added since the last checkpoint and keep the result, as a row and event.

    :raises NothingNew: no row was added since the last checkpoint.
    """
    last_id = _settled_id()
    with transaction.atomic():
        before = Checkpoint.objects.select_for_update().order_by("-last_id").first()
        after_id, previous = (before.last_id, before.digest) if before else (0, "")
        if last_id <= after_id:
            raise NothingNew("自上一个存证点以来没有新的记录，无需建立存证点。")
        found = digest_between(
            after_id, last_id, start=previous, algorithm=settings.CHENGZHI_HASH, progress=progress
        )
        row = Checkpoint.objects.create(
            after_id=after_id,
            last_id=last_id,
            count=found.count,
            digest=found.digest,
            algorithm=settings.CHENGZHI_HASH,
            made_at=now,
        )
        made = CheckpointMade(last_id=last_id, count=row.count, digest=row.digest)
        record(made, subject="audit:checkpoints", actor=actor, at=now)
    return anchor_of(row)


def _settled_id() -> int:
    """Return the last id before which no row can still appear.

    PostgreSQL hands out ids before commit: waiting for every writer in flight (the lock is
    let go at once) makes sure that no smaller id commits later. SQLite has one writer.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE audit_event IN SHARE MODE")
        return Event.objects.aggregate(last=Max("pk"))["last"] or 0
