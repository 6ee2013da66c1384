"""Whether a camera's findings went astray: precision below its target, or a jump in number."""

from collections.abc import Sequence
from math import exp, lgamma, log

from chengzhi.vision.rules.calibration_settings import CalibrationSettings
from chengzhi.vision.types import Drift, DriftKind


def binomial_tail(true: int, count: int, share: float) -> float:
    """Return how likely at most so many true verdicts are, if `share` of all were true."""
    return sum(_binomial(k, count, share) for k in range(true + 1))


def _binomial(k: int, n: int, p: float) -> float:
    if p in (0.0, 1.0):
        return float(k == round(n * p))
    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log1m(p))


def log1m(share: float) -> float:
    """Return the logarithm of one minus a share."""
    return log(1 - share)


def poisson_tail(count: int, mean: float) -> float:
    """Return how likely so many or more are, if `mean` were usual."""
    if mean <= 0:
        return 0.0 if count else 1.0
    below = sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(count))
    return max(0.0, 1 - below)


def cusum(verdicts: Sequence[bool], *, good: float, bad: float) -> float:
    """Return where a Bernoulli CUSUM stands after these verdicts, oldest first (Page 1954).

    It adds up the evidence for `bad` against `good` and never owes any: it is zero after good
    times, and grows with every false alarm.
    """
    stands = 0.0
    for is_true in verdicts:
        step = log(bad / good) if is_true else log(log_ratio(bad, good))
        stands = max(0.0, stands + step)
    return stands


def log_ratio(bad: float, good: float) -> float:
    """Return by how much likelier a false finding is in bad times."""
    return (1 - bad) / (1 - good)


def drifts(
    verdicts: Sequence[bool],
    *,
    recent: int,
    before: int,
    target: float,
    settings: CalibrationSettings,
) -> tuple[Drift, ...]:
    """Return the alarms: `verdicts` oldest first, findings of the recent days and of those before."""
    found = [
        _precision(verdicts[-settings.drift_last :], target, settings),
        _trend(verdicts[-settings.drift_last :], target, settings),
        _volume(recent, before, settings),
    ]
    alarms = [alarm for alarm in found if alarm is not None]
    has_precision = any(alarm.kind is DriftKind.PRECISION for alarm in alarms)
    return tuple(a for a in alarms if not (has_precision and a.kind is DriftKind.TREND))


def _precision(
    verdicts: Sequence[bool], target: float, settings: CalibrationSettings
) -> Drift | None:
    count, true = len(verdicts), sum(verdicts)
    if count < settings.drift_least:
        return None
    chance = binomial_tail(true, count, target)
    if chance >= settings.drift_alpha:
        return None
    text = f"最近 {count} 件判定只有 {true} 件属实（{true / count:.0%}），目标 {target:.0%}，"
    return Drift(kind=DriftKind.PRECISION, text=text + f"偶然如此的可能不到 {ceil_percent(chance)}")


def ceil_percent(chance: float) -> str:
    """Return a small chance in words that never say less than it is."""
    return next((f"{step:g}%" for step in (0.01, 0.1, 1.0) if chance * 100 <= step), "5%")


def _trend(verdicts: Sequence[bool], target: float, settings: CalibrationSettings) -> Drift | None:
    good = min(target, 0.99)
    bad = max(good - settings.cusum_drop, 0.01)
    stands = cusum(verdicts, good=good, bad=bad)
    if len(verdicts) < settings.drift_least or stands < settings.cusum_limit:
        return None
    text = f"判定连续偏离目标 {target:.0%}，累积和 {stands:.1f} 超过 {settings.cusum_limit:g}"
    return Drift(kind=DriftKind.TREND, text=text)


def _volume(recent: int, before: int, settings: CalibrationSettings) -> Drift | None:
    """Compare the recent days with the four times as many before them."""
    usual = before / 4
    if before < 8 or recent < settings.volume_ratio * usual:
        return None
    if poisson_tail(recent, usual) >= settings.volume_alpha:
        return None
    days = settings.volume_days
    text = f"最近 {days} 天 {recent} 件，此前平均每 {days} 天 {usual:.1f} 件"
    return Drift(kind=DriftKind.VOLUME, text=text)
