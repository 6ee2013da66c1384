"""A list of another system, how its columns are read, and what became of each row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chengzhi.workorders.types.words import Channel

Progress = Callable[[int, int], None]
"""Told (rows done, rows in all) while an import goes on."""


class Crs(StrEnum):
    """The coordinates a list may come in."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    BD09MC = "bd09mc"  # metres


class Outcome(StrEnum):
    """What became of a row."""

    IMPORTED = "imported"
    KNOWN = "known"
    REFUSED = "refused"


OUTCOME_LABELS: dict[Outcome, str] = {
    Outcome.IMPORTED: "已导入",
    Outcome.KNOWN: "以前已导入",
    Outcome.REFUSED: "未导入",
}


REPORT_HEAD = ("行", "原编号", "结果", "字段", "说明")


class Ending(StrEnum):
    """Where a row stands in the other system, in our words."""

    OPEN = "open"
    CLOSED = "closed"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True)
class RowMapping:
    """How one system's list is read (a mapping file)."""

    source: str
    columns: Mapping[str, tuple[str, ...]]
    categories: Mapping[str, str]
    statuses: Mapping[str, Ending]
    channels: Mapping[str, Channel]
    channel: Channel
    time_zone: str
    time_formats: tuple[str, ...]
    crs: Crs = Crs.WGS84
    offset: tuple[float, float] = (0.0, 0.0)  # degrees east and north, for trials
    keeps_outside: bool = False
    areas: Mapping[str, str] = field(default_factory=dict)
    masks_phones: bool = True
    name_noise: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CleanRow:
    """One row as it is understood; coordinates are still in the list's own system."""

    external_id: str
    matter_code: str
    channel: Channel
    ending: Ending
    status_text: str
    x: float
    y: float
    address: str
    description: str
    name: str
    phone: str
    area: str
    reported_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ImportedLine:
    """What became of one row; a sentence says why not, or what to look at."""

    number: int
    external_id: str
    outcome: Outcome
    field: str = ""
    sentence: str = ""
    work_order: int | None = None

    @property
    def cells(self) -> tuple[int, str, str, str, str]:
        """The line as the report writes it."""
        label = OUTCOME_LABELS[self.outcome]
        return self.number, self.external_id, label, self.field, self.sentence


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    """What became of a list."""

    source: str
    file_name: str
    lines: tuple[ImportedLine, ...]
    is_dry_run: bool
    run: int | None = None

    def count(self, outcome: Outcome) -> int:
        """Return how many rows came to this."""
        return sum(line.outcome is outcome for line in self.lines)

    @property
    def told(self) -> tuple[ImportedLine, ...]:
        """The rows of which something is to be said."""
        return tuple(line for line in self.lines if line.sentence)


@dataclass(frozen=True, kw_only=True)
class ImportCard:
    """One import as the administrator's pages show it."""

    id: int
    source: str
    file_name: str
    started_by_name: str
    started_at: datetime
    finished_at: datetime | None
    total: int
    done: int
    imported: int
    known: int
    refused: int
    told: tuple[ImportedLine, ...] = ()
