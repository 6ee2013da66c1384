"""What lists, exports and the history of a spot show."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who reported and what they said, unmasked."""

    name: str
    phone: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list shows; every empty field means no restriction."""

    states: tuple[str, ...] = ()
    matter: str = ""  # code prefix
    channels: tuple[str, ...] = ()
    handler: str = ""
    towns: tuple[str, ...] = ()
    grid: str = ""
    overdue: bool = False
    due_soon: bool = False
    open_only: bool = False
    rework_from: int = 0
    standing: tuple[str, ...] = ()  # by a deferral, by shelving (缓办、挂账)
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    mine: bool = False
    marked: str = ""  # what bears the person's star or watch
    keys: tuple[int, ...] = ()  # chosen rows
    results: tuple[str, ...] = ()  # how it ended: closed is not the same as fixed
    measure: str = ""  # a named predicate of a report, so that a number opens its own list


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a list, of the desk's queue or of an export."""

    id: int
    code: str
    serial: int
    state: str
    state_label: str
    channel: str
    channel_label: str
    matter_code: str
    matter_name: str
    address: str
    town: str
    town_name: str
    grid: str
    handler: str
    handler_name: str
    lon: float
    lat: float
    reported_at: datetime
    filed_at: datetime | None
    closed_at: datetime | None
    stage_warn_at: datetime | None
    stage_due_at: datetime | None
    handling_due_at: datetime | None
    rework_count: int
    return_count: int
    closing_result: str = ""
    closing_result_label: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of a list. `after` and `before` are cursors, empty at either end.

    `is_more` says that there are more than `count`: past a cap nobody waits for the exact number;
    `is_about` that the count was reckoned from a sample.
    """

    rows: tuple[Row, ...]
    after: str = ""
    before: str = ""
    count: int | None = None
    is_more: bool = False
    is_about: bool = False
    text_since: datetime | None = None  # since when the text of orders was read, if not of all


@dataclass(frozen=True, kw_only=True)
class SpotLine:
    """How often a matter came up at a spot, and how long it took on average to close."""

    matter_name: str
    count: int
    mean: timedelta | None
