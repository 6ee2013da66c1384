"""Words and values of notifications: media, states of a delivery, templates, occasions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum


class Medium(StrEnum):
    """By which way a message goes."""

    IN_APP = "in_app"
    SMS = "sms"
    MAIL = "mail"
    WEBHOOK = "webhook"


MEDIUM_LABELS: dict[str, str] = {
    Medium.IN_APP: "站内",
    Medium.SMS: "短信",
    Medium.MAIL: "邮件",
    Medium.WEBHOOK: "接口推送",
}
FOR_PEOPLE = (Medium.IN_APP, Medium.SMS, Medium.MAIL)


class DeliveryState(StrEnum):
    """What became of one message to one recipient by one medium."""

    WAITING = "waiting"
    SENT = "sent"
    HELD = "held"
    GAVE_UP = "gave_up"
    DISMISSED = "dismissed"


DELIVERY_STATE_LABELS: dict[str, str] = {
    DeliveryState.WAITING: "待发送",
    DeliveryState.SENT: "已发出",
    DeliveryState.HELD: "演练留存",
    DeliveryState.GAVE_UP: "发送失败",
    DeliveryState.DISMISSED: "不再发送",
}


@dataclass(frozen=True, kw_only=True)
class Words:
    """A title and a text with named fields, for one medium."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Template:
    """A message as the data files have it: who gets it, which fields it may name, its words."""

    key: str
    label: str
    audience: str
    urgent: bool  # breaks the quiet hours
    mandatory: bool  # nobody may switch it off
    fields: tuple[str, ...]
    example: Mapping[str, str]
    words: Mapping[str, Words]  # medium -> words
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """One row of the table "what notifies whom": event, template, recipients, condition."""

    event: str
    template: str
    to: tuple[str, ...]
    when: str = ""  # "result=fail": fields of the event and their values


@dataclass(frozen=True, kw_only=True)
class Window:
    """Hours in which nobody is disturbed, from … until, over midnight when they are reversed."""

    begins: time
    ends: time


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Whom a message may reach, and how; asked by the pages and by the outbox alike."""

    ref: str
    name: str
    reachable: frozenset[str] = frozenset()  # media for which there is an address
    chosen: frozenset[str] = frozenset(FOR_PEOPLE)  # media the person has switched on
    muted: frozenset[str] = frozenset()  # templates the person has switched off
    quiet: Window | None = None
    refusal: str = ""  # why this recipient may not be contacted at all


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether a message goes to a recipient by a medium, not before when, and why not."""

    medium: str
    goes: bool
    not_before: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Parties:
    """What a record says of itself: its county, facts for the text, and whom it knows."""

    county: str
    facts: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # "checker" -> refs


FindParties = Callable[[str, datetime], Parties | None]
"""Returns the parties of a subject such as "workorder:12" at a moment."""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How somebody who has no account is reached, asked at the moment of sending."""

    name: str
    media: frozenset[str]
    address: str = ""
    refusal: str = ""


FindContact = Callable[[str], Contact | None]
"""Returns the contact of a reference such as "reporter:12"."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message in somebody's inbox."""

    id: int
    template: str
    label: str
    title: str
    text: str
    subject: str
    urgent: bool
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class DeliveryCard:
    """A delivery as the administrator sees it: the recipient's name, never the address."""

    id: int
    template: str
    label: str
    medium: str
    medium_label: str
    recipient: str
    recipient_name: str
    title: str
    text: str
    subject: str
    state: str
    state_label: str
    attempts: int
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    failure: str


@dataclass(frozen=True, kw_only=True)
class DeliveryFilters:
    """What the list of deliveries is asked for; empty means everything."""

    state: str = ""
    medium: str = ""
    template: str = ""
    subject: str = ""
    recipient: str = ""


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """What an adapter is given: one message and where it goes."""

    id: int
    medium: str
    address: str
    title: str
    text: str
    event: str = ""
    secret: str = ""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What a person chose: media, templates switched off, quiet hours, mail address."""

    media: frozenset[str]
    muted: frozenset[str]
    quiet: Window | None
    mail: str = ""


@dataclass(frozen=True, kw_only=True)
class Override:
    """One version of a county's own words for a template and a medium."""

    version: int
    template: str
    medium: str
    title: str
    text: str
    by_name: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class WebhookCard:
    """A subscription as its pages show it; the secret is shown once, when it is made."""

    id: int
    name: str
    url: str
    events: tuple[str, ...]
    created_at: datetime
    ended_at: datetime | None
    sent_count: int
    waiting_count: int
    gave_up_count: int
    last_sent_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A subscription just made, or its new secret: shown this once."""

    id: int
    secret: str
