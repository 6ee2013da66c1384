"""How rows are chained, who reads the log, how often a reaction is tried. Pure."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes

from chengzhi.audit.types import Link, Reader
from chengzhi.kernel.errors import DomainError, NotVisible

ALGORITHMS = ("sha256", "sm3")
READERS = frozenset({"administrator", "auditor"})
RETRIERS = frozenset({"administrator"})

BACK_OFF = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
)
MOST_ATTEMPTS = len(BACK_OFF) + 1
LEASE = timedelta(seconds=60)


class AuditForbidden(DomainError):
    """The actor's posts do not open the event log."""

    code = "not-permitted"
    status = 403


def canonical(data: dict[str, Any]) -> str:
    """Return JSON with sorted keys and no spaces, the same bytes for the same values."""
    return json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    )


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)


def digest(text: str, *, algorithm: str) -> str:
    """Return the hex digest of `text` by SHA-256 or SM3 (GB/T 32905)."""
    if algorithm == "sha256":
        return hashlib.sha256(text.encode()).hexdigest()
    if algorithm == "sm3":
        sm3 = hashes.Hash(hashes.SM3())
        sm3.update(text.encode())
        return sm3.finalize().hex()
    raise ValueError(f"unknown hash algorithm {algorithm!r}")


def chained(
    *,
    name: str,
    subject: str,
    seq: int,
    actor: str,
    data: str,
    happened_at: datetime,
    previous: str,
    algorithm: str,
) -> str:
    """Return a row's hash over every field that may never change, and the row before it."""
    fields = {
        "actor": actor,
        "algorithm": algorithm,
        "data": data,
        "happened_at": happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "name": name,
        "previous": previous,
        "seq": seq,
        "subject": subject,
    }
    return digest(canonical(fields), algorithm=algorithm)


def content_fault(row: Link) -> str | None:
    """Return why a row's own hash does not hold, or nothing."""
    if row.algorithm not in ALGORITHMS:
        return f"摘要算法“{row.algorithm}”不存在，这一行被改动过。"
    expected = chained(
        name=row.name,
        subject=row.subject,
        seq=row.seq,
        actor=row.actor,
        data=row.data,
        happened_at=row.happened_at,
        previous=row.previous,
        algorithm=row.algorithm,
    )
    return None if expected == row.hash else "内容与摘要不符，这一行被改动过。"


def link_fault(row: Link, before: Link | None) -> str | None:
    """Return why a row does not follow the row before it in its subject, or nothing."""
    seq, previous = (before.seq + 1, before.hash) if before else (1, "")
    if row.seq != seq:
        return f"应为第 {seq} 步，之前的行缺失。"
    return None if row.previous == previous else "前一行的摘要不符，前一行被替换过。"


def wait_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many failed attempts; nothing means give up."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def require_reader(reader: Reader, *, county: str) -> None:
    """Refuse unless the person may read this county's log.

    :raises NotVisible: the person belongs to another county.
    :raises AuditForbidden: the person is neither administrator nor auditor.
    """
    if reader.county != county:
        raise NotVisible("没有这条记录，或者您无权查看。")
    if READERS.isdisjoint(reader.roles):
        raise AuditForbidden(
            f"操作留痕只向系统管理员和监督检察人员开放，{reader.name}没有这一岗位。"
            "请在案件页查看本案的办理过程，或联系系统管理员。"
        )


def require_retrier(reader: Reader, *, county: str) -> None:
    """Refuse unless the person may send a dead letter again.

    :raises AuditForbidden: the person is no administrator.
    """
    require_reader(reader, county=county)
    if RETRIERS.isdisjoint(reader.roles):
        raise AuditForbidden(
            f"重新处理须由系统管理员办理，{reader.name}没有这一岗位。请联系系统管理员。"
        )
