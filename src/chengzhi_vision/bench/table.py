"""The scores as a table of text, one row a group."""

from __future__ import annotations

from collections.abc import Mapping

from chengzhi_vision.bench.score import Score, wilson

HEAD = (
    "组",
    "事件",
    "命中",
    "误报",
    "重复",
    "漏报",
    "精确率 [95%]",
    "召回率 [95%]",
    "延迟中位/p95",
    "停留误差",
)


def table(scores: Mapping[str, Score]) -> str:
    """Return rows of figures; intervals are Wilson 95 %."""
    rows = [HEAD, *(_row(name, one) for name, one in scores.items())]
    widths = [max(_width(row[i]) for row in rows) for i in range(len(HEAD))]
    lines = [
        "  ".join(_padded(cell, w) for cell, w in zip(row, widths, strict=True)) for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def _row(name: str, one: Score) -> tuple[str, ...]:
    return (
        name,
        str(one.events),
        str(one.true),
        str(one.false),
        str(one.duplicates),
        str(one.missed),
        _share(one.precision, one.true, one.true + one.false),
        _share(one.recall, one.true, one.events),
        f"{_seconds(one.delay_median_s)}/{_seconds(one.delay_p95_s)}",
        _seconds(one.dwell_error_s),
    )


def _share(value: float | None, successes: int, trials: int) -> str:
    if value is None:
        return "-"
    low, high = wilson(successes, trials)
    return f"{value:.3f} [{low:.2f},{high:.2f}]"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}s"


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
