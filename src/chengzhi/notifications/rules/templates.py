"""Templates, occasions and parameters as dated data, and words with named fields. Pure."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.kernel.privacy import redacted
from chengzhi.notifications.types import MEDIUM_LABELS, Occasion, Template, Window, Words

LONGEST_TITLE, LONGEST_TEXT = 80, 600
DATA = files("chengzhi.notifications") / "data"


class UnknownTemplate(DomainError):
    """No template has this key on this day."""

    code = "unknown-template"
    status = 404


@dataclass(frozen=True, kw_only=True)
class Sending:
    """How the outbox tries, waits and gives up."""

    first_wait: timedelta
    factor: float
    longest_wait: timedelta
    most_attempts: int
    jitter: float
    lease: timedelta
    batch: int
    tick_budget_s: float
    stale: timedelta
    digest_at: time
    stuck_after: timedelta


@cache
def sending() -> Sending:
    """Return the outbox's parameters."""
    row = tomllib.loads((DATA / "sending.toml").read_text(encoding="utf-8"))
    return Sending(
        first_wait=timedelta(seconds=row["first_wait_s"]),
        factor=row["factor"],
        longest_wait=timedelta(seconds=row["longest_wait_s"]),
        most_attempts=row["most_attempts"],
        jitter=row["jitter"],
        lease=timedelta(seconds=row["lease_s"]),
        batch=row["batch"],
        tick_budget_s=row["tick_budget_s"],
        stale=timedelta(days=row["stale_days"]),
        digest_at=row["digest_at"],
        stuck_after=timedelta(minutes=row["stuck_after_min"]),
    )


@cache
def _templates() -> tuple[Template, ...]:
    rows = tomllib.loads((DATA / "templates.toml").read_text(encoding="utf-8"))["template"]
    return tuple(_template(row) for row in rows)


def _template(row: Mapping[str, Any]) -> Template:
    plain = {key: value for key, value in row.items() if key not in MEDIUM_LABELS}
    words = {medium: Words(**row[medium]) for medium in MEDIUM_LABELS if medium in row}
    return Template(**{**plain, "fields": tuple(row["fields"]), "words": words})


def templates(*, on: date) -> tuple[Template, ...]:
    """Return the templates in force on a day, in the order of the file."""
    return tuple(row for row in _templates() if _holds(row.valid_from, row.valid_to, on))


def template(key: str, *, on: date) -> Template:
    """Return one template.

    :raises UnknownTemplate: there is none of this key on this day.
    """
    for row in templates(on=on):
        if row.key == key:
            return row
    raise UnknownTemplate(f"没有通知模板“{key}”。请在“通知模板”中选择。")


def _holds(valid_from: date, valid_to: date | None, on: date) -> bool:
    return valid_from <= on and (valid_to is None or on < valid_to)


@cache
def occasions() -> tuple[Occasion, ...]:
    """Return the one table of what notifies whom."""
    with (DATA / "occasions.csv").open(encoding="utf-8") as file:
        return tuple(
            Occasion(to=tuple(row.pop("to").split()), **row) for row in csv.DictReader(file)
        )


def occasions_of(event: str) -> tuple[Occasion, ...]:
    """Return the rows of one event."""
    return tuple(row for row in occasions() if row.event == event)


def meets(occasion: Occasion, data: Mapping[str, Any]) -> bool:
    """Return whether an event's fields meet all conditions of a row."""
    wanted = (one.partition("=") for one in occasion.when.split())
    return all(str(data.get(field, "")) == value for field, _, value in wanted)


@cache
def webhook_fields() -> Mapping[str, tuple[str, ...]]:
    """Return the events that machines may be told of, and the fields that they are told."""
    with (DATA / "webhook_events.csv").open(encoding="utf-8") as file:
        return {row["event"]: tuple(row["fields"].split()) for row in csv.DictReader(file)}


@cache
def _quiet_rows() -> list[dict[str, Any]]:
    text = (DATA / "quiet_hours.toml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["quiet"]
    return rows


def quiet_hours(*, on: date) -> Window | None:
    """Return the quiet hours in force on a day; a person's own go first."""
    for row in _quiet_rows():
        if _holds(row["valid_from"], row.get("valid_to"), on):
            return Window(begins=row["begins"], ends=row["ends"])
    return None


def written(words: Words, facts: Mapping[str, Any]) -> Words:
    """Return the words with their fields filled in; numbers that lead to a person are covered."""
    shown = _Shown({key: redacted(str(value)) for key, value in facts.items()})
    return Words(title=words.title.format_map(shown), text=words.text.format_map(shown))


class _Shown(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "—"


def require_sound(words: Words, *, known: tuple[str, ...]) -> None:
    """Refuse words that are empty, too long, or name a field that the message does not have.

    :raises InvalidInput: the sentence names the field and lists those that may be used.
    """
    if not words.title.strip() or len(words.title) > LONGEST_TITLE:
        raise InvalidInput(f"标题应有 1 至 {LONGEST_TITLE} 字，请重写。", field="title")
    if not words.text.strip() or len(words.text) > LONGEST_TEXT:
        raise InvalidInput(f"正文应有 1 至 {LONGEST_TEXT} 字，请重写。", field="text")
    for name, text in (("title", words.title), ("text", words.text)):
        _require_known(text, known=known, field=name)


def _require_known(text: str, *, known: tuple[str, ...], field: str) -> None:
    try:
        parsed = list(Formatter().parse(text))
    except ValueError:
        raise InvalidInput("花括号不成对，请检查，例如 {code}。", field=field) from None
    for _, name, spec, conversion in parsed:
        if name is not None and (name not in known or spec or conversion):
            allowed = "、".join(f"{{{one}}}" for one in known)
            raise InvalidInput(f"没有字段“{{{name}}}”，可用：{allowed}。", field=field)


@cache
def labels() -> Mapping[str, str]:
    """Return what every template is called, those of the past too."""
    return {row.key: row.label for row in _templates()}
