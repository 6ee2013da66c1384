"""Rules in words, as the desk and the camera page print them."""

from datetime import datetime

from chengzhi.standards import current
from chengzhi.vision.types import RuleSpec

WEEKDAYS = "一二三四五六日"
#: What a rule may leave out, in the words of the detectors.
DETECTOR_LABELS = {
    "car": "轿车",
    "bus": "客车",
    "truck": "货车",
    "bicycle": "自行车",
    "motorcycle": "摩托车、电动车",
}


def kind_label(kind: str) -> str:
    """Return a finding's kind in Chinese; a code this version does not know stands for itself."""
    versions = current().findings_by_kind.get(kind)
    return versions[-1].name if versions else kind


def matter_of(kind: str) -> str:
    """Return the code of the matter that a kind of finding is reported under; empty: none known."""
    versions = current().findings_by_kind.get(kind)
    return versions[-1].matter_code if versions else ""


def label_text(label: str) -> str:
    """Return a detector's word in Chinese; one that is not known stands for itself."""
    return DETECTOR_LABELS.get(label, label)


def duration_text(seconds: float) -> str:
    """Return a dwell in the largest units that keep it whole: 20分, 1小时30分, 45秒."""
    hours, rest = divmod(round(seconds), 3600)
    minutes, left = divmod(rest, 60)
    parts = ((hours, "小时"), (minutes, "分"), (left, "秒"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0秒"


def moment_text(at: datetime) -> str:
    """Return a moment of the county's clock to the second, as events say it."""
    return f"{at:%Y-%m-%d %H:%M:%S}"


def clock_text(seconds: float) -> str:
    """Return a dwell as a stopwatch shows it: 0:00, 20:00, 1:02:03."""
    minutes, left = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def rule_text(rule: RuleSpec, *, zone: str) -> str:
    """Return one rule as a sentence: when, how long, where."""
    return f"{when_text(rule)}，区域“{zone}”"


def when_text(rule: RuleSpec) -> str:
    """Return when a rule holds and how long a thing must stand."""
    days = f"{days_text(''.join(str(day) for day in rule.weekdays))} " if rule.weekdays else ""
    hours = "、".join(span_text(span) for span in rule.hours) or "全天"
    return f"{days}{hours} 停留 ≥ {duration_text(rule.dwell_s)}"


def days_text(days: str) -> str:
    """Return weekdays such as "12345" in words."""
    return f"周{'、'.join(WEEKDAYS[int(day) - 1] for day in days)}"


def span_text(span: str) -> str:
    """Return "67/09:00-18:00" in words."""
    days, _, hours = span.rpartition("/")
    return (f"{days_text(days)} " if days else "") + hours.replace("-", "–")
