"""Faces and plates: looked for in what comes in, noted where a worker looked, mended by people."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission, Role
from chengzhi.audit import interface as audit
from chengzhi.evidence.events import CopyMarked, CopyUncovered, EvidenceRedacted, RedactionFailed
from chengzhi.evidence.models import EvidenceFile, Redaction, open_store
from chengzhi.evidence.queries.access import access_file
from chengzhi.evidence.rules import as_shares, marked, media_type, upright
from chengzhi.evidence.rules.clips import hidden_clip
from chengzhi.evidence.rules.copies import NoSuchCopy
from chengzhi.evidence.rules.hiding import MOST_PARTS, Row
from chengzhi.evidence.types import HidingState, MediaKind
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi_redaction.redactor import Redactor
from chengzhi_redaction.types import Region

LEASE = timedelta(minutes=5)  # a worker that said no more for so long is taken for dead
MOST_TRIES = 3


class NothingHiddenYet(DomainError):
    """Nobody has looked yet: everything is hidden, and nothing can be mended."""

    code = "nothing-hidden-yet"
    status = 409


def redact_next(
    redactor: Redactor, *, actor: Actor, clock: Callable[[], datetime], store_root: str = ""
) -> bool:
    """Look for faces and plates in the newest file that waits; return whether there was one."""
    redaction = _claim(clock())
    if redaction is None:
        return False
    file = redaction.file
    try:
        rows = _looked(file, redactor, redaction, store_root)
    except DomainError as refused:
        _give_up(redaction, refused.sentence, actor=actor, now=clock())
        return True
    _note(file, rows, method=redactor.method, actor=actor, now=clock())
    return True


def _claim(now: datetime) -> Redaction | None:
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - LEASE)
    waiting = Redaction.objects.filter(free, state=HidingState.WAITING, file__erased_at=None)
    for redaction in waiting.select_related("file").order_by("-pk")[:5]:
        mine = waiting.filter(pk=redaction.pk, claimed_at=redaction.claimed_at)
        if mine.update(claimed_at=now, tries=redaction.tries + 1):
            redaction.tries += 1
            return redaction
    return None


def _looked(
    file: EvidenceFile, redactor: Redactor, redaction: Redaction, store_root: str
) -> list[Row]:
    if redaction.tries > MOST_TRIES:
        raise NoSuchCopy(f"查找人脸和车牌时程序中断 {MOST_TRIES} 次，已停止。")
    return seen_in(file, redactor, store_root)


def seen_in(file: EvidenceFile, redactor: Redactor, store_root: str = "") -> list[Row]:
    """Return what of a picture copies must hide; of a recording the covered copy is made here.

    :raises DomainError: the file is missing or damaged.
    """
    media, store = media_type(file.media_type), open_store(store_root)
    content = store.get(file.key)
    if media.kind is MediaKind.VIDEO:
        copy = hidden_clip(content, things=redactor.things, plates=redactor.plates)
        store.put(clip_key(file), copy)
        return []
    picture = upright(content, media)
    height, width = picture.shape[:2]
    return as_shares(redactor.regions(picture), width=width, height=height)


def clip_key(file: EvidenceFile) -> str:
    """Return where the covered copy of a recording lies."""
    return f"{file.sha256}.p2clip.webm"


@transaction.atomic
def _note(
    file: EvidenceFile, rows: Sequence[Row], *, method: str, actor: Actor, now: datetime
) -> None:
    redaction = Redaction.objects.select_for_update().get(file=file)
    if redaction.state == HidingState.DONE:
        return
    redaction.state, redaction.method = HidingState.DONE, method
    redaction.found, redaction.looked_at = list(rows), now
    redaction.revision += 1
    redaction.save()
    say_hidden(redaction, actor=actor, now=now)


def say_hidden(redaction: Redaction, *, actor: Actor, now: datetime) -> None:
    """Record how much copies hide from now on, and who looked."""
    kinds = [row["kind"] for row in redaction.found]
    event = EvidenceRedacted(
        sha256=redaction.file.sha256,
        method=redaction.method,
        faces=kinds.count("face"),
        heads=kinds.count("head"),
        plates=kinds.count("plate"),
        bands=kinds.count("band"),
    )
    audit.record(event, subject=redaction.file.subject, actor=actor.ref, at=now)


@transaction.atomic
def _give_up(redaction: Redaction, reason: str, *, actor: Actor, now: datetime) -> None:
    """Say that nothing was found out, unless a camera worker has told it meanwhile."""
    if Redaction.objects.select_for_update().get(pk=redaction.pk).state == HidingState.DONE:
        return
    Redaction.objects.filter(pk=redaction.pk).update(state=HidingState.FAILED)
    file = redaction.file
    event = RedactionFailed(sha256=file.sha256, reason=reason)
    audit.record(event, subject=file.subject, actor=actor.ref, at=now)


def note_regions(
    sha256: str, regions: Sequence[Region], *, method: str, actor: Actor, now: datetime
) -> bool:
    """Note where a camera worker saw faces and plates in a picture; return whether it was news.

    A file that is not here yet, or in which somebody has looked already, is left as it is.
    """
    accounts.require(actor, Role.SYSTEM)
    file = EvidenceFile.objects.filter(sha256=sha256, erased_at=None).first()
    if file is None or not (file.width and file.height):
        return False
    if not Redaction.objects.filter(file=file, state=HidingState.WAITING).exists():
        return False
    rows = as_shares(regions, width=file.width, height=file.height)
    _note(file, rows, method=f"worker:{method}"[:60], actor=actor, now=now)
    return True


@transaction.atomic
def cover(
    sha256: str, *, box: tuple[float, float, float, float], actor: Actor, now: datetime
) -> None:
    """Hide one more part of a picture in every copy.

    :raises InvalidInput: the box does not lie in the picture, or there are too many.
    :raises NotPermitted: the actor may not mend copies.
    """
    redaction = _locked(actor, sha256)
    if len(redaction.added) >= MOST_PARTS:
        raise InvalidInput(f"手工遮挡最多 {MOST_PARTS} 处，请先取消一些。", field="box")
    redaction.added = [*redaction.added, marked(*box)]
    redaction.revision += 1
    redaction.save(update_fields=["added", "revision"])
    event = CopyMarked(sha256=sha256, parts=len(redaction.added))
    audit.record(event, subject=redaction.file.subject, actor=actor.ref, at=now)


@transaction.atomic
def uncover(sha256: str, number: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Show one hidden part again, for a reason: it is neither a face nor a plate.

    Numbers count what was found first, what people added after it.

    :raises InvalidInput: there is no reason, or no such part.
    :raises NotPermitted: the actor may not mend copies.
    """
    redaction = _locked(actor, sha256)
    if not reason.strip():
        raise InvalidInput("取消遮挡须写明理由，例如“不是人脸，是招牌图案”。", field="reason")
    _take_off(redaction, number)
    redaction.revision += 1
    redaction.save(update_fields=["added", "lifted", "revision"])
    event = CopyUncovered(sha256=sha256, number=number, reason=reason.strip())
    audit.record(event, subject=redaction.file.subject, actor=actor.ref, at=now)


def _take_off(redaction: Redaction, number: int) -> None:
    found = len(redaction.found)
    if 0 <= number < found and number not in redaction.lifted:
        redaction.lifted = [*redaction.lifted, number]
    elif found <= number < found + len(redaction.added):
        redaction.added = [r for i, r in enumerate(redaction.added) if i != number - found]
    else:
        raise InvalidInput("没有这处遮挡，可能已被取消，请刷新页面。", field="number")


def _locked(actor: Actor, sha256: str) -> Redaction:
    file = access_file(actor, sha256)
    accounts.permit(actor, Permission.MEND_COPIES)
    redaction = Redaction.objects.select_for_update().filter(file=file).first()
    if redaction is None or redaction.state != HidingState.DONE or not file.width:
        raise NothingHiddenYet("这个文件还没有可修改的遮挡，请等查找人脸和车牌完成后再改。")
    if media_type(file.media_type).kind is not MediaKind.IMAGE:
        raise NothingHiddenYet("录像的遮挡不能手工修改。")
    return redaction
