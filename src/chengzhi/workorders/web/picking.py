"""Filters as the lists show them, the tabs above a list, the pager below it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language, gettext

Options = tuple[tuple[str, str, None], ...]


@dataclass(frozen=True, kw_only=True)
class Pill:
    """One filter as a list shows it."""

    label: str
    name: str
    word: str
    options: Options
    chosen: list[str]


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One fixed view above a list."""

    label: str
    url: str
    is_current: bool
    count: int | None = None


def pill(
    query: QueryDict, name: str, label: str, names: Mapping[str, str], *, single: bool = False
) -> Pill:
    """Return a filter with the values that the address chose; of a single one the last counts."""
    chosen = [value for value in query.getlist(name) if value]
    return Pill(
        label=label,
        name=name,
        word="、".join(gettext(names.get(value, value)) for value in chosen),
        options=_options(get_language(), tuple(names.items())),
        chosen=chosen[-1:] if single else chosen,
    )


@lru_cache(maxsize=256)
def _options(language: str, names: tuple[tuple[str, str], ...]) -> Options:
    """Return the values of a filter in the reader's language, worded once for all readers."""
    return tuple((str(value), gettext(word), None) for value, word in names)


def pager(
    count: int | None, shown: int, following: object, before: object = None
) -> dict[str, Any]:
    """Return what the pager of a list shows: how many, and the keys of the pages beside it."""
    return {"total": count, "shown": shown, "next": following, "previous": before}
