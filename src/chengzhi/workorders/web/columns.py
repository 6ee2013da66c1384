"""Which columns the list shows and how dense, as this machine remembers it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext

COOKIE = "work-order-columns"
COLUMNS: dict[str, str] = {
    "place": "地点",
    "channel": "来源",
    "handler": "处置单位",
    "grid": "责任网格",
    "left": "剩余",
    "due": "截止",
    "handling_due": "处置截止",
    "rework": "返工",
    "returned": "回退",
    "reported": "上报",
    "ended": "办结",
}
USUAL = frozenset({"place", "channel", "handler", "left", "due", "rework", "reported"})
COMPACT = "compact"


@dataclass(frozen=True, kw_only=True)
class Columns:
    """What is shown beside number, matter and state, which always are."""

    choices: tuple[tuple[str, str, bool], ...]  # name, label, shown
    is_compact: bool

    @property
    def show(self) -> dict[str, bool]:
        """Which optional columns are shown."""
        return {name: shown for name, _label, shown in self.choices}


def columns_of(request: HttpRequest) -> Columns:
    """Return the columns that this machine remembers; unknown ones are left out."""
    kept = request.COOKIES.get(COOKIE)
    words = set((kept or "").split("."))
    shown = USUAL if kept is None else words
    return Columns(
        choices=tuple((name, gettext(label), name in shown) for name, label in COLUMNS.items()),
        is_compact=COMPACT in words,
    )


def written(columns: Iterable[str], density: str) -> str:
    """Return the choice as the cookie keeps it."""
    known = [name for name in columns if name in COLUMNS]
    return ".".join([*known, density if density == COMPACT else "normal"])
