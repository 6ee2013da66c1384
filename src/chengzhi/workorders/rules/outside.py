"""What the outside may know: open or closed, fixed or not, and no personal data in any text."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from chengzhi.kernel.privacy import redacted
from chengzhi.workorders.types import FINAL_STATES, OPEN_STATES, State
from chengzhi.workorders.types.endings import ClosingResult
from chengzhi.workorders.types.outside import ExtendedStatus, PublicStatus

LONGEST_ATTRIBUTE = 200
MOST_ATTRIBUTES = 20
EXTENDED: dict[str, ExtendedStatus] = {
    State.REPORTED: ExtendedStatus.RECEIVED,
    State.TO_VERIFY: ExtendedStatus.INVESTIGATING,
    State.ACCEPTED: ExtendedStatus.ACCEPTED,
    State.FILED: ExtendedStatus.ACTION_SCHEDULED,
    State.DISPATCHED: ExtendedStatus.ACTION_SCHEDULED,
    State.HANDLING: ExtendedStatus.IN_PROGRESS,
    State.TO_CHECK: ExtendedStatus.DONE,
    State.CHECKED: ExtendedStatus.DONE,
    State.SUSPENDED: ExtendedStatus.PAUSED,
    State.REJECTED: ExtendedStatus.NOT_ACCEPTED,
    State.VOIDED: ExtendedStatus.NO_FURTHER_ACTION,
    State.MERGED: ExtendedStatus.DUPLICATE,
}
NOT_FIXED: dict[str, ExtendedStatus] = {
    ClosingResult.UNRESOLVED: ExtendedStatus.NOT_FIXED,
    ClosingResult.NOT_OURS: ExtendedStatus.NO_FURTHER_ACTION,
    ClosingResult.REFERRED: ExtendedStatus.REFERRED,
}
PLATE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
HIDDEN = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),  # e-mail
    re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])"),  # identity number, GB 11643
    re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"),  # mobile
    re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"),  # fixed line
    re.compile(rf"[{PLATE}][A-Z][·. ]?[A-Z0-9]{{5,6}}(?![A-Z0-9])"),  # plate, GA 36
)
ROOM = re.compile(r"(?:\d+\s*(?:单元|楼|层)\s*)?\d+\s*室(?!外)")
BARE = "***"


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What a county shows and how it answers (`data/open311.toml`)."""

    channels: frozenset[str]
    without: tuple[str, ...]
    text_states: frozenset[str]
    batch: tuple[str, ...]


@cache
def publication() -> Publication:
    """Return what this installation publishes."""
    text = (files("chengzhi.workorders") / "data" / "open311.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    shown = table["published"]
    return Publication(
        channels=frozenset(shown["channels"]),
        without=tuple(shown["without"]),
        text_states=_from(shown["text_from"]),
        batch=tuple(table["answers"]["batch"]),
    )


def _from(state: str) -> frozenset[str]:
    """Return the states that show a text: this one, those after it, and a proper end."""
    later = OPEN_STATES[OPEN_STATES.index(State(state)) :]
    unseen = {State.TO_VERIFY} if state != State.REPORTED else set()
    return frozenset({*later, State.CLOSED, State.MERGED} - unseen)


def status_of(state: str) -> PublicStatus:
    """Return open or closed: what has ended is closed."""
    return PublicStatus.CLOSED if state in FINAL_STATES else PublicStatus.OPEN


def extended_of(state: str, *, result: str, was_checked: bool) -> ExtendedStatus:
    """Return what open and closed leave untold. Only a check in the street makes it fixed."""
    if state == State.CLOSED:
        return closed_as(result, was_checked=was_checked)
    if state in EXTENDED:
        return EXTENDED[state]
    ended = state in FINAL_STATES
    return ExtendedStatus.NO_FURTHER_ACTION if ended else ExtendedStatus.IN_PROGRESS


def closed_as(result: str, *, was_checked: bool) -> ExtendedStatus:
    """Return what a closed work order says of the problem."""
    if result in NOT_FIXED:
        return NOT_FIXED[result]
    return ExtendedStatus.FIXED if was_checked else ExtendedStatus.CLOSED_UNCONFIRMED


def public_text(text: str) -> str:
    """Return a text with every phone, e-mail, identity number and plate hidden, not only the first."""
    for pattern in HIDDEN:
        text = pattern.sub(BARE, text)
    text = redacted(text)  # full-width digits, bank cards and other ways of writing
    return "".join(c for c in text if c in "\n\t" or c.isprintable()).strip()


def public_address(address: str) -> str:
    """Return an address without the room: the problem lies in the street, people live in rooms."""
    return public_text(ROOM.sub("", address))


def is_batch(matter_code: str) -> bool:
    """Return whether a report of this matter is answered with a token."""
    return matter_code.startswith(publication().batch) if publication().batch else False


def kept_attributes(attributes: dict[str, str]) -> dict[str, str]:
    """Return the attributes that are kept with a request: few, and short."""
    few = list(attributes.items())[:MOST_ATTRIBUTES]
    return {code[:LONGEST_ATTRIBUTE]: value[:LONGEST_ATTRIBUTE] for code, value in few}
