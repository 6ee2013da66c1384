"""Limits as handling standards write them: “2紧急工作时”, “4小时”, “种植季节15工作日” [V:SCG parser].

The grammar is written down for people in docs/howto/import-standards.md.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from chengzhi.kernel.clock import Duration, Unit
from chengzhi.standards.types import SeasonalLimit, StandardBroken

UNITS = {
    "紧急工作时": Unit.URGENT_HOUR,
    "紧急工作日": Unit.URGENT_DAY,
    "紧急分钟": Unit.URGENT_MINUTE,
    "工作分钟": Unit.WORK_MINUTE,
    "工作时": Unit.WORK_HOUR,
    "小时": Unit.WORK_HOUR,
    "工作日": Unit.WORK_DAY,
    "天": Unit.WORK_DAY,
    "自然日": Unit.NATURAL_DAY,
}
UNIT_WORDS = UNITS | {
    "紧急小时": Unit.URGENT_HOUR,
    "工作小时": Unit.WORK_HOUR,
    "工作天": Unit.WORK_DAY,
    "自然天": Unit.NATURAL_DAY,
    **{unit.value: unit for unit in UNITS.values()},
}
"""How a column of its own may write the unit, beside the words of the limit text."""

NAMES = {unit: word for word, unit in reversed(UNITS.items())}
DIGITS = {digit: n for n, digit in enumerate("零一二三四五六七八九十")} | {"两": 2}
ALL_MONTHS = frozenset(range(1, 13))
_WORDS = "|".join(sorted(map(re.escape, UNIT_WORDS), key=len, reverse=True))
_LIMIT = re.compile(rf"(\d+)\s*({'|'.join(UNITS)})")
_PART = re.compile(
    rf"(?P<season>[^0-9:：]*?|\d{{1,2}}月(?:[至到~-]\d{{1,2}}月)?)[:：]?"
    rf"(?:限时|不超过)?(?P<amount>\d+|[一二两三四五六七八九十]+)个?(?P<unit>{_WORDS})以?内?"
    r"(?P<after>[^0-9]*)"
)
_MONTHS = re.compile(r"(\d{1,2})月(?:[至到~-](\d{1,2})月)?")
_REST = re.compile(r"(其余|其他|其它)(季节|时间|时段|月份)?")

Seasons = Mapping[str, frozenset[int]]


@dataclass(frozen=True, kw_only=True)
class LimitReading:
    """What a limit text says: one limit, or one a season; and the words that say nothing of time."""

    limit: Duration
    seasonal: tuple[SeasonalLimit, ...] = ()
    ignored: str = ""

    @property
    def canonical(self) -> str:
        """The text as a table keeps it: digits, one spelling a unit, nothing besides."""
        parts = self.seasonal or (SeasonalLimit(months=ALL_MONTHS, words="", limit=self.limit),)
        said = (f"{p.words}{p.limit.amount}{NAMES[p.limit.unit]}" for p in parts)
        return "；".join(said)

    @property
    def missing_months(self) -> tuple[int, ...]:
        """The months for which the text names no limit."""
        if not self.seasonal:
            return ()
        named = {month for part in self.seasonal for month in part.months}
        return tuple(sorted(ALL_MONTHS - named))


def parse_limit(text: str) -> Duration:
    """Return the limit; an hour without “紧急” is a working hour, a day a working day."""
    found = _LIMIT.fullmatch(text.strip())
    if found is None:
        raise StandardBroken(
            f"时限“{text}”无法识别，请写成“2紧急工作时”“4小时”或“2天”。", field="limit"
        )
    return Duration(int(found[1]), UNITS[found[2]])


def read_limit(text: str, *, seasons: Seasons, strict: bool = False) -> LimitReading:
    """Return every limit of the text, each with its season; `strict` refuses words besides.

    :raises StandardBroken: no limit can be read, or a season is unknown.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    parts = [part for part in re.split(r"[;,、/。]", plain) if part]
    found = [_PART.fullmatch(part) for part in parts]
    if not parts or None in found or (strict and _is_spelled(found)):
        raise StandardBroken(
            f"时限“{text.strip()}”无法识别，请写成“2紧急工作时”“4小时”“2天”或“种植季节15工作日”。",
            field="limit",
        )
    matches = [match for match in found if match is not None]
    ignored = "、".join(match["after"] for match in matches if match["after"])
    if strict and ignored:
        raise StandardBroken(f"时限“{text.strip()}”后面的“{ignored}”须删去。", field="limit")
    limits = [_duration(match) for match in matches]
    if len(matches) == 1 and not matches[0]["season"]:
        return LimitReading(limit=limits[0], ignored=ignored)
    seasonal = _seasonal(text, [match["season"] for match in matches], limits, seasons)
    return LimitReading(limit=limits[0], seasonal=seasonal, ignored=ignored)


def _is_spelled(found: list[re.Match[str] | None]) -> bool:
    """Return whether an amount is written in Chinese: read from a city's file, not in a table."""
    return any(match is not None and not match["amount"].isdecimal() for match in found)


def _duration(match: re.Match[str]) -> Duration:
    return Duration(_number(match["amount"]), UNIT_WORDS[match["unit"]])


def _number(text: str) -> int:
    """Return a number up to 99 written in digits or in Chinese."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return DIGITS[text]
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)


def _seasonal(
    text: str, words: list[str], limits: list[Duration], seasons: Seasons
) -> tuple[SeasonalLimit, ...]:
    named: set[int] = set()
    parts = []
    for season, limit in zip(words, limits, strict=True):
        months = ALL_MONTHS - named if _REST.fullmatch(season) else _months(season, seasons)
        if not months or months & named:
            raise StandardBroken(
                f"时限“{text.strip()}”中“{season or limit}”的季节不明或重复。"
                f"已登记的季节：{'、'.join(seasons)}；也可写“3月至5月15工作日”。",
                field="limit",
            )
        named |= months
        parts.append(SeasonalLimit(months=months, words=season, limit=limit))
    return tuple(parts)


def _months(season: str, seasons: Seasons) -> frozenset[int]:
    if season in seasons:
        return seasons[season]
    if season.startswith("非") and season[1:] in seasons:
        return ALL_MONTHS - seasons[season[1:]]
    found = _MONTHS.fullmatch(season)
    if found is None:
        return frozenset()
    first, last = int(found[1]), int(found[2] or found[1])
    if not {first, last} <= ALL_MONTHS:
        return frozenset()
    span = (last - first) % 12
    return frozenset((first - 1 + n) % 12 + 1 for n in range(span + 1))
