"""The walk that proves the log: every row's own hash, every link, every checkpoint."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from cryptography.hazmat.primitives import hashes

from chengzhi.audit.models import Checkpoint, Event
from chengzhi.audit.rules import content_fault, link_fault
from chengzhi.audit.types import Anchor, Break, Link, Progress

COLUMNS = tuple(field.name for field in fields(Link))
CHUNK = 2000


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Rows by id, counted and digested."""

    count: int
    digest: str


def silent(done: int, total: int) -> None:
    """Show no progress."""


def verify(subject: str | None = None, *, progress: Progress = silent) -> Break | None:
    """Return the first break of the log, or of one subject's chain; nothing if it holds.

    A row whose own content was changed is named before the rows that merely no longer follow
    it. Checkpoints are compared only when the whole log is walked.
    """
    rows = Event.objects.order_by("subject", "seq", "pk").values_list(*COLUMNS)
    if subject:  # one chain is short: it is read at once
        chain = list(rows.filter(subject=subject))
        return first_break(chain, len(chain), progress)
    walk = rows.iterator(chunk_size=CHUNK)
    return first_break(walk, rows.count(), progress) or _first_lost(progress)


def first_break(
    rows: Iterable[tuple[Any, ...]], total: int, progress: Progress = silent
) -> Break | None:
    """Return the first break among rows (`COLUMNS`) in the order of their chains."""
    unlinked: Break | None = None
    for row, before in _pairs(rows, total, progress):
        if reason := content_fault(row):
            return _break(row, reason)
        if unlinked is None and (reason := link_fault(row, before)):
            unlinked = _break(row, reason)
    return unlinked


def _pairs(
    rows: Iterable[tuple[Any, ...]], total: int, progress: Progress
) -> Iterator[tuple[Link, Link | None]]:
    """Yield each row with the row before it in its subject."""
    before: Link | None = None
    for done, values in enumerate(rows, start=1):
        row = Link(**dict(zip(COLUMNS, values, strict=True)))
        yield row, before if before and before.subject == row.subject else None
        before = row
        if done % CHUNK == 0 or done == total:
            progress(done, total)


def _break(row: Link, reason: str) -> Break:
    return Break(event_id=row.id, subject=row.subject, seq=row.seq, reason=reason)


def _first_lost(progress: Progress) -> Break | None:
    previous, after_id = "", 0
    for anchor in anchors():
        found = digest_between(
            anchor.after_id,
            anchor.last_id,
            start=previous,
            algorithm=anchor.algorithm,
            progress=progress,
        )
        if anchor.after_id != after_id:
            return _lost(anchor, "前一个存证点缺失。")
        if found.count != anchor.count:
            return _lost(anchor, f"存证时有 {anchor.count} 行，现有 {found.count} 行。")
        if found.digest != anchor.digest:
            return _lost(anchor, "行数相符而摘要不符，其中有行被替换过。")
        previous, after_id = anchor.digest, anchor.last_id
    return None


def _lost(anchor: Anchor, reason: str) -> Break:
    reach = f"存证点 {anchor.id}（第 {anchor.after_id + 1} 至 {anchor.last_id} 行）"
    return Break(
        event_id=anchor.last_id, subject="audit:checkpoints", seq=anchor.id, reason=reach + reason
    )


def anchors() -> list[Anchor]:
    """Return every checkpoint, oldest first."""
    return [anchor_of(row) for row in Checkpoint.objects.order_by("last_id")]


def last_anchor() -> Anchor | None:
    """Return the latest checkpoint."""
    row = Checkpoint.objects.order_by("last_id").last()
    return anchor_of(row) if row else None


def anchor_of(row: Checkpoint) -> Anchor:
    """Return a checkpoint as a value."""
    return Anchor(
        id=row.pk,
        after_id=row.after_id,
        last_id=row.last_id,
        count=row.count,
        digest=row.digest,
        algorithm=row.algorithm,
        at=row.made_at,
    )


def digest_between(
    after_id: int, last_id: int, *, start: str, algorithm: str, progress: Progress = silent
) -> Stretch:
    """Return count and digest of the rows in (after_id, last_id], in order of id."""
    rows = Event.objects.filter(pk__gt=after_id, pk__lte=last_id).order_by("pk")
    total, count = rows.count(), 0
    running = _Running(algorithm)
    running.add(start)
    for pk, row_hash in rows.values_list("pk", "hash").iterator(chunk_size=CHUNK):
        running.add(f"{pk}:{row_hash}\n")
        count += 1
        if count % CHUNK == 0:
            progress(count, total)
    return Stretch(count=count, digest=running.hex())


class _Running:
    """One running digest by SHA-256 or SM3."""

    def __init__(self, algorithm: str) -> None:
        is_sm3 = algorithm == "sm3"
        self._hash: hashes.Hash | hashlib._Hash = (
            hashes.Hash(hashes.SM3()) if is_sm3 else hashlib.sha256()
        )

    def add(self, text: str) -> None:
        self._hash.update(text.encode())

    def hex(self) -> str:
        """Return the digest of everything added."""
        if isinstance(self._hash, hashes.Hash):
            return self._hash.finalize().hex()
        return self._hash.hexdigest()
