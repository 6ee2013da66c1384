"""Values of the evidence store."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chengzhi.accounts.types import Actor

CanSee = Callable[[Actor, str], bool]
"""Answers whether the actor may see a subject such as "workorder:12"."""

Progress = Callable[[int, int], None]
"""Told (files done, files in all) while a long walk goes on."""


class FileRole(StrEnum):
    """What a file shows in its record (domain.md 1.5: photo types)."""

    NEAR = "near"
    FAR = "far"
    REFERENCE = "reference"
    BEFORE = "before"
    AFTER = "after"
    STILL_FIRST = "still_first"
    STILL_DWELL = "still_dwell"
    STILL_CONFIRM = "still_confirm"
    FINDING = "finding"
    VERIFY = "verify"
    CHECK = "check"
    CLIP = "clip"
    DOCUMENT = "document"


FILE_ROLE_LABELS: dict[FileRole, str] = {
    FileRole.NEAR: "近景",
    FileRole.FAR: "远景",
    FileRole.REFERENCE: "参照物",
    FileRole.BEFORE: "处置前",
    FileRole.AFTER: "处置后",
    FileRole.STILL_FIRST: "首次出现",
    FileRole.STILL_DWELL: "达到时长",
    FileRole.STILL_CONFIRM: "确认时刻",
    FileRole.FINDING: "抓拍静帧",
    FileRole.VERIFY: "核实",
    FileRole.CHECK: "核查",
    FileRole.CLIP: "录像",
    FileRole.DOCUMENT: "文件",
}


class Variant(StrEnum):
    """Which copy of a file: the public one, a small one, or the bytes as they came."""

    PUBLISHED = "published"
    THUMBNAIL = "thumbnail"
    ORIGINAL = "original"


class HidingState(StrEnum):
    """How far the search for faces and plates in a file is (遮挡状态)."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


HIDING_STATE_LABELS: dict[HidingState, str] = {
    HidingState.WAITING: "待查找",
    HidingState.DONE: "已遮挡",
    HidingState.FAILED: "无法遮挡",
}

REGION_KIND_LABELS: dict[str, str] = {
    "face": "人脸",
    "head": "头部",
    "plate": "车牌",
    "band": "车身下部",
    "hand": "手工",
}


@dataclass(frozen=True, kw_only=True)
class HiddenPart:
    """One part that a copy hides: shares of the upright picture, in percent for a page."""

    number: int
    kind: str
    box: tuple[float, float, float, float]
    is_lifted: bool = False

    @property
    def label(self) -> str:
        return REGION_KIND_LABELS.get(self.kind, self.kind)

    @property
    def percent(self) -> tuple[float, float, float, float]:
        x, y, w, h = self.box
        return (round(x * 100, 2), round(y * 100, 2), round(w * 100, 2), round(h * 100, 2))


@dataclass(frozen=True, kw_only=True)
class Hiding:
    """How a file is redacted: what looked, what it found, what people corrected."""

    state: HidingState
    method: str
    revision: int
    found: tuple[HiddenPart, ...]
    added: tuple[HiddenPart, ...]

    @property
    def state_label(self) -> str:
        return HIDING_STATE_LABELS[self.state]

    @property
    def is_done(self) -> bool:
        return self.state is HidingState.DONE

    @property
    def part_count(self) -> int:
        return len(self.found) + len(self.added)


class MediaKind(StrEnum):
    """How a file is checked and shown."""

    IMAGE = "image"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True, kw_only=True)
class MediaType:
    """A type of file that may be stored, with its limits."""

    name: str
    kind: MediaKind
    extension: str
    most_bytes: int
    most_pixels: int = 0


@dataclass(frozen=True, kw_only=True)
class Taken:
    """When and where the device says a picture was taken; WGS-84 degrees as EXIF holds them."""

    at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What the content check found."""

    media_type: MediaType
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    taken: Taken = Taken()


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file as other contexts see it; `role` is empty where it is not asked for by subject."""

    sha256: str
    media_type: str
    size: int
    role: str
    captured_at: datetime | None
    stored_at: datetime
    name: str
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, kw_only=True)
class Served:
    """A copy of a file, ready to be answered to a browser."""

    key: str
    media_type: str
    size: int
    name: str
    is_attachment: bool


@dataclass(frozen=True, kw_only=True)
class ManifestRow:
    """One file of a subject with everything that proves it."""

    sha256: str
    role: str
    name: str
    media_type: str
    size: int
    captured_at: str
    stored_at: str
    stored_by: str
    attached_at: str
    attached_by: str

    @property
    def label(self) -> str:
        """The role in words."""
        return FILE_ROLE_LABELS[FileRole(self.role)]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The files of a subject and one digest over all of them (证据清单)."""

    subject: str
    algorithm: str
    rows: tuple[ManifestRow, ...]
    digest: str


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A stored file that is missing, or whose bytes are no longer those that were stored."""

    sha256: str
    name: str
    reason: str
