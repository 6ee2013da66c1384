"""Filters as plain data, so that a worker lists tomorrow what a person asked for today. Pure."""

from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from chengzhi.kernel.errors import DomainError
from chengzhi.workorders.types import Filters

MOST_UNFINISHED = 3  # of one person
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
MOMENTS = ("since", "until")


class TooManyExports(DomainError):
    """The person has as many exports under way as one person may have."""

    code = "too-many-exports"
    status = 409


class ExportOver(DomainError):
    """The export is not in a state in which this can be done."""

    code = "export-over"
    status = 409


def as_plain(filters: Filters) -> dict[str, Any]:
    """Return filters as JSON takes them; only what restricts."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(filters).items()
        if value
    }


def from_plain(values: dict[str, Any]) -> Filters:
    """Return the filters again; a field that no longer exists is a restriction lost, so it fails.

    :raises ExportOver: the software has changed and cannot read the filters.
    """
    known = {field.name for field in fields(Filters)}
    if unknown := sorted(values.keys() - known):
        raise ExportOver(f"筛选条件“{unknown[0]}”在新版本中已不存在，请重新导出。")
    restrictions: dict[str, Any] = {name: _again(name, value) for name, value in values.items()}
    return Filters(**restrictions)


def _again(name: str, value: Any) -> Any:
    if name in MOMENTS:
        return datetime.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
