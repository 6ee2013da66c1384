"""A training set: findings with what people said of them."""

from dataclasses import dataclass
from enum import StrEnum


class Pictures(StrEnum):
    """Which pictures leave the house with the verdicts."""

    REDACTED = "redacted"
    ORIGINAL = "original"
    NONE = "none"


PICTURE_LABELS: dict[str, str] = {
    Pictures.REDACTED: "遮挡过的图片",
    Pictures.ORIGINAL: "原图（每张留痕）",
    Pictures.NONE: "不含图片",
}


@dataclass(frozen=True, kw_only=True)
class TrainingRow:
    """One reviewed finding; who reviewed it is no part of it."""

    id: int
    finding_id: str
    camera: str
    kind: str
    matter_code: str
    zone: str
    bbox: tuple[float, float, float, float]  # in pixels of the original
    score: float
    model: str
    model_version: str
    verdict: str  # true, false, duplicate
    reason: str
    blames: str
    note: str
    alarm_at: str
    explored: bool
    shown_share: float
    original: str  # sha256 of the annotated picture, or ""
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class TrainingPicture:
    """A picture as it lies in the set."""

    name: str
    sha256: str
    width: int
    height: int
    state: str  # redacted or original
