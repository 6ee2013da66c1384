"""A file becomes part of a record."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor, Role
from chengzhi.audit import interface as audit
from chengzhi.evidence.events import EvidenceAttached
from chengzhi.evidence.models import Attachment, EvidenceFile
from chengzhi.evidence.queries.access import NOT_FOUND, can_see
from chengzhi.evidence.types import FILE_ROLE_LABELS, FileRole
from chengzhi.kernel.errors import InvalidInput, NotVisible


@transaction.atomic
def attach(sha256: str, *, subject: str, role: FileRole | str, actor: Actor, now: datetime) -> None:
    """Attach a stored file to a subject in a role; doing it again changes nothing.

    Knowing a hash is not enough: the actor brought the file, or sees it already. The system
    may attach any file, because it carries a finding's evidence to its work order.

    :raises InvalidInput: there is no such role.
    :raises NotVisible: there is no such file, or not for this actor.
    """
    known = _role(role)
    file = _locked(sha256)
    if file is None or not (Role.SYSTEM in actor.roles or can_see(actor, file)):
        raise NotVisible(NOT_FOUND)
    if Attachment.objects.filter(subject=subject, file=file, role=known.value).exists():
        return
    audit.insert(Attachment(file=file, subject=subject, role=known.value, by=actor.ref, at=now))
    event = EvidenceAttached(
        sha256=sha256, subject=subject, role=known.value, label=FILE_ROLE_LABELS[known]
    )
    audit.record(event, subject=file.subject, actor=actor.ref, at=now)


def _locked(sha256: str) -> EvidenceFile | None:
    """Return the file with its row locked, so that nobody else attaches it meanwhile."""
    rows = EvidenceFile.objects.select_for_update().filter(sha256=sha256).only("sha256")
    return next(iter(rows), None)


def _role(role: FileRole | str) -> FileRole:
    try:
        return FileRole(role)
    except ValueError:
        known = "、".join(FileRole)
        raise InvalidInput(f"没有“{role}”这种材料，可用：{known}。", field="role") from None
