"""From table rows to frozen types, one function per table."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from chengzhi.kernel.clock import CountRules, DayEnd, Duration, RollRule, StartRule, Unit
from chengzhi.standards.limit_text import Seasons, parse_limit, read_limit
from chengzhi.standards.tables import Row, choice, day, flag, number, period, rows, text
from chengzhi.standards.types import (
    Category,
    CategoryMap,
    Channel,
    CodePattern,
    Direction,
    FindingKind,
    HandlerAlias,
    HandlingRow,
    Hint,
    Kind,
    LegalAmount,
    LegalLimit,
    Named,
    Scheme,
    Season,
    StageLimit,
    StandardBroken,
    VerdictReason,
)

Schemes = Mapping[str, Scheme]


def schemes(overlay: Path | None) -> dict[str, Scheme]:
    """Return the code tables; a city that adopts one on another day says so in its overlay."""
    table = rows("schemes.csv", ("code",), overlay)
    return {text(row, "code"): Scheme(**_named(row), **period(row)) for row in table}


def categories(known: Schemes, overlay: Path | None) -> list[Category]:
    """Return GB/T 47678.5 components and matters, and local extensions."""
    names = ("gbt47678_5_codes.csv", "local_codes.csv")
    table = [row for name in names for row in rows(name, ("kind", "code"), overlay)]
    return [_category(row, known) for row in table]


def handling(known: Schemes, named: Seasons, overlay: Path | None) -> list[HandlingRow]:
    """Return the condition rows under 5-digit codes; an overlay replaces a whole code."""
    return [_handling(row, known, named) for row in rows("handling_47678.csv", ("code",), overlay)]


def legacy_handling(known: Schemes, named: Seasons, overlay: Path | None) -> list[HandlingRow]:
    """Return the sample city's condition rows under its own four-digit codes."""
    table = rows("handling_yuncheng.csv", ("kind", "code"), overlay)
    return [_handling(row, known, named) for row in table]


def seasons(overlay: Path | None) -> list[Season]:
    """Return the seasons that a limit may name."""
    return [
        Season(**_named(row), months=_months(row), **period(row))
        for row in rows("seasons.csv", ("code",), overlay)
    ]


def _months(row: Row) -> frozenset[int]:
    cell = text(row, "months")
    if not all(part.isdecimal() and 1 <= int(part) <= 12 for part in cell.split()):
        raise StandardBroken(f"{row['_at']}的“months”须写月份，如“3 4 5”。", field="months")
    return frozenset(map(int, cell.split()))


def category_maps(overlay: Path | None) -> list[CategoryMap]:
    """Return what the categories of four-digit code tables stand for."""
    return [
        CategoryMap(
            kind=choice(row, "kind", Kind),
            matter_code=text(row, "matter_code"),
            **_named(row),
            **period(row),
        )
        for row in rows("category_maps.csv", ("kind", "code"), overlay)
    ]


def handler_aliases(overlay: Path | None) -> list[HandlerAlias]:
    """Return the words that tell the kind of handler, in the order in which they are tried."""
    return [
        HandlerAlias(code=text(row, "word"), handler=text(row, "handler"), **period(row))
        for row in rows("handler_aliases.csv", ("word",), overlay)
    ]


def legacy_categories(conditions: Iterable[HandlingRow]) -> list[Category]:
    """Return the categories that the old-scheme sample names."""
    found = {(row.kind, row.category_code): row for row in conditions}
    return [
        Category(
            scheme=row.scheme,
            kind=row.kind,
            code=row.category_code,
            name=row.category_name,
            major=row.category_code[:2],
            major_name="",
            source=row.source,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in found.values()
    ]


def handler_kinds(overlay: Path | None) -> list[Named]:
    """Return the kinds of handler."""
    return [Named(**_named(r), **period(r)) for r in rows("handler_kinds.csv", ("code",), overlay)]


def hints(overlay: Path | None) -> list[Hint]:
    """Return how matters are told apart."""
    return [
        Hint(
            code=text(row, "code"),
            hint=text(row, "hint"),
            confused_with=tuple(text(row, "confused_with", "").split()),
            **period(row),
        )
        for row in rows("matter_hints.csv", ("code",), overlay)
    ]


def limits(overlay: Path | None) -> list[LegalLimit]:
    """Return the periods set by law."""
    return [_limit(row) for row in rows("limits.toml", ("key",), overlay)]


def amounts(overlay: Path | None) -> list[LegalAmount]:
    """Return the amounts set by law."""
    return [
        LegalAmount(
            key=text(row, "key"),
            name=text(row, "name"),
            value=number(row, "value"),
            unit=text(row, "unit"),
            article=text(row, "article"),
            note=text(row, "note", ""),
            **period(row),
        )
        for row in rows("amounts.toml", ("key",), overlay)
    ]


def stage_limits(overlay: Path | None) -> list[StageLimit]:
    """Return the limits of a work order's stages."""
    return [
        StageLimit(
            stage=text(row, "key"),
            name=text(row, "name"),
            limit=parse_limit(text(row, "limit")),
            urgent=parse_limit(text(row, "urgent")),
            **period(row),
        )
        for row in rows("stage_limits.toml", ("key",), overlay)
    ]


def finding_kinds(overlay: Path | None) -> list[FindingKind]:
    """Return what each kind of machine finding is filed as."""
    return [
        FindingKind(
            **_named(row),
            matter_code=text(row, "matter_code"),
            condition_no=number(row, "condition_no"),
            is_active=flag(row, "is_active"),
            **period(row),
        )
        for row in rows("finding_kinds.csv", ("code",), overlay)
    ]


def verdict_reasons(overlay: Path | None) -> list[VerdictReason]:
    """Return the reasons to reject a machine finding."""
    return [
        VerdictReason(
            **_named(row),
            shortcut=text(row, "shortcut"),
            needs_note=flag(row, "needs_note"),
            blames=row.get("blames") or "nobody",  # an overlay written before the column
            **period(row),
        )
        for row in rows("verdict_reasons.csv", ("code",), overlay)
    ]


def channels(overlay: Path | None) -> list[Channel]:
    """Return the channels that reports come through."""
    return [
        Channel(
            **_named(row),
            needs_verification=flag(row, "needs_verification"),
            is_public=flag(row, "is_public"),
            **period(row),
        )
        for row in rows("channels.csv", ("code",), overlay)
    ]


def patterns(overlay: Path | None) -> list[CodePattern]:
    """Return how codes are written."""
    return [
        CodePattern(
            key=text(row, "key"),
            name=text(row, "name"),
            pattern=text(row, "pattern"),
            regex=text(row, "regex"),
            example=text(row, "example"),
            **period(row),
        )
        for row in rows("code_patterns.toml", ("key",), overlay)
    ]


def _named(row: Row) -> dict[str, Any]:
    return {"code": text(row, "code"), "name": text(row, "name")}


def _category(row: Row, known: Schemes) -> Category:
    return Category(
        scheme=text(row, "scheme"),
        kind=choice(row, "kind", Kind),
        major=text(row, "major"),
        major_name=text(row, "major_name"),
        **_named(row),
        **_scheme_period(row, known),
    )


def _handling(row: Row, known: Schemes, named: Seasons) -> HandlingRow:
    written = text(row, "limit")
    said = read_limit(written, seasons=named, strict=True)
    return HandlingRow(
        scheme=text(row, "scheme"),
        kind=choice(row, "kind", Kind),
        category_code=text(row, "code"),
        category_name=text(row, "name"),
        condition_no=number(row, "condition_no"),
        filing_condition=text(row, "filing_condition"),
        closing_condition=text(row, "closing_condition"),
        limit=said.limit,
        limit_text=written,
        seasonal=said.seasonal,
        rules=_rules(row, start="moment"),
        handler=text(row, "handler", ""),
        origin=text(row, "origin", "sample"),
        handler_text=text(row, "handler_text", ""),
        authority=text(row, "authority", ""),
        basis=text(row, "basis", ""),
        guide=text(row, "guide", ""),
        **_scheme_period(row, known),
    )


def _scheme_period(row: Row, known: Schemes) -> dict[str, Any]:
    """Return the row's dates; where it has none, its scheme's."""
    scheme = known.get(text(row, "scheme"))
    if scheme is None:
        raise StandardBroken(
            f"{row['_at']}的编码体系“{row['scheme']}”不在 schemes.csv 中，请先登记。",
            field="scheme",
        )
    return {
        "source": text(row, "source"),
        "valid_from": day(row, "valid_from") or scheme.valid_from,
        "valid_to": day(row, "valid_to") or scheme.valid_to,
    }


def _limit(row: Row) -> LegalLimit:
    return LegalLimit(
        key=text(row, "key"),
        name=text(row, "name"),
        trigger=text(row, "trigger"),
        duration=_duration(row, number(row, "amount")),
        rules=_rules(row, start="next_day"),
        direction=choice(row, "direction", Direction, "after"),
        extension=_duration(row, number(row, "extension")) if "extension" in row else None,
        party=text(row, "party"),
        article=text(row, "article"),
        note=text(row, "note", ""),
        **period(row),
    )


def _duration(row: Row, amount: int) -> Duration:
    return Duration(amount, choice(row, "unit", Unit))


def _rules(row: Row, *, start: str) -> CountRules:
    return CountRules(
        start=choice(row, "start", StartRule, start),
        roll=choice(row, "roll", RollRule, "none"),
        day_end=choice(row, "day_end", DayEnd, "midnight"),
    )
