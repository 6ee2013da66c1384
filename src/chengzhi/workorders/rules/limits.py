"""Deadlines of a work order's stages, and what the standards say of its matter."""

from collections.abc import Sequence
from datetime import date, datetime, time

from chengzhi import standards
from chengzhi.kernel.clock import (
    FROM_MOMENT,
    CountRules,
    DayEnd,
    Deadline,
    Duration,
    Pause,
    RollRule,
    StartRule,
    Unit,
    deadline,
)
from chengzhi.kernel.errors import InvalidInput
from chengzhi.standards.store import out_of_season_sentence
from chengzhi.standards.types import HandlingRow, StandardMissing
from chengzhi.workorders.rules.words import CHINA
from chengzhi.workorders.types import Condition


def civil_date(at: datetime) -> date:
    """Return the civil date of a moment in the city's zone."""
    return at.astimezone(CHINA).date()


def midnight(day: date) -> datetime:
    """Return the moment at which a civil date begins in the city's zone."""
    return datetime.combine(day, time(), CHINA)


def stage_ends(
    stage: str, *, since: datetime, handling: Duration | None, pauses: Sequence[Pause] = ()
) -> Deadline:
    """Return when a stage ends; an urgent matter has the urgent limit, day and night."""
    limit = stage_limit(stage, since=since, handling=handling)
    return deadline(since, limit, calendar=standards.current().calendar, pauses=pauses)


def stage_limit(stage: str, *, since: datetime, handling: Duration | None) -> Duration:
    """Return the limit of a stage that began at a moment."""
    return standards.current().stage_limit(stage, on=civil_date(since)).limit_for(handling)


def handling_ends(
    limit: Duration,
    *,
    since: datetime,
    rules: CountRules = FROM_MOMENT,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Duration] = (),
) -> Deadline:
    """Return when handling ends, counted from the dispatch (GB/T 30428.8 处置时限)."""
    return deadline(
        since,
        limit,
        calendar=standards.current().calendar,
        rules=rules,
        pauses=pauses,
        extensions=extensions,
    )


def rules_text(rules: CountRules) -> str:
    """Return how a limit is counted, for the record; nothing where it is the usual way."""
    if rules == FROM_MOMENT:
        return ""
    return f"{rules.start} {rules.roll} {rules.day_end}"


def count_rules(text: str) -> CountRules:
    """Return how a frozen limit is counted."""
    if not text:
        return FROM_MOMENT
    start, roll, day_end = text.split()
    return CountRules(start=StartRule(start), roll=RollRule(roll), day_end=DayEnd(day_end))


def likely_limit(matter_code: str, *, on: date) -> Duration | None:
    """Return an urgent limit if any row of the matter has one: before filing, be on the safe side.

    A missing manhole cover reported in the evening is not left until the office opens.
    """
    rows = condition_rows(matter_code, on=on)
    return next((row.limit for row in rows if row.limit.unit.is_urgent), None)


def likely_kind(matter_code: str, *, on: date) -> str:
    """Return the kind of handler that the first row of the matter names, before one is chosen."""
    rows = condition_rows(matter_code, on=on)
    return rows[0].handler if rows else ""


def condition_rows(matter_code: str, *, on: date) -> list[HandlingRow]:
    """Return the rows from which a duty manager chooses; none for a matter not in force."""
    try:
        return standards.current().handling_rows(matter_code, on=on)
    except StandardMissing:
        return []


def condition(matter_code: str, number: int, *, on: date) -> Condition | None:
    """Return the row that a filing freezes into the record, or None if there is no such row.

    :raises StandardMissing: there is one, and its season is another.
    """
    rows = condition_rows(matter_code, on=on)
    found = next((as_condition(row) for row in rows if row.condition_no == number), None)
    for row in out_of_season(matter_code, on=on) if found is None else ():
        if row.condition_no == number:
            raise StandardMissing(out_of_season_sentence(row), field="condition_no")
    return found


def out_of_season(matter_code: str, *, on: date) -> list[HandlingRow]:
    """Return the rows whose limit names other months than this one."""
    return standards.current().out_of_season(matter_code, on=on)


def as_condition(row: HandlingRow) -> Condition:
    """Return a row of the standard as the record keeps it."""
    return Condition(
        scheme=row.scheme,
        number=row.condition_no,
        filing_condition=row.filing_condition,
        closing_condition=row.closing_condition,
        limit_amount=row.limit.amount,
        limit_unit=row.limit.unit.value,
        limit_text=f"{row.limit}（{row.season}）" if row.season else str(row.limit),
        source=row.source,
        handler_kind=row.handler,
        limit_rules=rules_text(row.rules),
    )


def duration(amount: int, unit: str) -> Duration | None:
    """Return a frozen limit as a duration; None while nothing is frozen."""
    return Duration(amount, Unit(unit)) if unit else None


def matter_name(code: str, *, on: date) -> str:
    """Return what a matter is called on a day.

    :raises InvalidInput: no such matter is in force.
    """
    try:
        return standards.current().matter(code, on=on).name
    except StandardMissing as error:
        raise InvalidInput(error.sentence, field="matter_code") from error


def needs_verification(channel: str, *, on: date) -> bool:
    """Return whether reports of a channel are verified in the street before filing."""
    try:
        return standards.current().channel(channel, on=on).needs_verification
    except StandardMissing:
        return True


def matter_choices(*, on: date) -> list[tuple[str, str]]:
    """Return code and name of every matter in force, for a person to choose from."""
    return [(row.code, f"{row.code} {row.name}") for row in standards.current().matters(on=on)]
