"""The chain of custody: everything that happens to a file."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event("evidence.stored", label="存入", say="存入 {file_name}（{media_type}，{size} 字节）")
@dataclass(frozen=True, kw_only=True)
class EvidenceStored:
    sha256: str
    file_name: str
    media_type: str
    size: int


@event("evidence.attached", label="附入", say="附入 {subject}，作为{label}")
@dataclass(frozen=True, kw_only=True)
class EvidenceAttached:
    sha256: str
    subject: str
    role: str
    label: str


@event("evidence.read", label="调阅原件", say="调阅原件，事由：{reason}")
@dataclass(frozen=True, kw_only=True)
class EvidenceRead:
    sha256: str
    reason: str


@event(
    "evidence.redacted",
    label="遮挡",
    say="公开副本遮挡人脸 {faces} 处、头部 {heads} 处、车牌 {plates} 处、车身下部 {bands} 处（{method}）",
)
@dataclass(frozen=True, kw_only=True)
class EvidenceRedacted:
    """Copies hide what was found from now on; the original is untouched."""

    sha256: str
    method: str
    faces: int
    heads: int
    plates: int
    bands: int


@event("evidence.redaction-failed", label="无法遮挡", say="没有做成遮挡副本：{reason}")
@dataclass(frozen=True, kw_only=True)
class RedactionFailed:
    """Copies stay coarse sketches."""

    sha256: str
    reason: str


@event(
    "evidence.copy-marked", label="增加遮挡", say="在公开副本上手工增加一处遮挡，共 {parts} 处手工"
)
@dataclass(frozen=True, kw_only=True)
class CopyMarked:
    sha256: str
    parts: int


@event(
    "evidence.copy-uncovered", label="取消遮挡", say="取消公开副本上的第 {number} 处遮挡：{reason}"
)
@dataclass(frozen=True, kw_only=True)
class CopyUncovered:
    sha256: str
    number: int
    reason: str


@event("evidence.erased", label="到期清除", say="随 {subject} 清除文件内容：{reason}")
@dataclass(frozen=True, kw_only=True)
class EvidenceErased:
    """The bytes went by the rules of retention; their hash and their custody stay."""

    sha256: str
    subject: str
    reason: str


@event("evidence.found-broken", label="核验异常", say="核验发现：{reason}")
@dataclass(frozen=True, kw_only=True)
class EvidenceFoundBroken:
    sha256: str
    reason: str
