"""Where the curve of a threshold page is drawn: plain numbers for an SVG of 640 × 240."""

from dataclasses import dataclass

from chengzhi.vision.types import CalibrationDetail, CalibrationPoint

WIDTH, HEIGHT = 640.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 52.0, 12.0, 30.0
INSET = 18.0  # half a bar and a little air


@dataclass(frozen=True, kw_only=True)
class Bar:
    """Findings a day that would come between two thresholds."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A word at a place of the picture."""

    x: float
    y: float
    word: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Everything the picture of a curve is made of."""

    line: str
    band: str
    bars: tuple[Bar, ...]
    shares: tuple[Mark, ...]
    scores: tuple[Mark, ...]
    volumes: tuple[Mark, ...]
    target_y: float
    current_x: float | None
    chosen_x: float | None
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    bottom: float = HEIGHT - BOTTOM


def chart(seen: CalibrationDetail) -> Chart:
    """Return the picture of expected precision (line, band) and volume (bars) by threshold."""
    points = seen.points
    most = max((p.point.per_day for p in points), default=0.0) or 1.0
    line = [(_x(i, points), _y(p.point.precision)) for i, p in enumerate(points)]
    upper = [(_x(i, points), _y(p.point.high)) for i, p in enumerate(points)]
    lower = [(_x(i, points), _y(p.point.low)) for i, p in enumerate(points)]
    return Chart(
        line=_path(line),
        band=_path([*upper, *reversed(lower)]),
        bars=tuple(_bar(i, p, points, most) for i, p in enumerate(points)),
        shares=tuple(
            Mark(x=LEFT - 6, y=_y(share) + 4, word=f"{share:.0%}")
            for share in (0, 0.25, 0.5, 0.75, 1)
        ),
        scores=tuple(
            Mark(x=_x(i, points), y=HEIGHT - 10, word=f"{p.point.threshold:.2f}")
            for i, p in enumerate(points)
            if i % 3 == 0
        ),
        volumes=tuple(
            Mark(x=WIDTH - RIGHT + 6, y=_y(share) + 4, word=f"{most * share:.2f}")
            for share in (0.5, 1)
        ),
        target_y=_y(seen.limits.target),
        current_x=_place([p.is_current for p in points], points),
        chosen_x=_place([p.is_chosen for p in points], points),
    )


def _x(place: int, points: tuple[CalibrationPoint, ...]) -> float:
    steps = max(len(points) - 1, 1)
    return round(LEFT + INSET + (WIDTH - LEFT - RIGHT - 2 * INSET) * place / steps, 1)


def _y(share: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - share), 1)


def _bar(
    place: int, point: CalibrationPoint, points: tuple[CalibrationPoint, ...], most: float
) -> Bar:
    width = (WIDTH - LEFT - RIGHT) / max(len(points), 1) * 0.6
    top = _y(point.point.per_day / most)
    return Bar(
        x=round(_x(place, points) - width / 2, 1),
        y=top,
        width=round(width, 1),
        height=round(HEIGHT - BOTTOM - top, 1),
    )


def _path(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _place(flags: list[bool], points: tuple[CalibrationPoint, ...]) -> float | None:
    return _x(flags.index(True), points) if True in flags else None
