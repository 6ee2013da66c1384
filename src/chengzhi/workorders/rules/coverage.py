"""The slots of a day, which channel is which source, and the guards of a plan."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from importlib.resources import files

from chengzhi.workorders.rules.words import CHINA
from chengzhi.workorders.types.coverage import PlanFacts


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A part of the day; one that ends before it begins runs past midnight."""

    key: str
    name: str
    starts: time
    ends: time

    @property
    def label(self) -> str:
        """The slot as people read it: 早 06:00–10:00."""
        return f"{self.name} {self.starts:%H:%M}–{self.ends:%H:%M}"


@dataclass(frozen=True, kw_only=True)
class CoverageSettings:
    """What a city may set for its coverage plans."""

    slots: tuple[Slot, ...]
    sources: dict[str, str]  # channel -> source
    overlap_days: int


@cache
def coverage_settings() -> CoverageSettings:
    """Return the settings that come with this installation."""
    text = (files("chengzhi.workorders") / "data" / "coverage.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return CoverageSettings(
        slots=tuple(_slot(row) for row in table["slots"]),
        sources=dict(table["sources"]),
        overlap_days=table["overlap_days"],
    )


def _slot(row: dict[str, str]) -> Slot:
    return Slot(
        key=row["key"],
        name=row["name"],
        starts=time.fromisoformat(row["from"]),
        ends=time.fromisoformat(row["to"]),
    )


def slot_at(at: datetime) -> tuple[int, Slot]:
    """Return the weekday (1 is Monday) and the slot of a moment; a night is its evening's."""
    local = at.astimezone(CHINA)
    weekday, clock = local.isoweekday(), local.time()
    for slot in coverage_settings().slots:
        if slot.starts < slot.ends:
            if slot.starts <= clock < slot.ends:
                return weekday, slot
        elif clock >= slot.starts:
            return weekday, slot
        elif clock < slot.ends:
            return (weekday - 2) % 7 + 1, slot
    raise LookupError(f"no slot holds {clock}")


def zones_drawn(facts: PlanFacts) -> str | None:
    """A plan without zones covers nothing."""
    return None if facts.zone_count else "计划里还没有片区，请先编好片区和时段"


def no_grid_twice(facts: PlanFacts) -> str | None:
    """A grid has one answer, so it lies in one zone."""
    if not facts.doubled:
        return None
    return f"责任网格 {'、'.join(facts.doubled[:5])} 同时在两个片区，请只保留一处"


def starts_in_time(facts: PlanFacts) -> str | None:
    """A plan is not made to have held yesterday."""
    if facts.starts_on and facts.today and facts.starts_on >= facts.today:
        return None
    return "启用日期已过，请改为今天或以后"


def follows_the_active(facts: PlanFacts) -> str | None:
    """A version begins after the one it replaces."""
    if facts.active_since is None or facts.starts_on is None:
        return None
    if facts.starts_on > facts.active_since:
        return None
    return f"现行计划从 {facts.active_since:%Y-%m-%d} 起执行，新计划须晚于这一天启用"
