"""A report and what is answered to it."""

from dataclasses import dataclass
from datetime import datetime

from chengzhi.workorders.types.words import Channel, Wish


@dataclass(frozen=True, kw_only=True)
class PhotoRef:
    """A stored picture by its hash, and what it shows (a `FileRole` of the evidence store)."""

    sha256: str
    role: str


@dataclass(frozen=True, kw_only=True)
class FindingEvidence:
    """Where a machine's finding came from and who confirmed it: a machine never decides."""

    ref: str  # "finding:12"
    camera: str
    confirmed_by: str  # actor ref; empty means that nobody has
    score: float | None = None
    started_at: datetime | None = None
    alarm_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody, or a camera, says is wrong somewhere (上报)."""

    channel: Channel
    matter_code: str
    lon: float
    lat: float
    address: str
    description: str = ""
    photos: tuple[PhotoRef, ...] = ()
    client_ref: str = ""  # the sender's own id: the same one never makes a second work order
    reporter_name: str = ""
    reporter_phone: str = ""
    reporter_wish: str = Wish.UNSAID  # only who asked for an answer is ever contacted
    occurred_at: datetime | None = None
    component_code: str = ""
    finding: FindingEvidence | None = None


@dataclass(frozen=True, kw_only=True)
class Nearby:
    """Another work order close in place, time and matter: a possible duplicate (可能重复)."""

    id: int
    code: str
    state: str
    matter_code: str
    matter_name: str
    address: str
    channel: str
    metres: float
    lon: float
    lat: float
    reported_at: datetime


@dataclass(frozen=True, kw_only=True)
class Reported:
    """The answer to a report. `created` is false when the same `client_ref` came before."""

    id: int
    code: str
    state: str
    duplicates: tuple[Nearby, ...] = ()
    created: bool = True
