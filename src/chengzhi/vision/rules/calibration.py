"""From verdicts to thresholds: isotonic, shrunk from the county to the camera, weighted honestly.

Three steps, all on the bins of one grid of scores. The county's share of true findings in each
bin is made to rise with the score (pool adjacent violators; Barlow et al. 1972). A camera's bin
is beta-binomial: its own verdicts beside so many of the county's as `prior_verdicts` says, so
that few verdicts mean the county's curve and many mean its own. What is expected at a threshold
is the mean over the bins above it, by the volume of each.

Findings below a threshold are shown only by draw; each of those stands for one over its chance
(inverse propensity; Horvitz and Thompson 1952).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chengzhi.vision.rules.accuracy import wilson
from chengzhi.vision.types import Choice, Curve, CurvePoint, Limits, ScoredVerdict

EPSILON = 1e-9


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What was said and seen at or above one grid score and below the next."""

    weight: float = 0.0
    true: float = 0.0
    squares: float = 0.0
    verdicts: int = 0
    said_true: int = 0
    per_day: float = 0.0


def tallies(
    verdicts: Sequence[ScoredVerdict],
    volumes: Sequence[tuple[float, float]],
    *,
    grid: Sequence[float],
    days: float,
) -> tuple[Tally, ...]:
    """Return the verdicts and the daily volume of each bin; scores below the grid are left out.

    `volumes` are pairs of a score and for how many findings it stands.
    """
    per_bin: list[list[ScoredVerdict]] = [[] for _ in grid]
    volume = [0.0 for _ in grid]
    for verdict in verdicts:
        place = bin_of(verdict.score, grid)
        if place is not None:
            per_bin[place].append(verdict)
    for score, stands_for in volumes:
        place = bin_of(score, grid)
        if place is not None:
            volume[place] += stands_for
    return tuple(_tally(said, v / days) for said, v in zip(per_bin, volume, strict=True))


def bin_of(score: float, grid: Sequence[float]) -> int | None:
    """Return the place of the highest grid score not above a score, or none."""
    places = [i for i, start in enumerate(grid) if score >= start - EPSILON]
    return places[-1] if places else None


def _tally(verdicts: Sequence[ScoredVerdict], per_day: float) -> Tally:
    return Tally(
        weight=sum(v.weight * v.count for v in verdicts),
        true=sum(v.weight * v.count for v in verdicts if v.is_true),
        squares=sum(v.weight**2 * v.count for v in verdicts),
        verdicts=sum(v.count for v in verdicts),
        said_true=sum(v.count for v in verdicts if v.is_true),
        per_day=per_day,
    )


def rising(values: Sequence[float], weights: Sequence[float]) -> tuple[float, ...]:
    """Return the closest sequence that never falls (pool adjacent violators)."""
    blocks: list[tuple[float, float, int]] = []  # mean, weight, length
    for value, weight in zip(values, weights, strict=True):
        blocks.append((value, max(weight, EPSILON), 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (mean, mass, length), (last, more, width) = blocks[-2], blocks[-1]
            pooled = (mean * mass + last * more) / (mass + more)
            blocks[-2:] = [(pooled, mass + more, length + width)]
    return tuple(mean for mean, _, length in blocks for _ in range(length))


def county_shares(county: Sequence[Tally]) -> tuple[float, ...]:
    """Return the share of true findings in each bin of the county, rising with the score.

    A bin with few verdicts leans on the county's mean, as with two verdicts more.
    """
    mass, true = sum(t.weight for t in county), sum(t.true for t in county)
    mean = (true + 1) / (mass + 2)
    shares = [(t.true + 2 * mean) / (t.weight + 2) for t in county]
    return rising(shares, [t.weight + 2 for t in county])


def camera_shares(
    camera: Sequence[Tally], county: Sequence[Tally], *, prior_verdicts: float
) -> tuple[float, ...]:
    """Return a camera's share in each bin, shrunk toward the county's."""
    prior = county_shares(county)
    effective = [_effective(t) for t in camera]
    strength = _split(prior_verdicts, camera, county)
    shares = [
        (_share(t) * n + m * p) / (n + m)
        for t, n, m, p in zip(camera, effective, strength, prior, strict=True)
    ]
    return rising(shares, [n + m for n, m in zip(effective, strength, strict=True)])


def _effective(tally: Tally) -> float:
    """How many equal verdicts the weighted ones are worth (Kish 1965)."""
    return tally.weight**2 / tally.squares if tally.squares else 0.0


def _share(tally: Tally) -> float:
    return tally.true / tally.weight if tally.weight else 0.0


def _split(total: float, camera: Sequence[Tally], county: Sequence[Tally]) -> list[float]:
    """Give the prior's verdicts to the bins as findings fall into them, none left without."""
    seen = [a.per_day + b.per_day + EPSILON for a, b in zip(camera, county, strict=True)]
    return [max(total * share / sum(seen), 0.5) for share in seen]


def curve(
    own: Sequence[Tally],
    county: Sequence[Tally],
    *,
    grid: Sequence[float],
    prior_verdicts: float,
    is_county: bool = False,
) -> Curve:
    """Return what is to be expected at each threshold of the grid; precision never falls."""
    shares = (
        county_shares(county)
        if is_county
        else camera_shares(own, county, prior_verdicts=prior_verdicts)
    )
    volumes = _volumes(own, county)
    points = tuple(
        _point(grid[i], own[i:], shares[i:], volumes[i:], prior=0 if is_county else prior_verdicts)
        for i in range(len(grid))
    )
    mass, squares = sum(t.weight for t in own), sum(t.squares for t in own)
    return Curve(
        points=points,
        verdicts=sum(t.verdicts for t in own),
        effective=mass**2 / squares if squares else 0.0,
    )


def _volumes(own: Sequence[Tally], county: Sequence[Tally]) -> list[float]:
    """How findings spread over the scores: the camera's own, a little of the county's beside."""
    whole = sum(t.per_day for t in county)
    total = sum(t.per_day for t in own)
    usual = [t.per_day / whole if whole else 1 / len(county) for t in county]
    lean = 0.1 * (total or 1.0)
    return [t.per_day + lean * share + EPSILON for t, share in zip(own, usual, strict=True)]


def _point(
    threshold: float,
    own: Sequence[Tally],
    shares: Sequence[float],
    volumes: Sequence[float],
    *,
    prior: float,
) -> CurvePoint:
    precision = sum(s * v for s, v in zip(shares, volumes, strict=True)) / sum(volumes)
    mass, squares = sum(t.weight for t in own), sum(t.squares for t in own)
    effective = mass**2 / squares if squares else 0.0
    low, high = _interval(precision, effective + prior)
    return CurvePoint(
        threshold=threshold,
        precision=precision,
        low=low,
        high=high,
        per_day=sum(t.per_day for t in own),
        verdicts=sum(t.verdicts for t in own),
        true=sum(t.said_true for t in own),
        effective=effective,
    )


def _interval(share: float, count: float) -> tuple[float, float]:
    """Wilson's interval for a share seen in so many equal verdicts; all is possible with none."""
    if count < 1:
        return 0.0, 1.0
    scale = round(count)
    return wilson_share(share, scale)


def wilson_share(share: float, count: int) -> tuple[float, float]:
    """Return Wilson's interval of a share that need not be a whole count."""
    found = wilson(share * count, count)  # type: ignore[arg-type]
    return found if found else (0.0, 1.0)


def choose(seen: Curve, limits: Limits, *, current: float | None, least: float) -> Choice:
    """Return the lowest threshold within the limits that is expected to reach the target.

    It never leaves the floor and the ceiling that a person approved, and one change moves it by
    no more than `most_step`. With too few verdicts it says so and chooses none.
    """
    allowed = [p for p in seen.points if limits.floor - EPSILON <= p.threshold]
    allowed = [p for p in allowed if p.threshold <= limits.ceiling + EPSILON]
    if not allowed:
        return Choice(value=None, reaches=False, point=None, why="允许范围内没有可选的阈值")
    if seen.effective < least:
        why = f"有效判定只有 {seen.effective:.0f} 件，不足 {least:.0f} 件，沿用现值"
        return Choice(value=None, reaches=False, point=None, why=why)
    enough = [p for p in allowed if p.precision >= limits.target - EPSILON]
    wanted = enough[0] if enough else allowed[-1]
    value = _stepped(wanted.threshold, current, limits)
    point = seen.at(value)
    return Choice(value=value, reaches=bool(enough), point=point, why=_why(wanted, point, limits))


def _stepped(wanted: float, current: float | None, limits: Limits) -> float:
    start = limits.floor if current is None else current
    low, high = start - limits.most_step, start + limits.most_step
    stepped = min(max(wanted, low), high)
    return round(min(max(stepped, limits.floor), limits.ceiling), 4)


def _why(wanted: CurvePoint, point: CurvePoint, limits: Limits) -> str:
    if wanted.precision < limits.target - EPSILON:
        head = f"上限 {limits.ceiling:.2f} 内达不到目标 {limits.target:.0%}"
    else:
        head = f"{wanted.threshold:.2f} 起预计达到目标 {limits.target:.0%}"
    if abs(wanted.threshold - point.threshold) > EPSILON:
        head += f"，一次最多调整 {limits.most_step:.2f}"
    return f"{head}；{point.threshold:.2f} 处预计 {point.precision:.0%}（{point.low:.0%}–{point.high:.0%}）"
