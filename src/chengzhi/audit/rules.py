"""How rows are chained: canonical JSON in, digest out. Pure."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes

ALGORITHMS = ("sha256", "sm3")


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
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(text.encode())
    return sm3.finalize().hex()


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
