"""Who may see a file: whoever may see a record it belongs to, and whoever brought it."""

from chengzhi.accounts.types import Actor
from chengzhi.evidence.models import Attachment, Deposit, EvidenceFile
from chengzhi.evidence.types import CanSee
from chengzhi.kernel.errors import NotVisible

_CHECKERS: dict[str, CanSee] = {}
NOT_FOUND = "没有这个文件，或者您无权查看。请从案件页打开，或联系经办人。"


def register_subject(kind: str, can_see: CanSee) -> None:
    """Let a context decide who sees the files of its records ("workorder").

    Called once at start (`AppConfig.ready`). A kind nobody registered is seen by nobody.
    """
    _CHECKERS[kind] = can_see


def access_file(actor: Actor, sha256: str) -> EvidenceFile:
    """Return a file, if the actor may see it.

    :raises NotVisible: there is no such file, or not for this actor.
    """
    file = EvidenceFile.objects.filter(sha256=sha256).first()
    if file is None or not can_see(actor, file):
        raise NotVisible(NOT_FOUND)
    return file


def can_see(actor: Actor, file: EvidenceFile) -> bool:
    """Return whether the actor brought the file or may see one of its subjects."""
    if Deposit.objects.filter(file=file, by=actor.ref).exists():
        return True
    subjects = Attachment.objects.filter(file=file).values_list("subject", flat=True)
    return any(sees_subject(actor, subject) for subject in subjects.distinct().order_by("subject"))


def sees_subject(actor: Actor, subject: str) -> bool:
    """Return whether the context that owns the subject shows it to the actor."""
    checker = _CHECKERS.get(subject.partition(":")[0])
    return checker is not None and checker(actor, subject)
