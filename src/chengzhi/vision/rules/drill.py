"""A filter as a query string and back, so that every number opens exactly its own rows."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date

from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.types import FindingFilter

DATES = ("received_from", "received_to", "decided_from", "decided_to")
WORDS = ("state", "camera", "kind", "reason", "town", "find", "learned", "explored")
SCORES = ("score_from", "score_to")
DATE_LABELS = {
    "received_from": "收到日期（起）",
    "received_to": "收到日期（止）",
    "decided_from": "复核日期（起）",
    "decided_to": "复核日期（止）",
}


def as_query(wanted: FindingFilter) -> dict[str, str]:
    """Return the filter as query parameters; what is not set is left out."""
    pairs = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    return {
        name: f"{value:g}" if name in SCORES else str(value)
        for name, value in pairs.items()
        if value
    }


def from_query(parameters: Mapping[str, str]) -> FindingFilter:
    """Return the filter that query parameters ask for; unknown parameters are not ours.

    :raises InvalidInput: a date is not a date.
    """
    text = {name: parameters.get(name, "").strip() for name in (*WORDS, *DATES)}
    return FindingFilter(
        state=text["state"],
        camera=text["camera"],
        kind=text["kind"],
        reason=text["reason"],
        town=text["town"],
        find=text["find"],
        received_from=_day("received_from", text["received_from"]),
        received_to=_day("received_to", text["received_to"]),
        decided_from=_day("decided_from", text["decided_from"]),
        decided_to=_day("decided_to", text["decided_to"]),
        learned=text["learned"],
        explored=text["explored"],
        score_from=_score("score_from", parameters),
        score_to=_score("score_to", parameters),
    )


def _score(name: str, parameters: Mapping[str, str]) -> float | None:
    text = parameters.get(name, "").strip()
    try:
        score = float(text) if text else None
    except ValueError as error:
        raise InvalidInput(f"置信度“{text[:20]}”不是数，请写成 0.65。", field=name) from error
    if score is not None and not 0 <= score <= 1:
        raise InvalidInput(f"置信度“{text[:20]}”应在 0 至 1 之间。", field=name)
    return score


def _day(name: str, text: str) -> date | None:
    label = DATE_LABELS[name]
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidInput(f"{label}“{text}”不是日期，请写成 2026-11-25。", field=name) from error
    if day and day.year not in range(2000, 2100):
        raise InvalidInput(f"{label}“{text}”应在 2000 年至 2099 年之间。", field=name)
    return day
