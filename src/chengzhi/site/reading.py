"""How figures, dates, clocks and personal data are worded for people (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

NOTHING = "—"
LONG = timedelta(hours=100)


def thousands(value: float | int | None, *, digits: int = 0) -> str:
    """Return 45,248 or 1,192.37; a null is “—” (domain.md 1.6)."""
    return NOTHING if value is None else f"{value:,.{digits}f}"


def percent(value: float | None, *, digits: int = 1) -> str:
    """Return a share of one as 76.0%; a null is “—”."""
    return NOTHING if value is None else f"{value * 100:.{digits}f}%"


def official_date(moment: datetime | None, *, form: str = "day") -> str:
    """Return 2026年11月25日 (`day`), 11月25日 10:30 (`short`) or both (`full`)."""
    if moment is None:
        return NOTHING
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    if get_language() == "en":
        return local.strftime(
            {"day": "%d %b %Y", "short": "%d %b %H:%M"}.get(form, "%d %b %Y %H:%M")
        )
    day = f"{local.year}年{local.month}月{local.day}日"
    if form == "day":
        return day
    clock = local.strftime("%H:%M")
    return f"{local.month}月{local.day}日 {clock}" if form == "short" else f"{day} {clock}"


def table_time(moment: datetime | None, *, now: datetime) -> str:
    """Return the time as tables show it: 今天 16:51, 11-25 09:40 or 2025-11-25 09:40."""
    if moment is None:
        return NOTHING
    local, today = timezone.localtime(moment), timezone.localtime(now)
    if local.date() == today.date():
        return gettext("今天 %(time)s") % {"time": local.strftime("%H:%M")}
    return local.strftime("%m-%d %H:%M" if local.year == today.year else "%Y-%m-%d %H:%M")


@dataclass(frozen=True, kw_only=True)
class ClockFace:
    """What a countdown shows before the browser takes over."""

    tone: str  # ok | warn | bad | hold
    word: str
    time: str
    due: str = ""  # ISO; empty when the browser must not tick
    warn: str = ""

    @property
    def left_word(self) -> str:
        """The word before the time that is left."""
        return gettext("剩")

    @property
    def over_word(self) -> str:
        """The word before the time by which the limit was passed."""
        return gettext("超期")


def clock_face(
    due: datetime | None, *, now: datetime, warn: datetime | None = None, stopped: bool = False
) -> ClockFace:
    """Return the countdown to `due`: in limit, near (after `warn`), over, or paused."""
    if stopped:
        return ClockFace(tone="hold", word="", time=gettext("计时暂停"))
    if due is None:
        return ClockFace(tone="hold", word="", time=NOTHING)
    is_over = now > due
    tone = "bad" if is_over else "warn" if warn is not None and now >= warn else "ok"
    return ClockFace(
        tone=tone,
        word=gettext("超期") if is_over else gettext("剩"),
        time=span(abs(due - now)),
        due=due.isoformat(),
        warn=warn.isoformat() if warn else "",
    )


def span(length: timedelta) -> str:
    """Return a length as 0:09, 12:40 or, from 100 hours on, 5 天."""
    if length >= LONG:
        return ngettext("%(count)d 天", "%(count)d 天", length.days) % {"count": length.days}
    minutes = int(length.total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def masked(value: str, *, kind: str = "name") -> str:
    """Return personal data as everybody may see it: 周*, 138****1234, 110101********0017."""
    if not value:
        return NOTHING
    if kind == "name":
        return value[0] + "*" * (len(value) - 1)
    head, tail = (3, 4) if kind == "mobile" else (6, 4)
    if len(value) <= head + tail:
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[-tail:]


def sentences(text: str) -> tuple[str, str]:
    """Return the first sentence and the rest; people read the first, then the cure."""
    head, stop, rest = text.partition("。")
    return (head + stop, rest) if stop else (text, "")
