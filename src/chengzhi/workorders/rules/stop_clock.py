"""The stop-clock table, read once: what an occasion does to a clock (停表表)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.types.clocks import (
    CLOCK_LABELS,
    EFFECT_LABELS,
    Clock,
    Effect,
    Occasion,
)


@dataclass(frozen=True, kw_only=True)
class StopRow:
    """One row of the table."""

    occasion: Occasion
    label: str
    event: str  # the log's name of what stops or starts the clocks
    effects: Mapping[Clock, Effect]
    least_percent: int
    source: str

    def on(self, clock: Clock) -> Effect:
        """Return what happens to a clock; a clock that is not named runs on."""
        return self.effects.get(clock, Effect.KEEP)


@cache
def stop_clock() -> Mapping[Occasion, StopRow]:
    """Return the table that comes with this installation."""
    text = (files("chengzhi.workorders") / "data" / "stop_clock.toml").read_text(encoding="utf-8")
    return read_table(text)


def read_table(text: str) -> Mapping[Occasion, StopRow]:
    """Return the rows of a table.

    :raises InvalidInput: a row is missing, or names what is no clock or no effect.
    """
    table = tomllib.loads(text)
    if set(table) != set(Occasion):
        wrong = "、".join(sorted(set(table) ^ set(Occasion)))
        raise InvalidInput(f"停表表缺少或多出这几行：{wrong}，请补齐或删去。", field="stop_clock")
    return {occasion: _row(occasion, dict(table[occasion])) for occasion in Occasion}


def _row(occasion: Occasion, row: dict[str, str | int]) -> StopRow:
    known = {key: str(row.pop(key)) for key in ("name", "event", "source")}
    least = int(row.pop("least_percent", 0))
    try:
        effects = {Clock(clock): Effect(str(effect)) for clock, effect in row.items()}
    except ValueError as error:
        raise InvalidInput(f"停表表“{occasion}”一行写错：{error}。", field="stop_clock") from error
    return StopRow(
        occasion=occasion,
        label=known["name"],
        event=known["event"],
        effects=effects,
        least_percent=least,
        source=known["source"],
    )


def effect(occasion: Occasion, clock: Clock) -> Effect:
    """Return what an occasion does to a clock."""
    return stop_clock()[occasion].on(clock)


def paused_between(stops: Occasion, starts: Occasion) -> tuple[Clock, ...]:
    """Return the clocks that stand from one occasion to the other and then go on."""
    return tuple(
        clock
        for clock in Clock
        if effect(stops, clock) is Effect.PAUSE and effect(starts, clock) is Effect.RESUME
    )


def page() -> str:
    """Return the table as a page of docs/."""
    head = [
        "# Stop-clock table (停表表)",
        "",
        "Written from `workorders/data/stop_clock.toml`.",
        "",
    ]
    names = " | ".join(CLOCK_LABELS[clock] for clock in Clock)
    lines = [f"| occasion | {names} | source |", "|---" * (len(Clock) + 2) + "|"]
    for row in stop_clock().values():
        cells = " | ".join(EFFECT_LABELS[row.on(clock)] for clock in Clock)
        lines.append(f"| `{row.occasion}` {row.label} | {cells} | {row.source} |")
    return "\n".join([*head, *lines]) + "\n"
