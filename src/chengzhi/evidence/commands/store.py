"""A file comes in: checked by content, kept once, its arrival recorded."""

import hashlib
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from django.db import transaction
from django.utils import timezone

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.evidence.events import EvidenceStored
from chengzhi.evidence.models import Deposit, EvidenceFile, Redaction, open_store
from chengzhi.evidence.queries.files import stored_file
from chengzhi.evidence.rules import check, media_type
from chengzhi.evidence.types import Checked, HidingState, MediaKind, StoredFile


def store(
    content: bytes, *, name: str, actor: Actor, now: datetime, captured_at: datetime | None = None
) -> StoredFile:
    """Keep a file and return it; the same bytes are kept once, whoever brings them.

    The bytes are on disk before the row exists, so a row never points at nothing.

    :raises UploadRefused: the bytes are not a file that may be stored.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    known = EvidenceFile.objects.filter(sha256=sha256).first()
    if known is not None and known.erased_at is not None:
        _bring_back(known, content)
    if known is None:
        return _keep_new(content, sha256, name=name, actor=actor, now=now, captured_at=captured_at)
    if not Deposit.objects.filter(file=known, by=actor.ref).exists():
        _deposit(known, actor=actor, now=now)
    return stored_file(known)


def _bring_back(known: EvidenceFile, content: bytes) -> None:
    """Keep the bytes of an erased file again: somebody needs them for another record.

    The copy of a recording went with them and is made again.
    """
    open_store().put(known.key, content)
    known.erased_at = known.bytes_gone_at = None
    known.save(update_fields=["erased_at", "bytes_gone_at"])
    if media_type(known.media_type).kind is MediaKind.VIDEO:
        again = {"state": HidingState.WAITING, "claimed_at": None, "tries": 0}
        Redaction.objects.filter(file=known).update(**again)


def _keep_new(
    content: bytes,
    sha256: str,
    *,
    name: str,
    actor: Actor,
    now: datetime,
    captured_at: datetime | None,
) -> StoredFile:
    checked = check(content, zone=timezone.get_current_timezone())
    key = f"{sha256}.{checked.media_type.extension}"
    open_store().put(key, content)
    fields = _fields(checked, key=key, size=len(content), name=name, captured_at=captured_at)
    with transaction.atomic():
        file, _ = EvidenceFile.objects.get_or_create(
            sha256=sha256, defaults={**fields, "stored_at": now, "stored_by": actor.ref}
        )
        if checked.media_type.kind is not MediaKind.DOCUMENT:
            Redaction.objects.get_or_create(file=file)
        _deposit(file, actor=actor, now=now)
    return stored_file(file)


def _fields(
    checked: Checked, *, key: str, size: int, name: str, captured_at: datetime | None
) -> dict[str, Any]:
    return {
        "key": key,
        "name": safe_name(name, extension=checked.media_type.extension),
        "media_type": checked.media_type.name,
        "size": size,
        "width": checked.width,
        "height": checked.height,
        "duration_s": checked.duration_s,
        "captured_at": captured_at or checked.taken.at,
        "exif_at": checked.taken.at,
        "exif_lon": checked.taken.lon,
        "exif_lat": checked.taken.lat,
    }


@transaction.atomic
def _deposit(file: EvidenceFile, *, actor: Actor, now: datetime) -> None:
    """Record that somebody brought the file; the second time of the same person is no news."""
    EvidenceFile.objects.select_for_update().get(pk=file.pk)
    _, is_new = Deposit.objects.get_or_create(file=file, by=actor.ref, defaults={"at": now})
    if is_new:
        stored = EvidenceStored(
            sha256=file.sha256, file_name=file.name, media_type=file.media_type, size=file.size
        )
        audit.record(stored, subject=file.subject, actor=actor.ref, at=now)


def safe_name(name: str, *, extension: str) -> str:
    """Return a plain file name with the extension that the content proves."""
    base = PurePosixPath(PureWindowsPath(name).name).name
    stem = "".join(c for c in PurePosixPath(base).stem if c.isprintable() and c not in '"\\/:*?<>|')
    return f"{stem.strip(' .')[:150] or 'file'}.{extension}"
