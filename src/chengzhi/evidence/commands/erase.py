"""Files go when their time has come: the row and its chain of custody stay, the bytes do not."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.evidence.commands.read import copy_keys
from chengzhi.evidence.events import EvidenceErased
from chengzhi.evidence.models import EvidenceFile, open_store
from chengzhi.evidence.queries.erasing import erasable


@transaction.atomic
def erase(subject: str, *, reason: str, actor: Actor, now: datetime) -> int:
    """Mark the files that belong to a subject alone as erased, and return how many.

    A file that another record holds too stays until that record lets it go. The bytes are
    removed by `remove_erased`, after the transaction that says so.
    """
    rows = list(erasable(subject).select_for_update().order_by("pk"))
    for file in rows:
        file.erased_at = now
        file.name = f"file.{file.key.rpartition('.')[2]}"  # a name may say who
        file.exif_lon = file.exif_lat = None
        file.save(update_fields=["erased_at", "name", "exif_lon", "exif_lat"])
        event = EvidenceErased(sha256=file.sha256, subject=subject, reason=reason)
        audit.record(event, subject=file.subject, actor=actor.ref, at=now)
    return len(rows)


def remove_erased(*, now: datetime) -> int:
    """Remove the bytes and the copies of erased files; return of how many.

    A run that was stopped in between leaves rows that say what is still to do.
    """
    store = open_store()
    rows = list(EvidenceFile.objects.filter(erased_at__isnull=False, bytes_gone_at__isnull=True))
    for file in rows:
        for key in (file.key, *copy_keys(file)):
            store.delete(key)
        EvidenceFile.objects.filter(pk=file.pk, erased_at__isnull=False).update(bytes_gone_at=now)
    return len(rows)
