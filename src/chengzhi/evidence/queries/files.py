"""The files of a subject, as values."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime

from django.conf import settings

from chengzhi.audit import interface as audit
from chengzhi.audit.interface import Statement
from chengzhi.audit.types import Entry
from chengzhi.evidence.models import Attachment, EvidenceFile, open_store
from chengzhi.evidence.rules import NoSuchCopy
from chengzhi.evidence.types import Manifest, ManifestRow, StoredFile


def files_of(subject: str) -> list[StoredFile]:
    """Return the files of a subject in the order in which they were attached.

    The caller has already decided that the reader may see the subject.
    """
    rows = _attachments(subject)
    return [stored_file(row.file, role=row.role) for row in rows if row.file.erased_at is None]


def files_of_many(subjects: Collection[str]) -> dict[str, list[StoredFile]]:
    """Return the files of many subjects with one query, for lists."""
    found: dict[str, list[StoredFile]] = defaultdict(list)
    rows = Attachment.objects.filter(subject__in=subjects, file__erased_at__isnull=True)
    rows = rows.select_related("file")
    for row in rows.order_by("pk"):
        found[row.subject].append(stored_file(row.file, role=row.role))
    return {subject: found[subject] for subject in subjects}


def file_of(sha256: str) -> StoredFile | None:
    """Return one file, if it is stored."""
    file = EvidenceFile.objects.filter(sha256=sha256).first()
    return stored_file(file) if file else None


def content_of(sha256: str) -> bytes:
    """Return a stored file's bytes for the platform's own arithmetic; they are shown to nobody.

    :raises NoSuchCopy: it is not stored, or its bytes have gone.
    """
    file = EvidenceFile.objects.filter(sha256=sha256, erased_at=None).first()
    if file is None:
        raise NoSuchCopy("这份材料已不在，请重新上传。")
    return open_store().get(file.key)


def custody(sha256: str) -> list[Entry]:
    """Return everything that happened to a file, oldest first (保管链)."""
    return audit.history(f"evidence:{sha256}")


def manifest(subject: str) -> Manifest:
    """Return the hash manifest of a subject: every file, and one digest over all of them."""
    rows = tuple(_manifest_row(row) for row in _attachments(subject))
    algorithm = settings.CHENGZHI_HASH
    text = audit.canonical({"subject": subject, "rows": [asdict(row) for row in rows]})
    digest = audit.digest(text, algorithm=algorithm)
    return Manifest(subject=subject, algorithm=algorithm, rows=rows, digest=digest)


def stored_file(file: EvidenceFile, *, role: str = "") -> StoredFile:
    """Return a row as a value."""
    return StoredFile(
        sha256=file.sha256,
        media_type=file.media_type,
        size=file.size,
        role=role,
        captured_at=file.captured_at,
        stored_at=file.stored_at,
        name=file.name,
        width=file.width,
        height=file.height,
        duration_s=file.duration_s,
        lon=file.exif_lon,
        lat=file.exif_lat,
    )


def _attachments(subject: str) -> list[Attachment]:
    return _ATTACHED.rows(subject)


_ATTACHED: Statement[Attachment] = Statement(
    lambda subject: Attachment.objects.filter(subject=subject).select_related("file").order_by("pk")
)


def _manifest_row(row: Attachment) -> ManifestRow:
    return ManifestRow(
        sha256=row.file.sha256,
        role=row.role,
        name=row.file.name,
        media_type=row.file.media_type,
        size=row.file.size,
        captured_at=_utc(row.file.captured_at),
        stored_at=_utc(row.file.stored_at),
        stored_by=row.file.stored_by,
        attached_at=_utc(row.at),
        attached_by=row.by,
    )


def _utc(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else ""
