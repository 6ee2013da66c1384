"""Events of invented lives, written as the log writes them but from templates: 20 times as fast.

Every event class is turned once into the text of its canonical JSON with places for what varies, so a
field that is added to a class appears with an empty value. The build checks rows against the log's own
`content_fault`.
"""

import hashlib
import json
from dataclasses import MISSING, fields
from functools import cache
from typing import Any

from chengzhi.kernel.events import REGISTRY

EMPTY = {"str": "", "int": 0, "float": 0.0, "bool": False}
ROW = (
    '{"actor":"%s","algorithm":"sha256","data":"%s","happened_at":"%s.000000+00:00","name":"%s",'
    '"previous":"%s","seq":%d,"subject":"%s"}'
)


@cache
def template(name: str, given: tuple[str, ...]) -> str:
    """Return the canonical JSON of an event in which the given fields are `%` places."""
    parts = []
    for field in sorted(fields(REGISTRY[name].shape), key=lambda field: field.name):
        kind = str(getattr(field.type, "__name__", field.type))
        if field.name not in given:
            value = EMPTY.get(kind, []) if field.default is MISSING else field.default
            parts.append(f'"{field.name}":{canonical_value(value)}'.replace("%", "%%"))
        else:
            quote = '"' if kind == "str" else ""
            parts.append(f'"{field.name}":{quote}%({field.name})s{quote}')
    return "{" + ",".join(parts) + "}"


def canonical_value(value: object) -> str:
    """Return one value as canonical JSON writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Chain:
    """The events of one subject, hash by hash."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.rows: list[tuple[Any, ...]] = []
        self._previous = ""

    def tell(self, name: str, actor: str, at: str, **values: Any) -> None:
        """Add an event: its fields as they stand in JSON, the moment as `2026-11-25 10:00:00`."""
        data = template(name, tuple(values)) % values
        seq = len(self.rows) + 1
        inner = data.replace("\\", "\\\\").replace('"', '\\"')
        text = ROW % (actor, inner, at.replace(" ", "T"), name, self._previous, seq, self.subject)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.rows.append((name, self.subject, seq, actor, data, at, self._previous, digest))
        self._previous = digest
