"""What the standards say, as frozen rows: every row is dated and names its source."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from chengzhi.kernel.clock import CountRules, Duration
from chengzhi.kernel.errors import DomainError


class StandardMissing(DomainError):
    """The standards hold no such row on that day."""

    code = "standard-missing"
    status = 409


class StandardBroken(DomainError):
    """A file of standards cannot be read; the sentence names file, row and cure."""

    code = "standard-broken"
    status = 422


class Dated(Protocol):
    """A row that holds from a day on, until `valid_to` (empty: still), half-open."""

    @property
    def valid_from(self) -> date: ...

    @property
    def valid_to(self) -> date | None: ...


def holds(row: Dated, on: date) -> bool:
    """Return whether the row is in force on the day."""
    return row.valid_from <= on and (row.valid_to is None or on < row.valid_to)


class Kind(StrEnum):
    """Component 部件 or matter 事项; a code is unique only together with its kind."""

    COMPONENT = "component"
    MATTER = "matter"


class Direction(StrEnum):
    """Whether a limit runs from an act or must lie before one."""

    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """One code table (编码体系), such as GB/T 47678.5-2026; its dates are its rows' dates."""

    code: str
    name: str
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class Category:
    """One component class or matter (部件、事项类别)."""

    scheme: str
    kind: Kind
    code: str
    name: str
    major: str
    major_name: str
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class Season:
    """A part of the year that a limit may name (季节), in whole months."""

    code: str
    name: str
    months: frozenset[int]
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class SeasonalLimit:
    """A limit that holds in some months only: “种植季节15工作日”."""

    months: frozenset[int]
    words: str
    limit: Duration


@dataclass(frozen=True, kw_only=True)
class HandlingRow:
    """One filing condition with its closing condition and limit (立案条件、结案条件、处置时限).

    `origin` names the row of the sample it was mapped from: "event 0110/1", `own` or `default`.
    `rules` say how the limit is counted: from the moment unless the row's `start` says otherwise.
    `limit_text` is how the table writes the limit; a row with `seasonal` limits is asked `on` a day.
    """

    scheme: str
    kind: Kind
    category_code: str
    category_name: str
    condition_no: int
    filing_condition: str
    closing_condition: str
    limit: Duration
    rules: CountRules
    handler: str
    origin: str
    source: str
    valid_from: date
    valid_to: date | None
    limit_text: str = ""
    seasonal: tuple[SeasonalLimit, ...] = ()
    season: str = ""  # the season whose limit stands in `limit`, once a day was named
    handler_text: str = ""  # 处置单位 and 主管部门 as the city's table names them
    authority: str = ""
    basis: str = ""
    guide: str = ""  # 采集要求

    def on(self, day: date) -> "HandlingRow | None":
        """Return the row with the limit of that day; None out of its season."""
        if not self.seasonal:
            return self
        part = next((part for part in self.seasonal if day.month in part.months), None)
        return replace(self, limit=part.limit, season=part.words) if part else None

    @property
    def season_months(self) -> tuple[int, ...]:
        """The months in which the row can be filed under; all where it names no season."""
        named = {month for part in self.seasonal for month in part.months}
        return tuple(sorted(named)) if self.seasonal else tuple(range(1, 13))

    @property
    def is_default(self) -> bool:
        """Return whether no city's table stands behind the row."""
        return self.origin == "default"


@dataclass(frozen=True, kw_only=True)
class Named:
    """A code with a Chinese name, where nothing more is to be said."""

    code: str
    name: str
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class CategoryMap:
    """Which matter a category of an older four-digit code table stands for (类别对应)."""

    kind: Kind
    code: str
    name: str
    matter_code: str
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class HandlerAlias:
    """A word by which a kind of handler is recognised in a city's table (处置单位识别词)."""

    code: str  # the word
    handler: str
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class LegalLimit:
    """A period set by law (法定期限): from what, how long, how counted, by which article.

    `rules` and `duration` make it a `DayLimit` for `kernel.clock.last_day`.
    """

    key: str
    name: str
    trigger: str
    duration: Duration
    rules: CountRules
    direction: Direction
    extension: Duration | None
    party: str
    article: str
    source: str
    note: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class LegalAmount:
    """A number set by law that is not a period: a cap in yuan, a rate in percent."""

    key: str
    name: str
    value: int
    unit: str
    article: str
    source: str
    note: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class StageLimit:
    """The limit of one stage of a work order (环节时限), and the urgent one."""

    stage: str
    name: str
    limit: Duration
    urgent: Duration
    source: str
    valid_from: date
    valid_to: date | None

    def limit_for(self, handling: Duration | None = None) -> Duration:
        """Return the stage's limit; the urgent one if the handling limit is urgent."""
        return self.urgent if handling is not None and handling.unit.is_urgent else self.limit


@dataclass(frozen=True, kw_only=True)
class FindingKind:
    """What a camera reports (机器发现类型) and the matter and condition it is filed as."""

    code: str
    name: str
    matter_code: str
    condition_no: int
    is_active: bool
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class VerdictReason:
    """Why a reviewer rejects a finding (误报原因); `shortcut` is its key on the review desk."""

    code: str
    name: str
    shortcut: str
    needs_note: bool
    blames: str  # detector, rule, zone, permit or nobody: only the first moves a threshold
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class Channel:
    """Where a report comes from (来源渠道) and whether it is verified before filing (核实)."""

    code: str
    name: str
    needs_verification: bool
    is_public: bool
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class Hint:
    """How to tell a matter from those it is confused with (辨识要点)."""

    code: str
    hint: str
    confused_with: tuple[str, ...]
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class CodePattern:
    """How a number is written and recognised (编码规则)."""

    key: str
    name: str
    pattern: str
    regex: str
    example: str
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with the tables, for `chengzhi standards check`."""

    table: str
    key: str
    sentence: str
    is_warning: bool = False
