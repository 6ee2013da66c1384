"""Requests that came in, and are shown, by Open311 GeoReport v2."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chengzhi.workorders.types.reports import PhotoRef


class PublicStatus(StrEnum):
    """The only two states that GeoReport v2 knows."""

    OPEN = "open"
    CLOSED = "closed"


class ExtendedStatus(StrEnum):
    """What open and closed leave untold (extension `extended_status`): closed is not fixed."""

    RECEIVED = "received"
    INVESTIGATING = "investigating"
    ACCEPTED = "accepted"
    ACTION_SCHEDULED = "action_scheduled"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    DONE = "done"
    FIXED = "fixed"
    CLOSED_UNCONFIRMED = "closed_unconfirmed"
    NOT_FIXED = "not_fixed"
    REFERRED = "referred"
    NOT_ACCEPTED = "not_accepted"
    NO_FURTHER_ACTION = "no_further_action"
    DUPLICATE = "duplicate"


EXTENDED_LABELS: dict[ExtendedStatus, str] = {
    ExtendedStatus.RECEIVED: "已收到，待受理",
    ExtendedStatus.INVESTIGATING: "正在现场核实",
    ExtendedStatus.ACCEPTED: "已受理，待立案",
    ExtendedStatus.ACTION_SCHEDULED: "已立案，安排处置",
    ExtendedStatus.IN_PROGRESS: "处置中",
    ExtendedStatus.PAUSED: "暂缓处置",
    ExtendedStatus.DONE: "已处置，待核查",
    ExtendedStatus.FIXED: "已结案，现场核查确认解决",
    ExtendedStatus.CLOSED_UNCONFIRMED: "已结案，未经现场核查确认",
    ExtendedStatus.NOT_FIXED: "已结案，问题未解决",
    ExtendedStatus.REFERRED: "已结案，移送执法处理",
    ExtendedStatus.NOT_ACCEPTED: "不予受理",
    ExtendedStatus.NO_FURTHER_ACTION: "不再办理",
    ExtendedStatus.DUPLICATE: "与另一件重复，合并办理",
}
ENDED = frozenset(
    {
        ExtendedStatus.FIXED,
        ExtendedStatus.CLOSED_UNCONFIRMED,
        ExtendedStatus.NOT_FIXED,
        ExtendedStatus.REFERRED,
        ExtendedStatus.NOT_ACCEPTED,
        ExtendedStatus.NO_FURTHER_ACTION,
        ExtendedStatus.DUPLICATE,
    }
)


@dataclass(frozen=True, kw_only=True)
class OutsideReport:
    """A request as a client of another maker sends it."""

    service_code: str
    lon: float
    lat: float
    address: str
    description: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    account_id: str = ""
    media_url: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    occurred_at: datetime | None = None
    component_code: str = ""
    photos: tuple[PhotoRef, ...] = ()
    client_ref: str = ""
    place_note: str = ""  # how the place was found, where it was not given as a point


@dataclass(frozen=True, kw_only=True)
class OutsideReceipt:
    """The answer: a number, or a token where a person looks first."""

    id: int
    token: str  # empty where the number is told at once
    account_id: str
    notice: str


@dataclass(frozen=True, kw_only=True)
class PublicRequest:
    """One work order as everybody may see it: no names, no numbers, no plates."""

    id: int
    status: PublicStatus
    extended: ExtendedStatus
    note: str
    service_code: str
    service_name: str
    description: str | None
    agency: str
    notice: str
    requested_at: datetime
    updated_at: datetime
    expected_at: datetime | None
    address: str
    address_id: str
    lon: float
    lat: float
    media_url: str
    group: str
    town_name: str
    handled_at: datetime | None
    duplicate_of: int | None
    pictures: tuple[str, ...] = ()  # hashes of covered copies


@dataclass(frozen=True, kw_only=True)
class PublicAsked:
    """What a client asks the list for."""

    ids: tuple[int, ...] | None = None
    service_codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    start: int = 0
    limit: int = 1000


@dataclass(frozen=True, kw_only=True)
class PublicUpdate:
    """One step of a published request, in words for everybody."""

    id: str
    request: int
    status: PublicStatus
    extended: ExtendedStatus
    at: datetime
    description: str
