"""Reading a file: copies hide faces and plates and are made when asked for, originals leave a trace."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.evidence.commands.redact import clip_key
from chengzhi.evidence.events import EvidenceRead
from chengzhi.evidence.models import EvidenceFile, Store, open_store
from chengzhi.evidence.queries import access_file, redaction_of
from chengzhi.evidence.rules import NoSuchCopy, media_type, published, thumbnail
from chengzhi.evidence.rules.copies import COPY_TYPE, NO_CLIP
from chengzhi.evidence.types import HidingState, MediaKind, MediaType, Served, Variant
from chengzhi.kernel.errors import DomainError, InvalidInput

ERASED = "这个文件的保存期限已满，内容已清除；摘要和保管链仍在。"
COPY_VERSION = "p2"  # a new way of making copies gets a new number; the old ones are left
MAKERS: dict[Variant, Callable[..., tuple[bytes, str]]] = {
    Variant.PUBLISHED: published,
    Variant.THUMBNAIL: thumbnail,
}


class FileErased(DomainError):
    """The file's time has come: its bytes were removed on purpose."""

    code = "file-erased"
    status = 410


def read(
    actor: Actor,
    sha256: str,
    *,
    variant: Variant | str = Variant.PUBLISHED,
    now: datetime,
    reason: str = "",
) -> tuple[bytes, str]:
    """Return a copy's bytes and type.

    :raises InvalidInput: the original is asked for without a reason.
    :raises NotPermitted: the actor may see the file but not its original.
    :raises NotVisible: there is no such file, or not for this actor.
    """
    served = open_copy(actor, sha256, variant=Variant(variant), now=now, reason=reason)
    return copy_of(served), served.media_type


def public_copy(sha256: str) -> tuple[bytes, str]:
    """Return the covered copy of a picture for everybody; who asks has decided that it is public.

    :raises NoSuchCopy: it is no picture, it has gone, or nobody has looked for faces in it yet.
    """
    file = EvidenceFile.objects.filter(sha256=sha256, erased_at=None).first()
    if file is None or redaction_of(file).state != HidingState.DONE:
        raise NoSuchCopy("没有可以公开的副本。")
    media = media_type(file.media_type)
    if media.kind is not MediaKind.IMAGE:
        raise NoSuchCopy("没有可以公开的副本。")
    served = _copy(file, media, Variant.PUBLISHED)
    return copy_of(served), served.media_type


def open_copy(
    actor: Actor, sha256: str, *, variant: Variant, now: datetime, reason: str = ""
) -> Served:
    """Decide whether the actor may read this copy, make it if need be, and say where it lies."""
    file = access_file(actor, sha256)
    if file.erased_at is not None:
        raise FileErased(ERASED)
    media = media_type(file.media_type)
    if variant is Variant.ORIGINAL:
        _note_reading(file, actor=actor, reason=reason, now=now)
        return _served(file, key=file.key, media=media.name, size=file.size, original=True)
    return _copy(file, media, variant)


def copy_of(served: Served, *, start: int = 0, length: int | None = None) -> bytes:
    """Return the bytes of an opened copy, or a stretch of them."""
    return open_store().get(served.key, start=start, length=length)


@transaction.atomic
def _note_reading(file: EvidenceFile, *, actor: Actor, reason: str, now: datetime) -> None:
    accounts.permit(actor, Permission.READ_ORIGINALS)
    if not reason.strip():
        raise InvalidInput("调阅原件须写明事由，例如“办理行政复议”。", field="reason")
    EvidenceFile.objects.select_for_update().get(pk=file.pk)
    event = EvidenceRead(sha256=file.sha256, reason=reason.strip())
    audit.record(event, subject=file.subject, actor=actor.ref, at=now)


def _copy(file: EvidenceFile, media: MediaType, variant: Variant) -> Served:
    store, redaction = open_store(), redaction_of(file)
    if media.kind is MediaKind.DOCUMENT and variant is Variant.PUBLISHED:
        return _served(file, key=file.key, media=media.name, size=file.size)
    if media.kind is MediaKind.VIDEO and variant is Variant.PUBLISHED:
        return _clip(file, store, is_done=redaction.state == HidingState.DONE)
    key = _copy_key(file, variant, redaction.revision)
    size = store.size(key)
    if size is None:
        content, _ = MAKERS[variant](store.get(file.key), media, rows=redaction.rows)
        store.put(key, content)
        size = len(content)
    return _served(file, key=key, media=COPY_TYPE, size=size)


def _clip(file: EvidenceFile, store: Store, *, is_done: bool) -> Served:
    """Return the covered recording, which a worker made; nobody makes it while people wait."""
    key = clip_key(file)
    size = store.size(key) if is_done else None
    if size is None:
        raise NoSuchCopy(NO_CLIP)
    return _served(file, key=key, media="video/webm", size=size)


def copy_keys(file: EvidenceFile) -> list[str]:
    """Return the keys under which copies of a file may lie."""
    revisions = range(redaction_of(file).revision + 1)
    keys = [_copy_key(file, variant, number) for variant in MAKERS for number in revisions]
    return [*keys, clip_key(file)]


def _copy_key(file: EvidenceFile, variant: Variant, revision: int) -> str:
    return f"{file.sha256}.{COPY_VERSION}{variant.value[:1]}r{revision}.webp"


def _served(
    file: EvidenceFile, *, key: str, media: str, size: int, original: bool = False
) -> Served:
    stem = file.name.rsplit(".", 1)[0]
    kind = media_type(media).kind
    return Served(
        key=key,
        media_type=media,
        size=size,
        name=f"{stem}.{media_type(media).extension}",
        is_attachment=original or kind is MediaKind.DOCUMENT,
    )
