"""Thresholds, the policies behind them, parked findings and drift."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "vision.finding-parked",
    label="压下抓拍",
    say="置信度 {score:.2f} 低于识别阈值 {threshold:.2f}，压下待查",
)
@dataclass(frozen=True, kw_only=True)
class FindingParked:
    """Below the published threshold: kept and counted, but not put on the desk."""

    finding_id: str
    camera: str
    kind: str
    score: float
    threshold: float


@event("vision.finding-brought-up", label="调出复核", say="调出压下的抓拍复核")
@dataclass(frozen=True, kw_only=True)
class FindingBroughtUp:
    finding_id: str
    camera: str
    kind: str


@event(
    "vision.score-policy-published",
    label="公布阈值办法",
    say="公布{kind_label}阈值办法《{title}》（{document}）：{text}",
)
@dataclass(frozen=True, kw_only=True)
class ScorePolicyPublished:
    """Whoever publishes answers for what the machine does under it."""

    kind: str
    kind_label: str
    title: str
    document: str
    answerable: str
    text: str


@event("vision.score-policy-ended", label="废止阈值办法", say="废止{kind_label}阈值办法《{title}》")
@dataclass(frozen=True, kw_only=True)
class ScorePolicyEnded:
    kind: str
    kind_label: str
    title: str


@dataclass(frozen=True, kw_only=True)
class OfThreshold:
    """Which version of which threshold an event speaks of."""

    kind: str
    kind_label: str
    camera: str
    place: str
    version: int
    value: float


@event(
    "vision.threshold-proposed",
    label="提出识别阈值",
    say="{place}{kind_label}识别阈值第{version}版建议 {value:.2f}（原 {previous_text}）：{why}",
)
@dataclass(frozen=True, kw_only=True)
class ThresholdProposed(OfThreshold):
    previous_text: str
    why: str


@event(
    "vision.threshold-published",
    label="发布识别阈值",
    say="{place}{kind_label}识别阈值第{version}版 {value:.2f}（原 {previous_text}）{basis}：{why}",
)
@dataclass(frozen=True, kw_only=True)
class ThresholdPublished(OfThreshold):
    """`answerable` is who answers for it: the person, or the publisher of the policy behind it."""

    previous_text: str
    basis: str
    why: str
    answerable: str
    is_automatic: bool


@event(
    "vision.threshold-declined",
    label="不采纳识别阈值",
    say="{place}{kind_label}识别阈值第{version}版 {value:.2f} 未采纳：{reason}",
)
@dataclass(frozen=True, kw_only=True)
class ThresholdDeclined(OfThreshold):
    reason: str


@dataclass(frozen=True, kw_only=True)
class OfDrift:
    """What went astray of one camera's category."""

    camera: str
    kind: str
    kind_label: str
    what: str
    what_label: str


@event(
    "vision.drift-raised", label="漂移告警", say="摄像头{camera}{kind_label}：{what_label}，{text}"
)
@dataclass(frozen=True, kw_only=True)
class DriftRaised(OfDrift):
    text: str


@event("vision.drifts-raised", label="识别漂移", say="{count} 处识别漂移：{text}")
@dataclass(frozen=True, kw_only=True)
class DriftsRaised:
    """What one day's sum raised, told at once to those who may change thresholds."""

    count: int
    text: str


@event("vision.drift-ended", label="漂移解除", say="摄像头{camera}{kind_label}：{what_label}已解除")
@dataclass(frozen=True, kw_only=True)
class DriftEnded(OfDrift):
    """What went astray keeps to its bounds again."""


@event(
    "vision.training-exported",
    label="导出训练集",
    say="导出训练集 {findings} 件（{pictures_label}）{reason_text}",
)
@dataclass(frozen=True, kw_only=True)
class TrainingExported:
    findings: int
    query: str
    pictures: str
    pictures_label: str
    reason_text: str
