"""The retention table as dated data, and when what is due. Pure."""

import hashlib
import json
import tomllib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from chengzhi.workorders.types.retention import Keeping, Removal, RetentionRule

LONGEST_REASON = 300


@cache
def _table() -> dict[str, Any]:
    path = files("chengzhi.workorders") / "data" / "retention.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def retention_version() -> str:
    """Return the version of the table, which every run writes down."""
    return str(_table()["version"])


def retention_rules(*, on: date) -> tuple[RetentionRule, ...]:
    """Return the rules in force on a day, in the order of the file."""
    rows = [_rule(row) for row in _table()["rule"]]
    return tuple(
        row for row in rows if row.valid_from <= on and (row.valid_to is None or on < row.valid_to)
    )


def _rule(row: dict[str, Any]) -> RetentionRule:
    if row["from"] != "ended_at":
        raise ValueError(f"retention rule {row['key']!r} counts from an unknown date")
    return RetentionRule(
        key=row["key"],
        label=row["label"],
        what=Keeping(row["what"]),
        action=Removal(row["action"]),
        keep_days=row["keep_days"],
        basis=row["basis"],
        valid_from=row["valid_from"],
        valid_to=row.get("valid_to"),
    )


def due_at(rule: RetentionRule, ended_at: datetime) -> datetime:
    """Return when a rule's time has come for a work order that ended then."""
    return ended_at + timedelta(days=rule.keep_days)


def register_digest(version: str, rows: Iterable[tuple[str, str, int]]) -> str:
    """Return the SHA-256 over the rows of a run and the version of its rules.

    It covers which record lost what under which rule, never the data itself: the hash of a
    telephone number can be turned back into the number.
    """
    text = json.dumps([version, *map(list, rows)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
